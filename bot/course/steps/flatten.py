"""28 rows become one row of 784 numbers."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.steps.lesson import Lesson, Slide
from bot.course.steps.page import INNER, SMALL, TOP, Page
from bot.replies.cards.canvas import AMBER, INK, LINE, MARGIN, MUTED, RED, TEAL, WIDTH, Colour
from bot.replies.numerals import count

_SCALE: Final = 15
_COLOURS: Final[tuple[Colour, ...]] = (TEAL, AMBER, RED)
_STRIP_CELL: Final = 12
_STRIP_HIGH: Final = 84
_WHOLE_HIGH: Final = 110


def slide(lesson: Lesson) -> Slide:
    """Show three rows of a picture laid end to end, and all of them."""
    words, levels = lesson.words.flatten, lesson.subject.levels
    first = busiest(levels)
    side = len(levels)
    text = words.text.format(
        subject=lesson.subject_words,
        side=side,
        total=count(levels.size),
        row=first + 1,
        start=first * side + 1,
        end=(first + 1) * side,
    )
    picture = words.picture.format(first=first + 1, last=first + len(_COLOURS), total=count(levels.size))
    return Slide(_draw(lesson, levels, first).jpeg(), text, picture)


def busiest(levels: NDArray[np.uint8]) -> int:
    """The first of the three neighbouring rows that differ most within themselves."""
    spread = levels.astype(np.float32).std(axis=1)
    return int(np.convolve(spread, np.ones(len(_COLOURS)), "valid").argmax())


def _draw(lesson: Lesson, levels: NDArray[np.uint8], first: int) -> Page:
    words = lesson.words.flatten
    side, image_side = len(levels), len(levels) * _SCALE
    page = Page(lesson, image_side + 60 + _STRIP_HIGH + 190 + _WHOLE_HIGH + 60)
    page.pixels(levels, (MARGIN, TOP), _SCALE)
    beside = MARGIN + image_side + 44
    line = page.paragraph(
        (beside, TOP), words.beside.format(side=side, total=count(levels.size)), 38, WIDTH - MARGIN - beside, bold=True
    )
    line += 26
    for place, colour in enumerate(_COLOURS):
        row = first + place
        top = TOP + row * _SCALE
        page.frame((MARGIN - 4, top - 1, MARGIN + image_side + 4, top + _SCALE + 1), colour, width=4)
        page.box((beside, line + 8, beside + 34, line + 42), colour, radius=6)
        said = words.row.format(row=row + 1, start=row * side + 1, end=(row + 1) * side)
        page.text((beside + 50, line + 25), said, 30, INK, within=WIDTH - MARGIN - beside - 50)
        line += 60

    strip = TOP + image_side + 60
    for place, colour in enumerate(_COLOURS):
        left = MARGIN + place * side * _STRIP_CELL
        cells = levels[first + place][None, :].repeat(_STRIP_HIGH, axis=0).repeat(_STRIP_CELL, axis=1)
        page.paste(cells, (left, strip))
        page.frame((left, strip - 6, left + side * _STRIP_CELL, strip + _STRIP_HIGH + 6), colour, width=6)
    page.text((MARGIN, strip + _STRIP_HIGH + 36), words.three, SMALL, MUTED, within=INNER)

    whole = strip + _STRIP_HIGH + 140
    page.text((MARGIN, whole - 32), words.whole.format(total=count(levels.size)), 32, INK, bold=True, within=INNER)
    flat = levels.reshape(-1)
    columns = np.arange(INNER) * flat.size // INNER
    page.paste(flat[None, columns].repeat(_WHOLE_HIGH, axis=0), (MARGIN, whole))
    page.frame((MARGIN, whole, WIDTH - MARGIN, whole + _WHOLE_HIGH), LINE)
    share = side * INNER / flat.size
    for place, colour in enumerate(_COLOURS):
        start = MARGIN + (first + place) * share
        page.box((start, whole + _WHOLE_HIGH + 4, start + share - 2, whole + _WHOLE_HIGH + 20), colour)
    for place, anchor, number in ((MARGIN, "lm", "1"), (WIDTH - MARGIN, "rm", count(flat.size))):
        page.text((place, whole + _WHOLE_HIGH + 40), number, SMALL, MUTED, anchor=anchor)
    return page
