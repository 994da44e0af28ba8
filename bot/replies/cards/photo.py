"""The card that answers a photo: the photo with its garment outlined, what the model saw, the verdict, ten bars."""

from typing import TYPE_CHECKING, Final

from bot.replies.captions import LOW_QUALITY
from bot.replies.cards import bars
from bot.replies.cards.canvas import (
    BLACK,
    INK,
    MARGIN,
    MUTED,
    PANEL,
    WIDTH,
    Canvas,
    enlarged,
    fit_inside,
    fitted,
    pill_height,
)
from bot.replies.cards.outline import outlined
from bot.replies.numerals import percent_of_permille, permille
from bot.replies.texts import Language, texts
from bot.replies.words import class_name, spaced
from bot.vision.prediction import Prediction, Verdict

if TYPE_CHECKING:
    from bot.vision.recognizer import Recognition

_SCALE: Final = 12
_SIDE: Final = 28 * _SCALE
_GAP: Final = 30
_PHOTO_WIDTH: Final = WIDTH - 2 * MARGIN - _GAP - _SIDE
_PHOTO_HEIGHT: Final = 820
_SIZE: Final = 28
_PILL: Final = 30
_TITLE: Final = 60
_LABEL_ROW: Final = 40
_ASIDE: Final = pill_height(_PILL) + 24 + 2 * 76 + 20 + _SIDE + _LABEL_ROW


def photo_card(recognition: "Recognition", language: Language) -> bytes:
    """Draw the answer to a photo.

    Args:
        recognition: what was found in the photo.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    photo = recognition.photo.pixels
    width, height = fit_inside(photo.shape[1], photo.shape[0], _PHOTO_WIDTH, _PHOTO_HEIGHT)
    row = max(height, _ASIDE)
    canvas = Canvas(MARGIN + row + _LABEL_ROW + 20 + bars.HEIGHT + MARGIN)

    top = MARGIN
    canvas.box((MARGIN, top, MARGIN + _PHOTO_WIDTH, top + row), PANEL)
    shown = outlined(photo, recognition.garments[recognition.chosen], width, height)
    canvas.paste(shown, (MARGIN + (_PHOTO_WIDTH - width) / 2, top + (row - height) / 2))
    poor = recognition.garments[recognition.chosen].quality < LOW_QUALITY
    words = texts(language).pictures
    note = words.low_quality if poor else words.judged
    canvas.text((MARGIN, top + row + _LABEL_ROW / 2 + 2), note, _SIZE, MUTED, within=_PHOTO_WIDTH)

    left = MARGIN + _PHOTO_WIDTH + _GAP
    draw_verdict(canvas, (left, top), recognition.prediction, language)
    pixels_top = top + row - _SIDE
    canvas.box((left, pixels_top, left + _SIDE, pixels_top + _SIDE), BLACK)
    canvas.paste(enlarged(recognition.pixels, _SCALE), (left, pixels_top))
    canvas.text((left, top + row + _LABEL_ROW / 2 + 2), words.model_saw, _SIZE, MUTED, within=_SIDE)

    bars_top = top + row + _LABEL_ROW + 20
    bars.draw_bars(canvas, (MARGIN, bars_top, WIDTH - MARGIN), recognition.prediction, language)
    return canvas.jpeg()


def draw_verdict(canvas: Canvas, place: tuple[float, float], prediction: Prediction, language: Language) -> None:
    """Draw the verdict in words: a pill, and below it the class with its confidence, the two candidates, or neither."""
    words = texts(language).pictures
    left, top = place
    shares = permille(prediction.probabilities)
    first, second = prediction.ranking[:2]
    colour = bars.verdict_colour(prediction)
    match prediction.verdict:
        case Verdict.SURE:
            label, lines = words.sure, (class_name(first, language), percent_of_permille(shares[first]))
        case Verdict.UNSURE:
            alternative = spaced(words.alternative.format(name=class_name(second, language)))
            label, lines = words.unsure, (class_name(first, language), alternative)
        case Verdict.NO_GARMENT if prediction.other_clothing:
            label, lines = words.other_clothing, words.title_other_clothing
        case Verdict.NO_GARMENT:
            label, lines = words.no_garment, words.title_no_garment
    canvas.pill((left, top), label, _PILL, colour, within=_SIDE)
    middle = top + pill_height(_PILL) + 24 + 38
    sizes = [fitted(line, _TITLE, True, _SIDE) for line in lines]
    if prediction.verdict is not Verdict.SURE:  # two names, or a sentence on two lines
        sizes = [min(sizes)] * len(sizes)
    for line, size in zip(lines, sizes, strict=True):
        canvas.text((left, middle), line, size, INK, bold=True)
        middle += 76
