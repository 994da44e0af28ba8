"""A picture is a grid of numbers from 0 to 255."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.steps.lesson import Lesson, Slide
from bot.course.steps.page import INNER, TEXT, TOP, Page
from bot.replies.cards.canvas import BLACK, INK, LINE, MARGIN, MUTED, TEAL, WHITE, WIDTH, readable_on
from bot.replies.numerals import count

WINDOW: Final = 8
"""Side of the part whose numbers are shown, in pixels of the picture."""

_SCALE: Final = 13
_SIDE: Final = 28 * _SCALE
_CELL_HIGH: Final = 88


def slide(lesson: Lesson) -> Slide:
    """Show a picture and, large, the numbers of a part of it."""
    words, levels = lesson.words.pixels, lesson.subject.levels
    row, column = liveliest(levels)
    part = levels[row : row + WINDOW, column : column + WINDOW]
    text = words.text.format(
        subject=lesson.subject_words,
        side=len(levels),
        total=count(levels.size),
        black=int((levels == 0).sum()),
        brightest=int(levels.max()),
    )
    numbers = lesson.words.frame.list_separator.join(str(int(level)) for level in part[0])
    picture = words.picture.format(
        subject=lesson.subject_words, window=WINDOW, row=row + 1, column=column + 1, numbers=numbers
    )
    return Slide(_draw(lesson, levels, row, column).jpeg(), text, picture)


def liveliest(levels: NDArray[np.uint8]) -> tuple[int, int]:
    """Row and column of the window whose numbers differ most and are not mostly background."""
    windows = np.lib.stride_tricks.sliding_window_view(levels.astype(np.float32), (WINDOW, WINDOW))
    liveliness = windows.std(axis=(2, 3)) * (windows > 0).mean(axis=(2, 3))
    place = int(liveliness.argmax())
    return place // windows.shape[1], place % windows.shape[1]


def _draw(lesson: Lesson, levels: NDArray[np.uint8], row: int, column: int) -> Page:
    words = lesson.words.pixels
    page = Page(lesson, _SIDE + 60 + WINDOW * _CELL_HIGH)
    page.pixels(levels, (MARGIN, TOP), _SCALE)
    left, top = MARGIN + column * _SCALE, TOP + row * _SCALE
    right, bottom = left + WINDOW * _SCALE, top + WINDOW * _SCALE
    for grow, colour in ((5, WHITE), (2, TEAL)):
        page.frame((left - grow, top - grow, right + grow, bottom + grow), colour, width=5)
    beside = MARGIN + _SIDE + 40
    line = page.paragraph(
        (beside, TOP), words.beside.format(total=count(levels.size)), 38, WIDTH - MARGIN - beside, bold=True
    )
    line = page.paragraph((beside, line + 16), words.window, TEXT, WIDTH - MARGIN - beside, MUTED)
    _draw_scale(page, lesson, beside, TOP + _SIDE - 100)
    field = TOP + _SIDE + 60
    below = TOP + _SIDE + 4
    page.stroke([(left, bottom + 6), (left, below), (MARGIN, field)], TEAL, 3)
    page.stroke([(right, bottom + 6), (right, below), (WIDTH - MARGIN, field)], TEAL, 3)
    _draw_numbers(page, levels[row : row + WINDOW, column : column + WINDOW], field)
    return page


def _draw_scale(page: Page, lesson: Lesson, left: float, top: float) -> None:
    """From black, 0, to white, 255."""
    words = lesson.words.pixels
    width = WIDTH - MARGIN - left
    steps = np.linspace(0, 255, round(width)).astype(np.uint8)
    page.paste(np.tile(steps, (44, 1)), (left, top))
    page.frame((left, top, left + width, top + 44), LINE)
    page.text((left, top + 72), words.black, 28, INK)
    page.text((left + width, top + 72), words.white, 28, INK, anchor="rm")


def _draw_numbers(page: Page, part: NDArray[np.uint8], top: float) -> None:
    wide = INNER / WINDOW
    page.box((MARGIN, top, WIDTH - MARGIN, top + WINDOW * _CELL_HIGH), BLACK)
    for (row, column), level in np.ndenumerate(part):
        value = int(level)
        gray = (value, value, value)
        left, upper = MARGIN + column * wide, top + row * _CELL_HIGH
        page.box((left + 1, upper + 1, left + wide - 1, upper + _CELL_HIGH - 1), gray)
        page.text((left + wide / 2, upper + _CELL_HIGH / 2), str(value), 40, readable_on(gray), bold=True, anchor="mm")
    page.frame((MARGIN - 4, top - 4, WIDTH - MARGIN + 4, top + WINDOW * _CELL_HIGH + 4), TEAL, width=5)
