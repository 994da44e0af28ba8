"""One's own network beside the bot, on a test image and on a photo."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.recorded_runs import CLASSES, SIDE
from bot.course.steps.page import INNER, Sheet
from bot.course.train.words import best
from bot.replies.cards.canvas import (
    AMBER,
    BLACK,
    GREEN,
    INK,
    MARGIN,
    MUTED,
    PANEL,
    RED,
    TEAL,
    WIDTH,
    Colour,
    Pixels,
    enlarged,
    fit_inside,
    pill_height,
    resized,
    text_width,
)
from bot.replies.numerals import percent_of_permille, permille
from bot.replies.shares import named_shares, shares_of
from bot.replies.texts import Language
from bot.replies.texts.train import train_texts
from bot.replies.words import class_name, share_name
from bot.vision.prediction import Prediction, Verdict

_BIG: Final = 15
_SMALL: Final = 7
_PHOTO: Final = 400
_GAP: Final = 40
_ROW: Final = 66
_BAR: Final = 22
_LEGEND: Final = 56


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one of the two says: its name, colour, and up to two classes with tenths of a percent."""

    by: str
    colour: Colour
    candidates: tuple[tuple[int, int], ...]


def own_sample_card(
    image: NDArray[np.uint8], own: Sequence[float], bot: Prediction, actual: int, language: Language
) -> bytes:
    """Draw a test image with both answers.

    Args:
        image: uint8 [28, 28].
        own: ten probabilities of one's own network.
        bot: the bot's answer.
        actual: the true class, 0-9.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    words, side = train_texts(language).pictures, SIDE * _BIG
    sheet = Sheet(MARGIN + side + 30 + _bars_high() + MARGIN)
    sheet.box((MARGIN, MARGIN, MARGIN + side, MARGIN + side), BLACK)
    sheet.paste(enlarged(image, _BIG), (MARGIN, MARGIN))
    left = MARGIN + side + _GAP
    within = WIDTH - MARGIN - left
    sheet.text((left, MARGIN + 16), words.actual, 26, MUTED)
    sheet.text((left, MARGIN + 64), class_name(actual, language), 44, INK, bold=True, within=within)
    top = MARGIN + 124.0
    label = best(own)
    for answer in (
        _Answer(words.own, AMBER, ((label, permille(own)[label]),)),
        _Answer(words.bot, TEAL, ((bot.label, shares_of(bot)[bot.label]),)),
    ):
        (said, share), *_ = answer.candidates
        right = said == actual
        sheet.text((left, top + 14), answer.by, 26, answer.colour, bold=True)
        mark = f"✓ {words.right}" if right else f"× {words.wrong}"
        wide = text_width(mark, 24, True) + 24
        sheet.pill((WIDTH - MARGIN - wide, top + 14 - pill_height(24) / 2), mark, 24, GREEN if right else RED)
        sheet.text((left, top + 62), class_name(said, language), 40, INK, bold=True, within=within)
        sheet.text((left, top + 110), percent_of_permille(share), 36, INK)
        top += 152
    _draw_bars(sheet, MARGIN + side + 30, own, bot, language, actual=actual)
    return sheet.jpeg(88)


def own_photo_card(
    photo: Pixels,
    own_pixels: NDArray[np.float32],
    bot_pixels: NDArray[np.float32],
    own: Sequence[float],
    bot: Prediction,
    language: Language,
) -> bytes:
    """Draw a photo, what each of the two networks saw of it, and both answers.

    Args:
        photo: uint8 [h, w, 3].
        own_pixels: float32 [28, 28], 0..1, the whole photo.
        bot_pixels: the same, the garment that the bot found.
        own: ten probabilities of one's own network.
        bot: the bot's answer.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    words, side = train_texts(language).pictures, SIDE * _SMALL
    high = 2 * (side + 74)
    sheet = Sheet(MARGIN + high + 20 + _bars_high() + MARGIN)
    width, height = fit_inside(photo.shape[1], photo.shape[0], _PHOTO, high - 50)
    sheet.text((MARGIN, MARGIN + 12), words.photo, 26, MUTED)
    sheet.paste(resized(photo, width, height), (MARGIN, MARGIN + 40 + (high - 50 - height) / 2))
    label = best(own)
    left = MARGIN + _PHOTO + 90
    rows = (
        (words.own_sees, own_pixels, _Answer(words.own, AMBER, ((label, permille(own)[label]),))),
        (words.bot_sees, bot_pixels, _Answer(words.bot, TEAL, _candidates(bot))),
    )
    for place, (sees, pixels, answer) in enumerate(rows):
        top = MARGIN + place * (side + 74)
        sheet.text((left, top + 12), sees, 26, MUTED, within=WIDTH - MARGIN - left)
        top += 40
        sheet.arrow((MARGIN + width + 14, top + side / 2), (left - 14, top + side / 2), width=4)
        sheet.pixels(pixels, (left, top), _SMALL)
        sheet.frame((left - 4, top - 4, left + side + 4, top + side + 4), answer.colour, width=4)
        _draw_answer(sheet, (left + side + 24, top, WIDTH - MARGIN), answer, language)
    _draw_bars(sheet, MARGIN + high + 20, own, bot, language)
    return sheet.jpeg(86)


