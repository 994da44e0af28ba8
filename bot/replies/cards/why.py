"""The heat map over the person's photo: which parts spoke for the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.replies.cards.canvas import MARGIN, MUTED, WIDTH, Canvas, Pixels, fit_inside, fitted, resized
from bot.replies.cards.outline import draw_outline, scaled_mask
from bot.replies.texts import Language, texts
from bot.replies.words import share_name

if TYPE_CHECKING:
    from bot.vision.recognizer import Recognition

_MOST_HIGH: Final = 1000
_BETWEEN: Final = 28
_TITLE_ROW: Final = 84
_LEGEND: Final = 100
_STOPS: Final = np.array([[255, 236, 170], [251, 176, 64], [222, 83, 26], [140, 12, 30]], dtype=np.float32)
_STRONGEST: Final = 0.82
"""How much of the photo the deepest colour covers."""
_WEAKEST: Final = 0.25
"""The same for places without any effect: the garment stays visible as what was looked at."""
_PALE: Final = 0.3
"""The deepest colour where no part decides."""
_NOTHING: Final = 1e-9


def why_card(
    recognition: "Recognition", label: int, heat: NDArray[np.float32], language: Language, *, decisive: bool = True
) -> bytes:
    """Draw the heat map over the photo.

    Args:
        recognition: what was found in the photo.
        label: what is explained, 0-9, or 10 for none of the ten.
        heat: float32 [h, w], the photo's proportions; how much hiding each place lowers the class's probability.
            Places at or below 0 stay uncoloured.
        language: of the words.
        decisive: whether the hottest places decide anything; pale colours say that they hardly do.

    Returns:
        JPEG, 1080 pixels wide.
    """
    name = share_name(label, language)
    return _side_by_side(recognition, [_Column(name, heat, decisive)], language).jpeg()


def why_two_card(
    recognition: "Recognition", columns: "Sequence[tuple[int, NDArray[np.float32], bool]]", language: Language
) -> bytes:
    """Draw the heat maps of both candidates of an unsure answer side by side.

    Args:
        recognition: what was found in the photo.
        columns: for each candidate its label, its heat and whether the hottest places decide anything, as in
            :func:`why_card`.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    drawn = [_Column(share_name(label, language), heat, decisive) for label, heat, decisive in columns]
    return _side_by_side(recognition, drawn, language).jpeg()


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """One heat map: whose it is, and what it shows."""

    name: str
    heat: NDArray[np.float32]
    decisive: bool


def _side_by_side(recognition: "Recognition", columns: "Sequence[_Column]", language: Language) -> Canvas:
    words, pixels = texts(language).pictures, recognition.photo.pixels
    inner = WIDTH - 2 * MARGIN
    room = (inner - _BETWEEN * (len(columns) - 1)) // len(columns)
    width, height = fit_inside(pixels.shape[1], pixels.shape[0], room, _MOST_HIGH)
    canvas = Canvas(MARGIN + _TITLE_ROW + height + _LEGEND + MARGIN)
    photo = resized(pixels, width, height)
    mask = scaled_mask(recognition.garment.mask, width, height)
    cover = np.asarray(mask / np.float32(255), np.float32)
    titles = [words.why.format(name=column.name) for column in columns]
    size = min(fitted(title, 44, True, room) for title in titles)
    for place, (column, title) in enumerate(zip(columns, titles, strict=True)):
        left = MARGIN + place * (room + _BETWEEN)
        canvas.text((left, MARGIN + 24), title, size, bold=True)
        heated = _heated(photo, column.heat, cover, 1.0 if column.decisive else _PALE)
        shown = draw_outline(heated, mask)
        canvas.paste(shown, (left + (room - width) / 2, MARGIN + _TITLE_ROW))

    top = MARGIN + _TITLE_ROW + height + 24
    scale = np.broadcast_to(_colours(np.linspace(0, 1, inner, dtype=np.float32)), (30, inner, 3))
    canvas.paste(np.ascontiguousarray(scale), (MARGIN, top))
    canvas.text((MARGIN, top + 58), words.why_less, 30, MUTED)
    canvas.text((WIDTH - MARGIN, top + 58), words.why_more, 30, MUTED, anchor="rm")
    return canvas


def _heated(photo: Pixels, heat: NDArray[np.float32], mask: NDArray[np.float32], deepest: float) -> Pixels:
    """Colour the garment by heat on a light gray photo, keeping its folds visible.

    Args:
        photo: uint8 [h, w, 3].
        heat: float32, of any size.
        mask: float32 [h, w], 0..1.
        deepest: 0..1, the colour of the hottest place.
    """
    height, width = photo.shape[:2]
    scaled = cv2.resize(np.asarray(heat, np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    strength = np.asarray(np.clip(scaled, 0, None) * mask, dtype=np.float32)
    strength *= deepest / max(float(strength.max(initial=0.0)), _NOTHING)
    gray = cv2.cvtColor(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    light = cv2.convertScaleAbs(gray, alpha=165 / 255, beta=90)
    folds = cv2.convertScaleAbs(gray, alpha=0.3, beta=0.7 * 255)
    coloured = cv2.multiply(_colours(strength), folds, scale=1 / 255)
    cover = mask * (_WEAKEST + (_STRONGEST - _WEAKEST) * np.sqrt(strength))
    return np.asarray(cv2.blendLinear(coloured, light, cover, 1 - cover), dtype=np.uint8)


def _colours(strength: NDArray[np.float32]) -> Pixels:
    """Map 0..1 to colours, pale yellow to dark red; darker is stronger, also without colour vision."""
    levels = np.linspace(0, 255, len(_STOPS), dtype=np.float32)
    table = np.stack([np.interp(np.arange(256), levels, _STOPS[:, channel]) for channel in range(3)], axis=-1)
    return np.asarray(table.astype(np.uint8)[np.rint(strength * 255).astype(np.uint8)])
