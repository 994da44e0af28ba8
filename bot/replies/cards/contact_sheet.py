"""The photos of an album in one picture, numbered, with two candidates each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.replies.cards import bars
from bot.replies.cards.canvas import INK, MARGIN, MUTED, PANEL, WHITE, WIDTH, Canvas, fit_inside
from bot.replies.cards.outline import outlined
from bot.replies.numerals import percent_of_permille, permille
from bot.replies.texts import Language, texts
from bot.replies.words import class_name, spaced
from bot.vision.prediction import Prediction, Verdict

if TYPE_CHECKING:
    from bot.vision.recognizer import Recognition

_FEW: Final = 4
_GAP: Final = 20
_BADGE: Final = 60
_TEXT: Final = 116
_SIZE: Final = 30


def contact_sheet(recognitions: Sequence["Recognition | None"], language: Language) -> bytes:
    """Draw the photos of an album.

    Args:
        recognitions: one a photo, in order; None for a photo that could not be read.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    columns = 2 if len(recognitions) <= _FEW else 3
    rows = max(1, -(-len(recognitions) // columns))
    side = (WIDTH - 2 * MARGIN - (columns - 1) * _GAP) // columns
    canvas = Canvas(2 * MARGIN + rows * (side + _TEXT) + (rows - 1) * _GAP)
    for position, recognition in enumerate(recognitions):
        row, column = divmod(position, columns)
        left = MARGIN + column * (side + _GAP)
        top = MARGIN + row * (side + _TEXT + _GAP)
        canvas.box((left, top, left + side, top + side), PANEL)
        if recognition is None:
            words = texts(language).pictures.unreadable
            canvas.text((left + side / 2, top + side / 2), words, _SIZE, MUTED, anchor="mm", within=side - 20)
        else:
            _draw_photo(canvas, (left, top), side, recognition)
            _draw_candidates(canvas, (left, top + side), side, recognition.prediction, language)
        canvas.box((left, top, left + _BADGE, top + _BADGE), WHITE)
        canvas.frame((left, top, left + _BADGE, top + _BADGE))
        canvas.text((left + _BADGE / 2, top + _BADGE / 2), str(position + 1), 38, INK, bold=True, anchor="mm")
    return canvas.jpeg(82)


def _draw_photo(canvas: Canvas, place: tuple[int, int], side: int, recognition: "Recognition") -> None:
    pixels = recognition.photo.pixels
    width, height = fit_inside(pixels.shape[1], pixels.shape[0], side, side)
    shown = outlined(pixels, recognition.garments[recognition.chosen], width, height, line=2)
    canvas.paste(shown, (place[0] + (side - width) / 2, place[1] + (side - height) / 2))


def _draw_candidates(
    canvas: Canvas, place: tuple[int, int], side: int, prediction: Prediction, language: Language
) -> None:
    """Two lines with name and percentage; without an answer the first says so instead."""
    left, top = place
    words = texts(language).pictures
    shares = permille(prediction.probabilities)
    colour = bars.verdict_colour(prediction)
    lines = [(class_name(label, language), percent_of_permille(shares[label])) for label in prediction.ranking[:2]]
    if prediction.verdict is Verdict.NO_GARMENT:
        first = words.other_clothing if prediction.other_clothing else words.no_garment
        lines = [(first, ""), lines[0]]
    elif prediction.verdict is Verdict.UNSURE:
        lines[1] = (spaced(words.alternative.format(name=lines[1][0])), lines[1][1])
    for place_in_list, (name, share) in enumerate(lines):
        middle = top + 32 + 46 * place_in_list
        bold = place_in_list == 0 or prediction.verdict is Verdict.UNSURE
        ink = colour if bold else MUTED
        share_width = canvas.text((left + side, middle), share, _SIZE, ink, bold=bold, anchor="rm") if share else 0
        canvas.text((left, middle), name, _SIZE, ink, bold=bold, within=side - share_width - 12)
