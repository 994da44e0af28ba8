"""Why test accuracy is lower: someone who has only seen sneakers meets a high heel."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.recorded_runs import CourseNetwork, RecordedRun
from bot.course.steps.lesson import LabelledImages, Lesson, Slide, recorded
from bot.course.steps.page import INNER, SMALL, TOP, Page
from bot.datasets import as_pixels
from bot.replies.cards.canvas import AMBER, GREEN, INK, MARGIN, MUTED, PANEL, RED, TEAL, WIDTH
from bot.replies.numerals import percent, points_between
from bot.vision.labels import SNEAKER

HEEL: Final = 384
"""Number of a test image of a sandal with a high heel, picked by eye."""

SEARCHED: Final = 200
_SNEAKERS: Final = 6
_WRONG: Final = 6
_SCALE: Final = 5
_SIDE: Final = 28 * _SCALE
_BIG: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """A high heel, and what is most like it among sneakers.

    Attributes:
        nearest: index of the sneaker that differs least from the heel, pixel by pixel.
        wrong: indices of the first test images that the network gets wrong.
        said: what it says about them.
    """

    nearest: int
    wrong: NDArray[np.intp]
    said: NDArray[np.intp]


def slide(lesson: Lesson) -> Slide:
    """Let the heel meet the sneakers, and compare the two accuracies of the recorded run."""
    words, run, test = lesson.words.gap, recorded(lesson.materials.lessons.short), lesson.test
    met = meet(lesson.network, test)
    last = run.last
    text = words.text.format(
        train=percent(last.accuracy),
        test=percent(last.test_accuracy),
        points=points_between(last.accuracy, last.test_accuracy),
        heel=lesson.name_of(int(test.labels[test.place(HEEL)])),
    )
    short = lesson.words.short_names
    mistakes = lesson.words.frame.list_separator.join(
        words.mistake.format(actual=short[int(test.labels[index])], said=short[int(said)])
        for index, said in zip(met.wrong[:3], met.said[:3], strict=True)
    )
    return Slide(_draw(lesson, met, run).jpeg(), text, words.picture.format(mistakes=mistakes))


def meet(network: CourseNetwork, test: LabelledImages) -> Meeting:
    """Find the sneaker most like the heel, and the network's first mistakes."""
    sneakers = np.flatnonzero(test.labels == SNEAKER)
    heel = test.images[test.place(HEEL)].astype(np.float32)
    distances = np.abs(test.images[sneakers] - heel).mean(axis=(1, 2))
    pixels = as_pixels(test.images[:SEARCHED])
    said = network.scores(pixels).argmax(axis=1)
    wrong = np.flatnonzero(said != test.labels[:SEARCHED])[:_WRONG]
    return Meeting(int(sneakers[distances.argmin()]), wrong, said[wrong])


def _draw(lesson: Lesson, met: Meeting, run: RecordedRun) -> Page:
    words, test = lesson.words.gap, lesson.test
    big = 28 * _BIG
    page = Page(lesson, 52 + _SIDE + 70 + big + 70 + 58 + _SIDE + 96 + 140)
    gap = (INNER - _SNEAKERS * _SIDE) / (_SNEAKERS - 1)
    page.text((MARGIN, TOP + 18), words.seen, 32, INK, bold=True, within=INNER)
    top = TOP + 52
    for column, index in enumerate(np.flatnonzero(test.labels == SNEAKER)[:_SNEAKERS]):
        page.pixels(test.images[index], (MARGIN + column * (_SIDE + gap), top), _SCALE)

    top += _SIDE + 62
    page.text((MARGIN, top - 24), words.meets, 32, INK, bold=True, within=INNER)
    top += 8
    page.pixels(test.images[test.place(HEEL)], (MARGIN, top), _BIG)
    page.text((MARGIN + big + 44, top + big / 2), words.most_like, 30, MUTED, within=270)
    page.arrow((MARGIN + big + 40, top + big / 2 + 44), (MARGIN + big + 310, top + big / 2 + 44))
    page.pixels(test.images[met.nearest], (MARGIN + big + 340, top), _BIG)
    page.paragraph(
        (MARGIN + 2 * big + 370, top + 80), words.no_match, 32, WIDTH - 2 * MARGIN - 2 * big - 370, RED, bold=True
    )

    top += big + 62
    page.text((MARGIN, top - 20), words.mistakes, 32, INK, bold=True, within=INNER)
    top += 16
    short = lesson.words.short_names
    for column, (index, said) in enumerate(zip(met.wrong, met.said, strict=True)):
        left = MARGIN + column * (_SIDE + gap)
        page.pixels(test.images[index], (left, top), _SCALE)
        middle = left + _SIDE / 2
        page.text(
            (middle, top + _SIDE + 24),
            f"✓{short[int(test.labels[index])]}",
            SMALL,
            GREEN,
            bold=True,
            anchor="mm",
            within=_SIDE + 20,
        )
        page.text(
            (middle, top + _SIDE + 58), f"×{short[int(said)]}", SMALL, RED, bold=True, anchor="mm", within=_SIDE + 20
        )

    top += _SIDE + 108
    frame = lesson.words.frame
    for name, value, colour in ((frame.train, run.last.accuracy, TEAL), (frame.test, run.last.test_accuracy, AMBER)):
        page.text((MARGIN, top + 26), name, 32, INK, bold=True, within=200)
        page.bar((MARGIN + 220, top + 4, WIDTH - MARGIN - 140, top + 48), value, colour, PANEL)
        page.text((WIDTH - MARGIN, top + 26), percent(value), 36, colour, bold=True, anchor="rm")
        top += 76
    return page
