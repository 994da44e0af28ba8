"""A step's lines of the course's program in a message, and all of them as a notebook."""

import re
from html import escape, unescape
from typing import Final

from bot.course.notebook import Section, notebook
from bot.course.printed import OUTPUTS
from bot.course.program import EPOCHS, STEPS, code_of
from bot.course.recorded_runs import TEST_IMAGES, TRAIN_IMAGES, Lessons
from bot.course.steps import Materials, Step, heading, place_of, step_named
from bot.course.steps.lesson import Lesson, Missing
from bot.course.steps.outputs import output_of, steps_of
from bot.replies.numerals import count, percent
from bot.replies.texts import Language
from bot.replies.texts.code import code_texts
from bot.replies.texts.learn import learn_texts
from bot.replies.words import class_name, size, spaced
from bot.vision.labels import CLASS_COUNT

NOTEBOOK_NAME: Final = "fashion_mnist.ipynb"
_BATCH: Final = 32
"""Images a step where ``fit`` and ``evaluate`` are told nothing else: https://keras.io/api/models/model_training_apis/."""

_TAGS: Final = {"code": "`", "b": "**", "i": "*"}
_IETF: Final = {Language.ZH_HANT: "zh-Hant", Language.EN: "en"}


def code_text(step: Step, materials: Materials, language: Language) -> str:
    """What the lines of a step do, the lines, what they print, and what the course's text shows: HTML; blocks."""
    words = code_texts(language)
    parts = [heading(step, language), note(step.name, language), _code(lines(step.name, language))]
    lesson = Lesson(step.words(learn_texts(language)).title, place_of(step) + 1, len(STEPS), language, materials)
    try:
        output = output_of(step.name, lesson)
    except Missing:
        output = None
    if output is not None:
        parts.append(f"{words.recorded if output.is_recorded else words.printed}\n{_screen(output.lines)}")
    if step.name in OUTPUTS:
        parts.append(f"{words.quoted}\n{_screen(OUTPUTS[step.name])}")
    return "\n\n".join(parts).replace("</pre>\n\n", "</pre>\n")  # a block makes room around itself


def lines(step: str, language: Language) -> str:
    """The Python of a step, by its name."""
    names = [class_name(label, language) for label in range(CLASS_COUNT)]
    return code_of(step, names, code_texts(language).stopped)


def note(step: str, language: Language) -> str:
    """What the lines of a step do, by its name: HTML."""
    return spaced(
        code_texts(language)
        .notes[step]
        .format(
            train=count(TRAIN_IMAGES),
            test=count(TEST_IMAGES),
            total=count(TRAIN_IMAGES + TEST_IMAGES),
            batch=_BATCH,
            steps=count(steps_of(TRAIN_IMAGES, _BATCH)),
            test_steps=count(steps_of(TEST_IMAGES, _BATCH)),
            epochs=EPOCHS,
            long=10 * EPOCHS,
        )
    )


def tflite_text(lessons: Lessons, language: Language) -> str | None:
    """What the recorded network is, as it is sent: HTML; None where it is not recorded."""
    run = lessons.short
    if lessons.tflite is None or run is None:
        return None
    return code_texts(language).tflite_sent.format(
        epochs=run.last.number,
        train=percent(run.last.accuracy),
        test=percent(run.last.test_accuracy),
        size=size(len(lessons.tflite)),
    )


def notebook_file(language: Language) -> bytes:
    """The whole program with its explanations, step by step."""
    sections = []
    for number, name in enumerate(STEPS, start=1):
        step = step_named(name)
        assert step is not None  # a test compares the two lists
        title = step.words(learn_texts(language)).title
        sections.append(
            Section(name, f"## {number}. {title}\n\n{_markdown(note(name, language))}", lines(name, language))
        )
    return notebook(code_texts(language).notebook_title, sections, _IETF[language])


def _code(code: str) -> str:
    return f'<pre><code class="language-python">{escape(code, quote=False)}</code></pre>'


def _screen(printed: str) -> str:
    return f"<pre>{escape(printed, quote=False)}</pre>"


def _markdown(html: str) -> str:
    """The little HTML of our texts as Markdown."""
    marked = re.sub("</?(code|b|i)>", lambda tag: _TAGS[tag[1]], html)
    return re.sub("^・", "- ", unescape(marked), flags=re.MULTILINE).replace("\n• ", "\n- ")
