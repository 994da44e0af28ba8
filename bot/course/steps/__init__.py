"""The course in a chat: a module a step, each of which gives a picture and a text with real numbers.

:data:`STEPS` has their order and names; :func:`slide` makes one. What a step needs may be missing (test images,
recorded runs, a model): then its text goes without figures and says so, and its picture is an empty sheet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final

from bot.course.steps import (
    callback,
    clicking,
    data,
    flatten,
    gap,
    hidden,
    loss,
    neuron,
    normalise,
    overfitting,
    photos,
    pixels,
    result,
    rules,
    softmax,
    tflite,
    training,
    width,
)
from bot.course.steps.lesson import Lesson, Materials, Missing, Slide
from bot.course.steps.page import TOP, Page
from bot.course.steps.without_figures import without_figures
from bot.replies.cards.canvas import MARGIN, MUTED, PANEL, WIDTH
from bot.replies.messages import learn_place_text
from bot.replies.texts import Language, texts
from bot.replies.texts.learn import LearnTexts, learn_texts
from bot.replies.texts.learn_catalogue import Step as StepTexts
from bot.replies.words import aside, spaced

__all__ = [
    "STEPS",
    "Card",
    "Materials",
    "Step",
    "card",
    "heading",
    "place_of",
    "prompt",
    "step_headed",
    "step_named",
    "takes_photo_from",
]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the course.

    Attributes:
        name: in buttons.
        make: draws and words it.
        words: its texts.
        takes_photo: whether it can be about the person's own photo.
    """

    name: str
    make: Callable[[Lesson], Slide]
    words: Callable[[LearnTexts], StepTexts]
    takes_photo: bool = False


STEPS: Final[tuple[Step, ...]] = (
    Step("start", rules.slide, lambda words: words.rules),
    Step("data", data.slide, lambda words: words.data),
    Step("pixels", pixels.slide, lambda words: words.pixels, takes_photo=True),
    Step("normalise", normalise.slide, lambda words: words.normalise, takes_photo=True),
    Step("neuron", neuron.slide, lambda words: words.neuron),
    Step("flatten", flatten.slide, lambda words: words.flatten, takes_photo=True),
    Step("hidden", hidden.slide, lambda words: words.hidden, takes_photo=True),
    Step("width", width.slide, lambda words: words.width),
    Step("softmax", softmax.slide, lambda words: words.softmax, takes_photo=True),
    Step("loss", loss.slide, lambda words: words.loss),
    Step("training", training.slide, lambda words: words.training),
    Step("gap", gap.slide, lambda words: words.gap),
    Step("result", result.slide, lambda words: words.result, takes_photo=True),
    Step("overfitting", overfitting.slide, lambda words: words.overfitting),
    Step("callback", callback.slide, lambda words: words.callback),
    Step("tflite", tflite.slide, lambda words: words.tflite),
    Step("page", clicking.slide, lambda words: words.clicking),
    Step("photos", photos.slide, lambda words: words.photos, takes_photo=True),
)
"""The course, in the order of its text; ``start`` is the first because /start's button names it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A step as it is sent.

    Attributes:
        image: JPEG.
        caption: HTML.
    """

    image: bytes
    caption: str


def step_named(name: str) -> Step | None:
    """The step with this name."""
    return next((step for step in STEPS if step.name == name), None)


def place_of(step: Step) -> int:
    """Where it stands in the course, from 0."""
    return STEPS.index(step)


def takes_photo_from(step: Step) -> Step:
    """The step itself, or the next one that can be about a photo."""
    return next(each for each in STEPS[place_of(step) :] if each.takes_photo)


def step_headed(text: str) -> Step | None:
    """The step whose heading a text begins with, in any language; the text is plain, as Telegram gives it back."""
    return next((step for step in STEPS for language in Language if _is_headed(text, step, language)), None)


def _is_headed(text: str, step: Step, language: Language) -> bool:
    """Whether a text begins with a step's title in a line of its own; in older messages its place stands behind it."""
    title = step.words(learn_texts(language)).title
    return text.startswith((f"{title}\n", f"{title}（", f"{title} ("))


def prompt(step: Step, language: Language) -> str:
    """Ask for a photo to try a step with: HTML, headed as the step is, so that the answer tells its step."""
    return f"{heading(step, language)}\n\n{texts(language).learn.try_it}"


def heading(step: Step, language: Language) -> str:
    """The first lines of a step's caption, its title and its place: HTML."""
    place = learn_place_text(place_of(step) + 1, len(STEPS), language)
    words = learn_texts(language)
    return words.frame.heading.format(title=escape(step.words(words).title), place=place)


def card(step: Step, materials: Materials, language: Language) -> Card:
    """Draw and word a step; blocks."""
    words = learn_texts(language)
    title = step.words(words).title
    lesson = Lesson(title, place_of(step) + 1, len(STEPS), language, materials)
    try:
        made = step.make(lesson)
    except Missing as missing:
        said: str = getattr(words.frame, missing.need.value)
        explained = without_figures(step.name, step.words(words).text, lesson)
        return Card(_empty(lesson), "\n\n".join((heading(step, language), explained, aside(said, lesson.language))))
    picture = words.frame.picture.format(picture=made.picture)
    parts = [heading(step, language), made.text.strip(), picture]
    if step is STEPS[-1]:
        parts.append(texts(language).learn.finished)
    return Card(made.image, spaced("\n\n".join(parts)))


def _empty(lesson: Lesson) -> bytes:
    """A sheet that says that it has no picture."""
    page = Page(lesson, 300)
    page.box((MARGIN, TOP, WIDTH - MARGIN, TOP + 300), PANEL, radius=20)
    page.text((WIDTH / 2, TOP + 150), lesson.words.frame.missing, 36, MUTED, anchor="mm", within=WIDTH - 4 * MARGIN)
    return page.jpeg()
