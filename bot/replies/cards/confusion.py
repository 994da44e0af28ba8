"""The confusion matrix as a picture, and examples of its most frequent mistakes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.replies.cards.canvas import (
    GREEN,
    INK,
    LINE,
    MARGIN,
    MUTED,
    PAPER,
    RED,
    WIDTH,
    Canvas,
    Colour,
    enlarged,
    fitted,
    readable_on,
    text_width,
)
from bot.replies.confusion import ConfusedPair
from bot.replies.numerals import count, percent
from bot.replies.texts import Language, texts
from bot.replies.words import class_name, short_name, spaced
from bot.vision.labels import CLASS_COUNT

_NAMES: Final = 248
_CELL: Final = (WIDTH - 2 * MARGIN - _NAMES) // CLASS_COUNT
_TITLE_ROW: Final = 120
_HEAD_ROW: Final = 44
_HEAD: Final = 2 * _HEAD_ROW + 6
_LEGEND: Final = 64
_MOST_WRONG: Final = 0.25
"""Share of a row at which a wrong cell is as deep as it gets."""

_EXAMPLES: Final = 6
_EXAMPLE_SCALE: Final = 5
_EXAMPLE_SIDE: Final = 28 * _EXAMPLE_SCALE
_PAIR_ROW: Final = 64 + _EXAMPLE_SIDE + 36


def confusion_card(confusion: Sequence[Sequence[int]], language: Language) -> bytes:
    """Draw a confusion matrix.

    Args:
        confusion: counts; rows are actual, columns predicted classes.
        language: of the names.

    Returns:
        JPEG, 1080 pixels wide.
    """
    said = texts(language)
    names = [short_name(label, language) for label in range(CLASS_COUNT)]
    total = sum(sum(row) for row in confusion)
    right = sum(row[label] for label, row in enumerate(confusion))
    canvas = Canvas(MARGIN + _TITLE_ROW + _HEAD + CLASS_COUNT * _CELL + _LEGEND + MARGIN)
    title = f"{said.pictures.confusion}　{percent(right / total)}" if total else said.pictures.confusion
    canvas.text((MARGIN, MARGIN + 22), title, 44, bold=True, within=WIDTH - 2 * MARGIN)
    axes = f"{said.pictures.confusion_rows}　{said.pictures.confusion_columns}"
    canvas.text((MARGIN, MARGIN + 80), axes, 28, MUTED, within=WIDTH - 2 * MARGIN)

    left, top = MARGIN + _NAMES, MARGIN + _TITLE_ROW + _HEAD
    for label, name in enumerate(names):
        middle = top + _CELL * (label + 0.5)
        canvas.text((left - 14, middle), name, 30, INK, anchor="rm", within=_NAMES - 14)
        raised = label % 2 == 1
        _draw_head(canvas, left + _CELL * (label + 0.5), top - 6, short_name(label, language), raised=raised)
    for actual, row in enumerate(confusion):
        for predicted, number in enumerate(row):
            share = number / sum(row) if sum(row) else 0.0
            depth = share if actual == predicted else min(1.0, math.sqrt(share / _MOST_WRONG))
            cell = _mixed(PAPER, GREEN if actual == predicted else RED, depth)
            edges = left + predicted * _CELL, top + actual * _CELL
            canvas.box((edges[0], edges[1], edges[0] + _CELL - 3, edges[1] + _CELL - 3), cell)
            ink = readable_on(cell) if number else MUTED
            place = edges[0] + (_CELL - 3) / 2, edges[1] + (_CELL - 3) / 2
            bold = actual == predicted
            canvas.text(place, count(number), 30, ink, bold=bold, anchor="mm", within=_CELL - 10)
    _draw_legend(canvas, canvas.height - MARGIN - 14, language)
    return canvas.jpeg(90)


def _draw_legend(canvas: Canvas, middle: float, language: Language) -> None:
    words, left = texts(language).pictures, float(MARGIN)
    for right, text, colour in ((True, words.confusion_right, GREEN), (False, words.confusion_wrong, RED)):
        canvas.mark((left + 17, middle), 34, colour, right=right)
        left += 44 + canvas.text((left + 44, middle), text, 28, colour, bold=True) + 36
    canvas.text((left, middle), words.confusion_depth, 28, MUTED, within=WIDTH - MARGIN - left)


def _mixed(start: Colour, end: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue


def _draw_head(canvas: Canvas, middle: float, bottom: float, words: str, *, raised: bool) -> None:
    """Draw a column's name above it; every other one is raised and has a line down, so that each has two columns' room.

    The last column has less of it, at the picture's edge: a long name stands one row higher still, where nothing is.

    Args:
        canvas: to draw on.
        middle: of the column.
        bottom: of the names.
        words: the name.
        raised: whether it stands in the upper row.
    """
    size = fitted(words, 30, False, 2 * _CELL - 12)
    width = text_width(words, size)
    inside = min(middle, WIDTH - MARGIN - width / 2)
    rows_below = int(raised)
    if raised and middle - (inside - width / 2) > _CELL - 6:
        rows_below = 2
    canvas.text((inside, bottom - _HEAD_ROW * (rows_below + 0.5)), words, size, INK, anchor="mm")
    if raised:
        canvas.box((middle - 1, bottom - _HEAD_ROW * rows_below + 4, middle + 1, bottom), LINE)


@dataclass(frozen=True, slots=True, eq=False)
class PairExamples:
    """A frequent mistake with some of its test images.

    Attributes:
        pair: the mistake.
        images: uint8 [28, 28] each; at most six are drawn.
    """

    pair: ConfusedPair
    images: tuple[NDArray[np.uint8], ...]


def pairs_card(examples: Sequence[PairExamples], language: Language) -> bytes:
    """Draw the most frequent mistakes, a row each.

    Args:
        examples: most frequent first.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    said = texts(language)
    canvas = Canvas(MARGIN + 84 + max(1, len(examples)) * _PAIR_ROW + MARGIN - 36)
    canvas.text((MARGIN, MARGIN + 24), said.pictures.pairs, 44, bold=True)
    gap = (WIDTH - 2 * MARGIN - _EXAMPLES * _EXAMPLE_SIDE) / (_EXAMPLES - 1)
    top = MARGIN + 84
    for example in examples:
        pair = example.pair
        names = {"actual": class_name(pair.actual, language), "predicted": class_name(pair.predicted, language)}
        words = spaced(said.pictures.pair.format(**names))
        number = said.units.images.of(pair.count)
        width = canvas.text((WIDTH - MARGIN, top + 28), number, 32, MUTED, anchor="rm")
        canvas.text((MARGIN, top + 28), words, 34, bold=True, within=WIDTH - 2 * MARGIN - width - 20)
        for column, image in enumerate(example.images[:_EXAMPLES]):
            canvas.paste(enlarged(image, _EXAMPLE_SCALE), (MARGIN + column * (_EXAMPLE_SIDE + gap), top + 64))
        top += _PAIR_ROW
    return canvas.jpeg(90)
