"""The photos of an album in one picture, numbered, with what was found in each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.replies.cards import bars
from bot.replies.cards.canvas import INK, MARGIN, MUTED, PANEL, WHITE, WIDTH, Canvas, fit_inside
from bot.replies.cards.outline import outlined, scaled_masks
from bot.replies.numerals import percent_of_permille
from bot.replies.shares import candidates, shares_of
from bot.replies.texts import Language, texts
from bot.replies.words import said_name, short_name, spaced
from bot.vision.prediction import Verdict

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
            _draw_answer(canvas, (left, top + side), side, recognition, language)
        canvas.box((left, top, left + _BADGE, top + _BADGE), WHITE)
        canvas.frame((left, top, left + _BADGE, top + _BADGE))
        canvas.text((left + _BADGE / 2, top + _BADGE / 2), str(position + 1), 38, INK, bold=True, anchor="mm")
    return canvas.jpeg(82)


def _draw_photo(canvas: Canvas, place: tuple[int, int], side: int, recognition: "Recognition") -> None:
    pixels = recognition.photo.pixels
    width, height = fit_inside(pixels.shape[1], pixels.shape[0], side, side)
    garments = [] if recognition.from_data_set else [each.garment for each in recognition.garments]
    shown = outlined(pixels, scaled_masks(garments, width, height), width, height, chosen=recognition.chosen, line=2)
    canvas.paste(shown, (place[0] + (side - width) / 2, place[1] + (side - height) / 2))


def _draw_answer(
    canvas: Canvas, place: tuple[int, int], side: int, recognition: "Recognition", language: Language
) -> None:
    """Two lines: the judged garment with its share, and the other candidate, how sure that is, or how many more."""
    left, top = place
    words, prediction = texts(language).pictures, recognition.prediction
    colour = bars.verdict_colour(prediction)
    if not recognition.garments:
        canvas.text((left, top + 32), words.no_garment, _SIZE, colour, bold=True, within=side)
        return
    *shares, outside = shares_of(prediction)
    first, second = candidates(prediction)
    below = ""
    if prediction.verdict is Verdict.NO_GARMENT:
        line = said_name(prediction.said, language), percent_of_permille(outside)
    else:
        line = short_name(first, language), percent_of_permille(shares[first])
    if prediction.verdict is Verdict.SURE:
        below = words.sure
    elif prediction.verdict is Verdict.UNSURE and prediction.likely:
        below = words.likely
    elif prediction.verdict is Verdict.UNSURE:
        below = spaced(words.alternative.format(name=bars.candidate_of(second, language)))
    share_width = canvas.text((left + side, top + 32), line[1], _SIZE, colour, bold=True, anchor="rm")
    canvas.text((left, top + 32), line[0], _SIZE, colour, bold=True, within=side - share_width - 12)
    more_width = 0.0
    if len(recognition.garments) > 1:
        more = words.more.format(count=len(recognition.garments) - 1)
        more_width = canvas.text((left + side, top + 78), more, _SIZE, MUTED, anchor="rm") + 12
    canvas.text((left, top + 78), below, _SIZE, colour, within=side - more_width)
