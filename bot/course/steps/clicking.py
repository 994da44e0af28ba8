"""The course's page: 25 test images, one of them clicked, with what the live model says of it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.recorded_runs import TEST_IMAGES
from bot.course.steps.lesson import Lesson, Slide
from bot.course.steps.page import INNER, SMALL, TOP, Page
from bot.datasets import as_pixels
from bot.replies.cards.canvas import AMBER, GREEN, INK, LINE, MARGIN, PANEL, QUIET_BAR, RED, WIDTH
from bot.replies.numerals import count, percent_of_permille, permille

SIDE: Final = 5
"""Images in a row, and rows."""

SHOWN: Final = SIDE * SIDE
_SCALE: Final = 4
_CELL: Final = 28 * _SCALE
_GAP: Final = 10
_SHEET: Final = SIDE * _CELL + (SIDE - 1) * _GAP
_LARGE: Final = 11
_ROW: Final = 52


@dataclass(frozen=True, slots=True, eq=False)
class Click:
    """A page and what was clicked on it.

    Attributes:
        places: of its images among those at hand.
        position: which of them was clicked, from 0.
        shares: ten probabilities of that one, in tenths of a percent.
        predicted: the most probable class.
        actual: its label.
    """

    places: NDArray[np.intp]
    position: int
    shares: tuple[int, ...]
    predicted: int
    actual: int


def slide(lesson: Lesson) -> Slide:
    """Choose 25 images and click on one."""
    words, click = lesson.words.clicking, clicked(lesson)
    text = words.text.format(
        total=count(TEST_IMAGES),
        images=len(click.places),
        predicted=lesson.name_of(click.predicted),
        share=percent_of_permille(click.shares[click.predicted]),
        actual=lesson.name_of(click.actual),
        verdict=words.right if click.predicted == click.actual else words.wrong,
    )
    shares = lesson.words.frame.list_separator.join(
        f"{lesson.words.short_names[label]} {percent_of_permille(share)}" for label, share in enumerate(click.shares)
    )
    picture = words.picture.format(images=len(click.places), place=click.position + 1, shares=shares)
    return Slide(_draw(lesson, click).jpeg(), text, picture)


def clicked(lesson: Lesson) -> Click:
    """Choose and click at random."""
    test, chance = lesson.test, lesson.materials.chance
    places = np.array(chance.sample(range(len(test.labels)), min(SHOWN, len(test.labels))), np.intp)
    position = chance.randrange(len(places))
    pixels = as_pixels(test.images[places[position]])
    probabilities = lesson.live.classifier.probabilities(pixels).tolist()
    return Click(
        places, position, permille(probabilities), int(np.argmax(probabilities)), int(test.labels[places[position]])
    )


def _draw(lesson: Lesson, click: Click) -> Page:
    words, test = lesson.words.clicking, lesson.test
    page = Page(lesson, _SHEET + 60 + len(click.shares) * _ROW + 30)
    for position, place in enumerate(click.places):
        left, top = MARGIN + position % SIDE * (_CELL + _GAP), TOP + position // SIDE * (_CELL + _GAP)
        page.pixels(test.images[place], (left, top), _SCALE)
        if position == click.position:
            page.frame((left - 5, top - 5, left + _CELL + 5, top + _CELL + 5), AMBER, width=6)
    beside = MARGIN + _SHEET + 40
    side = page.pixels(test.images[click.places[click.position]], (beside, TOP), _LARGE)
    right = click.predicted == click.actual
    colour = GREEN if right else RED
    said = words.predicted.format(name=lesson.name_of(click.predicted))
    page.mark((beside + 16, TOP + side + 48), 32, colour, right=right)
    page.text((beside + 44, TOP + side + 48), said, 34, colour, bold=True, within=WIDTH - MARGIN - beside - 44)
    actual = words.actual.format(name=lesson.name_of(click.actual))
    page.text((beside + 44, TOP + side + 104), actual, 34, GREEN, bold=True, within=WIDTH - MARGIN - beside - 44)
    _draw_shares(page, lesson, click, TOP + _SHEET + 30)
    return page


def _draw_shares(page: Page, lesson: Lesson, click: Click, top: float) -> None:
    page.box((MARGIN, top, WIDTH - MARGIN, top + 2), LINE)
    page.text((MARGIN, top + 26), lesson.words.clicking.shares, SMALL, INK, bold=True, within=INNER)
    for label, share in enumerate(click.shares):
        middle = top + 84 + label * _ROW
        colour = {click.predicted: RED, click.actual: GREEN}.get(label)
        ink, bold = colour or INK, colour is not None
        if colour is not None:
            page.mark((MARGIN + 14, middle), 26, colour, right=label == click.actual)
        page.text((MARGIN + 38, middle), lesson.name_of(label), 28, ink, bold=bold, within=256)
        edges = (MARGIN + 300, middle - 16, WIDTH - MARGIN - 120, middle + 16)
        page.bar(edges, share / 1000, colour or QUIET_BAR, PANEL)
        page.text((WIDTH - MARGIN, middle), percent_of_permille(share), 28, ink, bold=bold, anchor="rm")