def _candidates(bot: Prediction) -> tuple[tuple[int, int], ...]:
    named = () if bot.verdict is Verdict.NO_GARMENT else named_shares(bot)
    shares = shares_of(bot)
    return tuple((label, shares[label]) for label in named)


def _draw_answer(sheet: Sheet, edges: tuple[float, float, float], answer: _Answer, language: Language) -> None:
    left, top, right = edges
    sheet.text((left, top + 14), answer.by, 26, answer.colour, bold=True, within=right - left)
    middle = top + 62.0
    for label, share in answer.candidates:
        sheet.text((left, middle), share_name(label, language), 34, INK, bold=True, within=right - left)
        sheet.text((left, middle + 40), percent_of_permille(share), 30, INK)
        middle += 84
    if not answer.candidates:
        words = train_texts(language).pictures
        sheet.text((left, middle), words.no_answer, 34, INK, bold=True, within=right - left)


def _bars_high() -> int:
    return _LEGEND + CLASSES * _ROW


def _draw_bars(
    sheet: Sheet, top: float, own: Sequence[float], bot: Prediction, language: Language, *, actual: int | None = None
) -> None:
    """Ten pairs of bars, the most probable class first; the true one has a check mark."""
    words = train_texts(language).pictures
    mine, its = permille(own), shares_of(bot)
    x: float = MARGIN
    for name, colour in ((words.own, AMBER), (words.bot, TEAL)):
        sheet.box((x, top + 14, x + 28, top + 42), colour, radius=6)
        x += 40 + sheet.text((x + 40, top + 28), name, 28, INK) + 40
    names = [class_name(label, language) for label in range(CLASSES)]
    begin = MARGIN + 40 + max(text_width(name, 30, True) for name in names) + 20
    end = WIDTH - MARGIN - text_width("100.0%", 26, True) - 16
    for place, label in enumerate(sorted(range(CLASSES), key=lambda label: -max(mine[label], its[label]))):
        middle = top + _LEGEND + _ROW * (place + 0.5)
        if label == actual:
            sheet.text((MARGIN, middle), "✓", 28, INK, bold=True)
        wins = label in (best(own), bot.label)
        sheet.text((MARGIN + 40, middle), names[label], 30, INK if wins else MUTED, bold=wins, within=INNER / 2)
        for shares, colour, upper in ((mine, AMBER, middle - _BAR - 2), (its, TEAL, middle + 2)):
            sheet.bar((begin, upper, end, upper + _BAR), shares[label] / 1000, colour, PANEL)
            figure = percent_of_permille(shares[label])
            sheet.text((WIDTH - MARGIN, upper + _BAR / 2), figure, 24, INK if shares[label] else MUTED, anchor="rm")
