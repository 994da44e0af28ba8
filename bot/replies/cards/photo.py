"""The card that answers a photo: its garments outlined and numbered, what the model saw, the verdict, eleven bars.

It is low enough that card, first lines and buttons fit a phone's screen together. A photo that is higher than wide
stands left of everything else; below a wide one the bars have the whole width, unless so many garments have lines and
buttons of their own that a low card is worth more than a large photo.
"""

from typing import TYPE_CHECKING, Final

from bot.replies.captions import LOW_QUALITY
from bot.replies.cards import bars
from bot.replies.cards.canvas import (
    BLACK,
    GARMENTS,
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
from bot.replies.cards.outline import number_places, outlined, scaled_masks
from bot.replies.numerals import percent_of_permille
from bot.replies.shares import candidates, shares_of
from bot.replies.texts import Language, texts
from bot.replies.words import said_name, short_name, spaced
from bot.vision.prediction import Prediction, Verdict

if TYPE_CHECKING:
    from bot.vision.recognizer import Recognition

_GAP: Final = 28
_SIZE: Final = 28
_PILL: Final = 32
_TITLE: Final = 56
_TITLE_ROW: Final = 66
_NOTE_ROW: Final = 42
_HEADING: Final = pill_height(_PILL) + 14 + 2 * _TITLE_ROW + 14
"""Height of the pill and the two lines below it."""
_BADGE: Final = 46

_ASIDE: Final = 480
"""Width of what stands beside a high photo."""
_MOST_HIGH: Final = 746
_SCALE: Final = 10
_SCALE_COMPACT: Final = 8
"""Of the 28x28 pixels where the photo leaves no room for them below the title."""
_ROW: Final = 42

_ASIDE_WIDE: Final = 344
"""The same beside a wide photo."""
_SCALE_WIDE: Final = 8
_ROW_WIDE: Final = 44

_NOTHING_HIGH: Final = 650

_MANY: Final = 4
"""From so many garments on the card is low."""


def photo_card(recognition: "Recognition", language: Language) -> bytes:
    """Draw the answer to a photo.

    Args:
        recognition: what was found in the photo.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    if not recognition.garments:
        return _nothing_found(recognition, language).jpeg()
    pixels = recognition.photo.pixels
    if pixels.shape[0] >= pixels.shape[1] or len(recognition.garments) >= _MANY:
        return _beside(recognition, language).jpeg()
    return _above(recognition, language).jpeg()


def _beside(recognition: "Recognition", language: Language) -> Canvas:
    """Everything right of a photo that is as high as wide, or higher.

    The 28x28 pixels stand below the title, or beside it where the photo is too low for that.
    """
    within = WIDTH - 2 * MARGIN - _GAP - _ASIDE
    pixels = recognition.photo.pixels
    width, height = fit_inside(pixels.shape[1], pixels.shape[0], within, _MOST_HIGH - _NOTE_ROW)
    bars_height, heading = bars.SHARES * _ROW, _HEADING
    scale, title_within = _SCALE, _ASIDE
    aside = heading + 28 * scale + _NOTE_ROW + bars_height
    compact = height + _NOTE_ROW < aside
    if compact:
        scale = _SCALE_COMPACT
        title_within = _ASIDE - 28 * scale - 20
        aside = 28 * scale + _NOTE_ROW + bars_height
    canvas = Canvas(2 * MARGIN + max(aside, height + _NOTE_ROW))
    room = canvas.height - 2 * MARGIN - _NOTE_ROW
    _draw_photo(canvas, recognition, (MARGIN, MARGIN), (within, room), (width, height))
    _draw_note(canvas, recognition, (MARGIN, MARGIN + room), within, language)

    left = WIDTH - MARGIN - _ASIDE
    draw_verdict(canvas, (left, MARGIN), recognition, language, within=title_within)
    pixels_left = WIDTH - MARGIN - 28 * scale if compact else left
    pixels_top = MARGIN if compact else MARGIN + heading
    _draw_pixels(canvas, recognition, (pixels_left, pixels_top), scale)
    note_top = pixels_top + 28 * scale + _NOTE_ROW / 2
    words = texts(language).pictures.model_saw
    if compact:
        canvas.text((WIDTH - MARGIN, note_top), words, _SIZE, MUTED, anchor="rm", within=_ASIDE)
    else:
        canvas.text((left, note_top), words, _SIZE, MUTED, within=_ASIDE)
    edges = left, canvas.height - MARGIN - bars_height, WIDTH - MARGIN
    bars.draw_bars(canvas, edges, recognition.prediction, language, row=_ROW)
    return canvas


def _above(recognition: "Recognition", language: Language) -> Canvas:
    """Verdict and pixels right of a photo that is wider than high, the bars below."""
    within = WIDTH - 2 * MARGIN - _GAP - _ASIDE_WIDE
    room = _HEADING + 28 * _SCALE_WIDE
    pixels = recognition.photo.pixels
    size = fit_inside(pixels.shape[1], pixels.shape[0], within, room)
    canvas = Canvas(MARGIN + room + _NOTE_ROW + 8 + bars.SHARES * _ROW_WIDE + MARGIN)
    _draw_photo(canvas, recognition, (MARGIN, MARGIN), (within, room), size)
    _draw_note(canvas, recognition, (MARGIN, MARGIN + room), within, language)

    left = WIDTH - MARGIN - _ASIDE_WIDE
    draw_verdict(canvas, (left, MARGIN), recognition, language, within=_ASIDE_WIDE)
    _draw_pixels(canvas, recognition, (left, MARGIN + _HEADING), _SCALE_WIDE)
    words = texts(language).pictures.model_saw
    canvas.text((left, MARGIN + room + _NOTE_ROW / 2), words, _SIZE, MUTED, within=_ASIDE_WIDE)
    edges = MARGIN, MARGIN + room + _NOTE_ROW + 8, WIDTH - MARGIN
    bars.draw_bars(canvas, edges, recognition.prediction, language, row=_ROW_WIDE)
    return canvas


def _nothing_found(recognition: "Recognition", language: Language) -> Canvas:
    """The photo and what was looked for; no bars, since there is nothing that they could be about."""
    words, pixels, within = texts(language).pictures, recognition.photo.pixels, WIDTH - 2 * MARGIN
    width, height = fit_inside(pixels.shape[1], pixels.shape[0], within, _NOTHING_HIGH)
    canvas = Canvas(MARGIN + height + 24 + 54 + 50 + MARGIN)
    _draw_photo(canvas, recognition, (MARGIN, MARGIN), (within, height), (width, height))
    top = MARGIN + height + 24
    canvas.text((MARGIN, top + 27), words.no_garment, 44, INK, bold=True, within=within)
    canvas.text((MARGIN, top + 54 + 25), words.looked_for, 32, MUTED, within=within)
    return canvas


def _draw_photo(
    canvas: Canvas,
    recognition: "Recognition",
    place: tuple[float, float],
    room: tuple[float, float],
    size: tuple[int, int],
) -> None:
    """Draw the photo in the middle of its room, with outlines and, where there are several garments, numbers."""
    left, top = place
    canvas.box((left, top, left + room[0], top + room[1]), PANEL)
    left, top = left + (room[0] - size[0]) / 2, top + (room[1] - size[1]) / 2
    garments = [] if recognition.from_data_set else [each.garment for each in recognition.garments]
    masks = scaled_masks(garments, *size)
    canvas.paste(outlined(recognition.photo.pixels, masks, *size, chosen=recognition.chosen), (left, top))
    if len(masks) > 1:
        for number, (x, y) in enumerate(number_places(masks, _BADGE), start=1):
            canvas.badge((left + x, top + y), number, GARMENTS[(number - 1) % len(GARMENTS)], _BADGE)


def _draw_note(
    canvas: Canvas, recognition: "Recognition", place: tuple[float, float], within: float, language: Language
) -> None:
    """Below the photo: what it is, where that is not plain, or that the outline may be off."""
    words = texts(language).pictures
    note = ""
    if recognition.from_data_set:
        note = words.data_set
    elif recognition.garment.quality < LOW_QUALITY:
        note = words.low_quality
    canvas.text((place[0], place[1] + _NOTE_ROW / 2 + 2), note, _SIZE, MUTED, within=within)


def _draw_pixels(canvas: Canvas, recognition: "Recognition", place: tuple[float, float], scale: int) -> None:
    left, top = place
    canvas.box((left, top, left + 28 * scale, top + 28 * scale), BLACK)
    canvas.paste(enlarged(recognition.pixels, scale), place)


def draw_verdict(
    canvas: Canvas, place: tuple[float, float], recognition: "Recognition", language: Language, *, within: float
) -> None:
    """Draw the verdict in words: a pill, and below it the class with its share, or both candidates with theirs."""
    left, top = place
    prediction = recognition.prediction
    start = left
    if len(recognition.garments) > 1:
        colour = GARMENTS[recognition.chosen % len(GARMENTS)]
        middle = left + _BADGE / 2 + 3, top + pill_height(_PILL) / 2
        canvas.badge(middle, recognition.chosen + 1, colour, _BADGE)
        start = left + _BADGE + 18
    step = _step(prediction, language)
    canvas.pill((start, top), step, _PILL, bars.verdict_colour(prediction), within=within - (start - left))
    lines = _title(prediction, language)
    size = min(fitted(line, _TITLE, True, within) for line in lines)
    middle_y = top + pill_height(_PILL) + 14 + _TITLE_ROW / 2
    for line in lines:
        canvas.text((left, middle_y), line, size, INK, bold=True)
        middle_y += _TITLE_ROW


def _step(prediction: Prediction, language: Language) -> str:
    """How sure the answer is, in a word or two."""
    words = texts(language).pictures
    match prediction.verdict:
        case Verdict.SURE:
            return words.sure
        case Verdict.UNSURE:
            return words.likely if prediction.likely else words.unsure
        case Verdict.NO_GARMENT:
            return words.outside_the_ten


def _title(prediction: Prediction, language: Language) -> tuple[str, str]:
    """Two lines: a name and its share, or two names."""
    *shares, outside = shares_of(prediction)
    first, second = candidates(prediction)
    if prediction.verdict is Verdict.NO_GARMENT:
        return said_name(prediction.said, language), percent_of_permille(outside)
    if prediction.verdict is Verdict.UNSURE and not prediction.likely:
        alternative = texts(language).pictures.alternative.format(name=bars.candidate_of(second, language))
        return short_name(first, language), spaced(alternative)
    return short_name(first, language), percent_of_permille(shares[first])
