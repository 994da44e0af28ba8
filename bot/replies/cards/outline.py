"""The garments' outlines on a photo: a line of colour inside a dark one, which shows on any ground."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.replies.cards.canvas import GARMENTS, Colour, Pixels, resized

if TYPE_CHECKING:
    from bot.vision.garment import Garment

Mask = NDArray[np.uint8]
"""Where a garment is in a shown photo, [height, width]: 0 or 255."""

_FADED: Final = 0.42
_FADE_TO: Final = 225.0
_DARK: Final = (20, 26, 30)
_LIGHT: Final = (255, 255, 255)
_SMOOTHING: Final = 2.4
_THIN: Final = 2
_SMALLEST_AREA: Final = 0.0005
_STEP: Final = 4
"""Places for numbers are looked for on a grid of this many pixels."""


def scaled_masks(garments: "Sequence[Garment]", width: int, height: int) -> list[Mask]:
    """Scale the garments' masks to a shown photo's size."""
    return [scaled_mask(garment.mask, width, height) for garment in garments]


def scaled_mask(mask: NDArray[np.float32], width: int, height: int) -> Mask:
    """Scale a mask, 0..1, to a shown photo's size and smooth its edge."""
    levels = cv2.convertScaleAbs(mask, alpha=255)
    scaled = cv2.resize(levels, (width, height), interpolation=cv2.INTER_LINEAR)
    smooth = cv2.GaussianBlur(scaled, (0, 0), _SMOOTHING)
    return np.asarray(cv2.threshold(smooth, 127, 255, cv2.THRESH_BINARY)[1], np.uint8)


def outlined(
    pixels: Pixels, masks: Sequence[Mask], width: int, height: int, *, chosen: int = 0, line: int = 4
) -> Pixels:
    """Scale a photo and draw the outlines of its garments on it; what is no garment fades a little.

    Args:
        pixels: uint8 [h, w, 3], the photo.
        masks: of its garments; each has the colour of its place in :data:`~bot.replies.cards.canvas.GARMENTS`.
        width: of the result, in pixels.
        height: of the result, in pixels.
        chosen: which garment is judged: its line is thicker.
        line: thickness of the coloured lines.

    Returns:
        uint8 [height, width, 3].
    """
    photo = resized(pixels, width, height)
    if not masks:
        return photo
    shown = np.asarray(cv2.convertScaleAbs(photo, alpha=1 - _FADED, beta=_FADED * _FADE_TO), np.uint8)
    for mask in masks:
        cv2.copyTo(photo, mask, shown)
    order = sorted(range(len(masks)), key=lambda place: place == chosen)
    for place in order:
        thickness = line + 2 if place == chosen and len(masks) > 1 else line
        draw_outline(shown, masks[place], line=thickness, colour=GARMENTS[place % len(GARMENTS)])
    return shown


def number_places(masks: Sequence[Mask], room: int) -> list[tuple[float, float]]:
    """Where to write each garment's number: well inside it, and not on another number.

    Args:
        masks: of the garments in the shown photo.
        room: a number's diameter, in pixels.

    Returns:
        The middle of each number in pixels of the shown photo, inside it.
    """
    places: list[tuple[float, float]] = []
    for mask in masks:
        height, width = mask.shape
        coarse = cv2.copyMakeBorder(mask[::_STEP, ::_STEP], 1, 1, 1, 1, cv2.BORDER_CONSTANT)
        depth = _STEP * cv2.distanceTransform(coarse, cv2.DIST_L2, 3)[1:-1, 1:-1]
        rows = np.arange(0, height, _STEP)[:, None]
        columns = np.arange(0, width, _STEP)[None, :]
        score = np.minimum(depth, 0.75 * room) - 0.1 * room * rows / height  # of deep places, the upper ones
        for x, y in places:
            score[np.hypot(columns - x, rows - y) < 1.2 * room] -= 10 * room
        row, column = divmod(int(score.argmax()), score.shape[1])
        places.append((_inside(_STEP * column, width, room), _inside(_STEP * row, height, room)))
    return places


def _inside(place: int, length: int, room: int) -> float:
    return min(max(place, room / 2), length - room / 2) if length > room else length / 2


def draw_outline(photo: Pixels, mask: Mask, *, line: int = 3, colour: Colour = _LIGHT) -> Pixels:
    """Draw the edge of a mask of the same size onto a photo and return it; specks are left out."""
    inset = min(line, (min(mask.shape) - 1) // 2)  # a garment that is cut off keeps its line inside the picture
    inner = mask[inset : mask.shape[0] - inset, inset : mask.shape[1] - inset]
    found, _ = cv2.findContours(inner, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_TC89_L1, offset=(inset, inset))
    smallest = _SMALLEST_AREA * mask.size
    contours = [contour for contour in found if cv2.contourArea(contour) >= smallest]
    cv2.polylines(
        photo, contours, isClosed=True, color=_DARK, thickness=line + (4 if line > _THIN else 3), lineType=cv2.LINE_AA
    )
    cv2.polylines(photo, contours, isClosed=True, color=colour, thickness=line, lineType=cv2.LINE_AA)
    return photo
