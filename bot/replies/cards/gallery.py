"""Up to 25 test images in a square, numbered; and one of them large, beside the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.replies.callback_data.gallery import GalleryChoice
from bot.replies.cards.canvas import (
    AMBER,
    BLACK,
    GREEN,
    INK,
    MARGIN,
    MUTED,
    PAPER,
    RED,
    WHITE,
    WIDTH,
    Canvas,
    enlarged,
    fitted,
)
from bot.replies.numerals import percent_of_permille
from bot.replies.shares import shares_of
from bot.replies.texts import Language, texts
from bot.replies.words import class_name, spaced
from bot.vision.prediction import Prediction

_COLUMNS: Final = 5
_TITLE_ROW: Final = 72


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the pictures of a sheet are: left, top, how much each is enlarged, the gap between them, in pixels."""

    left: int
    top: int
    scale: int
    gap: int

    @property
    def side(self) -> int:
        """Of one picture."""
        return 28 * self.scale

    @property
    def sign(self) -> int:
        """Of the corners that hold a number, and a tick or a cross."""
        return 26 + 4 * self.scale if self.scale > 4 else 36

    def place(self, position: int) -> tuple[int, int]:
        """The left top corner of a picture."""
        row, column = divmod(position, _COLUMNS)
        return self.left + column * (self.side + self.gap), self.top + row * (self.side + self.gap)

    def height(self, images: int) -> int:
        """Of all rows."""
        rows = -(-images // _COLUMNS)
        return rows * self.side + (rows - 1) * self.gap


_SHEET: Final = _Grid(MARGIN, MARGIN + _TITLE_ROW, 7, (WIDTH - 2 * MARGIN - _COLUMNS * 28 * 7) // (_COLUMNS - 1))
_BESIDE: Final = _Grid(MARGIN, MARGIN, 4, 10)
_OPENED_SCALE: Final = 11
_OPENED_SIDE: Final = 28 * _OPENED_SCALE
_COLUMN_GAP: Final = 40
_SMALL: Final = 34
_NAME: Final = 44


def gallery_title(choice: GalleryChoice, language: Language) -> str:
    """What stands above a sheet: plain."""
    words = texts(language).pictures
    if choice.actual is None:
        return words.gallery_wrong if choice.only_wrong else words.gallery
    name = class_name(choice.actual, language)
    if choice.predicted is not None:
        return spaced(words.pair.format(actual=name, predicted=class_name(choice.predicted, language)))
    return (words.gallery_class_wrong if choice.only_wrong else words.gallery_class).format(name=name)


def gallery_sheet(images: Sequence[NDArray[np.uint8]], right: Sequence[bool] | None, title: str) -> bytes:
    """Draw up to 25 test images with their numbers, framed by whether the model is right.

    Args:
        images: uint8 [28, 28] each, in the order of the numbers.
        right: for each, whether the model is right about it; None where nobody asked.
        title: what to write above them.

    Returns:
        JPEG, 1080 pixels wide.
    """
    canvas = Canvas(_SHEET.top + _SHEET.height(len(images)) + MARGIN)
    canvas.text((MARGIN, MARGIN + 24), title, 40, bold=True, within=WIDTH - 2 * MARGIN)
    _draw_grid(canvas, _SHEET, images, right)
    return canvas.jpeg(90)


def gallery_item_card(
    images: Sequence[NDArray[np.uint8]],
    right: Sequence[bool],
    opened: int,
    prediction: Prediction,
    actual: int,
    language: Language,
) -> bytes:
    """Draw a sheet with one of its images large beside it: low, so that a phone shows its buttons as well.

    Args:
        images: uint8 [28, 28] each, in the order of the numbers.
        right: for each, whether the model is right about it.
        opened: which of them is large, from 0.
        prediction: what the live model says of that one.
        actual: its true class, 0-9.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    full = _BESIDE.height(_COLUMNS * _COLUMNS)
    canvas = Canvas(MARGIN + full + MARGIN)
    _draw_grid(canvas, _BESIDE, images, right)
    left, top = _BESIDE.place(opened)
    edges = (left - 10, top - 10, left + _BESIDE.side + 10, top + _BESIDE.side + 10)
    canvas.frame(edges, PAPER, 12)
    canvas.frame(edges, AMBER, 10)

    left = MARGIN + full + _COLUMN_GAP
    within = WIDTH - MARGIN - left
    canvas.box((left, MARGIN, left + _OPENED_SIDE, MARGIN + _OPENED_SIDE), BLACK)
    canvas.paste(enlarged(images[opened], _OPENED_SCALE), (left, MARGIN))
    canvas.text((left + _OPENED_SIDE + 16, MARGIN + 22), str(opened + 1), 40, AMBER, bold=True)
    words, is_right = texts(language).pictures, prediction.label == actual
    colour = GREEN if is_right else RED
    middle = MARGIN + _OPENED_SIDE + 44
    canvas.mark((left + 20, middle), 40, colour, right=is_right)
    verdict = words.right if is_right else words.wrong
    canvas.text((left + 52, middle), verdict, _NAME, colour, bold=True, within=within - 52)
    share = percent_of_permille(shares_of(prediction)[prediction.label])
    for words_above, name, ink in (
        (f"{words.predicted}　{share}", class_name(prediction.label, language), colour),
        (words.actual, class_name(actual, language), GREEN),
    ):
        middle += 54
        canvas.text((left, middle), words_above, _SMALL, MUTED, within=within)
        middle += 42
        canvas.text((left, middle), name, fitted(name, _NAME, True, within), ink, bold=True)
    return canvas.jpeg(90)


def _draw_grid(canvas: Canvas, grid: _Grid, images: Sequence[NDArray[np.uint8]], right: Sequence[bool] | None) -> None:
    sign = grid.sign
    for position, image in enumerate(images):
        left, top = grid.place(position)
        canvas.paste(enlarged(image, grid.scale), (left, top))
        canvas.box((left, top, left + sign, top + sign - 8), WHITE)
        middle = (left + sign / 2, top + (sign - 8) / 2 - 1)
        canvas.text(middle, str(position + 1), round(0.62 * sign), INK, bold=True, anchor="mm")
        if right is not None:
            _mark(canvas, grid, (left, top), right=right[position])


def _mark(canvas: Canvas, grid: _Grid, place: tuple[int, int], *, right: bool) -> None:
    """A frame and a sign around the picture whose corner is there: green and a tick, or red and a cross."""
    left, top = place
    side, sign, colour = grid.side, grid.sign, GREEN if right else RED
    canvas.frame((left - 3, top - 3, left + side + 3, top + side + 3), colour, 6 if grid is _SHEET else 4)
    canvas.box((left + side - sign, top, left + side, top + sign - 8), WHITE)
    canvas.mark((left + side - sign / 2, top + (sign - 8) / 2), round(0.65 * sign), colour, right=right)
