"""The course's contents, and finding a step by what somebody wrote behind /learn."""

import unicodedata
from html import escape
from typing import Final

from bot.course.steps import STEPS, Step, step_named
from bot.replies.texts import Language, texts
from bot.replies.texts.learn import learn_texts

_LONGEST_ECHO: Final = 20


def contents_text(step: Step | None, language: Language) -> str:
    """All steps with their numbers, the one that is shown in bold: HTML."""
    words = texts(language).learn
    lines = [words.contents]
    for number, each in enumerate(STEPS, start=1):
        line = words.contents_line.format(number=number, title=escape(each.words(learn_texts(language)).title))
        lines.append(f"<b>{line}</b>" if each is step else line)
    return f"{lines[0]}\n\n" + "\n".join(lines[1:])


def no_such_step_text(asked: str, language: Language) -> str:
    """Say that there is no such step, and which there are: HTML."""
    shown = asked if len(asked) <= _LONGEST_ECHO else f"{asked[:_LONGEST_ECHO]}…"
    said = texts(language).learn.no_such_step.format(asked=escape(shown), total=len(STEPS))
    return f"{said}\n\n{contents_text(None, language)}"


def step_asked(asked: str) -> Step | None:
    """The step that a number from 1 or a name means; None when there is none."""
    asked = unicodedata.normalize("NFKC", asked).strip().lower()
    if asked.isascii() and asked.isdigit():
        number = int(asked[:4])
        return STEPS[number - 1] if 1 <= number <= len(STEPS) else None
    return step_named(asked)
