"""The confusion matrix as a picture, and examples of its most frequent mistakes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bot.replies.cards.canvas import (
    AMBER,
    INK,
    MARGIN,
    MUTED,
    PAPER,
    TEAL,
    WIDTH,
    Canvas,
    Colour,
    enlarged,
    fitted,
    font,
    readable_on,
    text_width,
)
from bot.replies.confusion import ConfusedPair
from bot.replies.numerals import count, percent
from bot.replies.texts import Language, texts
from bot.replies.words import class_name
from bot.vision.labels import CLASS_COUNT

_NAMES: Final = 248
_CELL: Final = (WIDTH - 2 * MARGIN - _NAMES) // CLASS_COUNT
_TITLE_ROW: Final = 120
_HEAD: Final = 248
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
    names = [class_name(label, language) for label in range(CLASS_COUNT)]
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
        _draw_upright(canvas, left + _CELL * (label + 0.5), top - 12, name)
    for actual, row in enumerate(confusion):
        for predicted, number in enumerate(row):
            share = number / sum(row) if sum(row) else 0.0
            depth = share if actual == predicted else min(1.0, math.sqrt(share / _MOST_WRONG))
            cell = _mixed(PAPER, TEAL if actual == predicted else AMBER, depth)
            edges = left + predicted * _CELL, top + actual * _CELL
            canvas.box((edges[0], edges[1], edges[0] + _CELL - 3, edges[1] + _CELL - 3), cell)
            ink = readable_on(cell) if number else MUTED
            place = edges[0] + (_CELL - 3) / 2, edges[1] + (_CELL - 3) / 2
            bold = actual == predicted
            canvas.text(place, count(number), 30, ink, bold=bold, anchor="mm", within=_CELL - 10)
    legend = MARGIN, canvas.height - MARGIN - 14
    canvas.text(legend, said.pictures.confusion_legend, 28, MUTED, within=WIDTH - 2 * MARGIN)
    return canvas.jpeg(90)


def _mixed(start: Colour, end: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue


def _draw_upright(canvas: Canvas, middle: float, bottom: float, words: str) -> None:
    """Draw a name that reads from bottom to top, above a column."""
    size = fitted(words, 30, False, _HEAD - 20)
    width, height = math.ceil(text_width(words, size)), 44
    strip = Image.new("L", (width, height))
    ImageDraw.Draw(strip).text((0, height / 2), words, fill=255, font=font(size), anchor="lm")
    turned = strip.transpose(Image.Transpose.ROTATE_90)
    canvas.image.paste(INK, (round(middle - height / 2), round(bottom - width)), turned)


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
        words = said.pictures.pair.format(
            actual=class_name(pair.actual, language), predicted=class_name(pair.predicted, language)
        )
        number = said.units.images.of(pair.count)
        width = canvas.text((WIDTH - MARGIN, top + 28), number, 32, MUTED, anchor="rm")
        canvas.text((MARGIN, top + 28), words, 34, bold=True, within=WIDTH - 2 * MARGIN - width - 20)
        for column, image in enumerate(example.images[:_EXAMPLES]):
            canvas.paste(enlarged(image, _EXAMPLE_SCALE), (MARGIN + column * (_EXAMPLE_SIDE + gap), top + 64))
        top += _PAIR_ROW
    return canvas.jpeg(90)
