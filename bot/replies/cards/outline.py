"""The garment's outline on a photo: a light line inside a dark one, which shows on any ground."""

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.replies.cards.canvas import Pixels, resized

if TYPE_CHECKING:
    from bot.vision.garment import Garment

_FADED: Final = 0.42
_FADE_TO: Final = 225.0
_DARK: Final = (20, 26, 30)
_LIGHT: Final = (255, 255, 255)
_SMOOTHING: Final = 2.4
_SMALLEST_AREA: Final = 0.0005


def outlined(pixels: Pixels, garment: "Garment", width: int, height: int, *, line: int = 3) -> Pixels:
    """Scale a photo and draw the outline of a garment on it; what is not the garment fades a little.

    Args:
        pixels: uint8 [h, w, 3], the photo.
        garment: what was found in it.
        width: of the result, in pixels.
        height: of the result, in pixels.
        line: thickness of the light line.

    Returns:
        uint8 [height, width, 3].
    """
    photo = resized(pixels, width, height)
    mask = scaled_mask(garment.mask, width, height)
    inside = (cv2.GaussianBlur(mask, (0, 0), 1.0) * 255).astype(np.uint8)
    faded = cv2.addWeighted(photo, 1 - _FADED, np.full_like(photo, round(_FADE_TO)), _FADED, 0)
    shown = cv2.blendLinear(photo, faded, inside.astype(np.float32) / 255, 1 - inside.astype(np.float32) / 255)
    return draw_outline(np.asarray(shown, dtype=np.uint8), mask, line=line)


def scaled_mask(mask: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """Scale a mask to a picture's size and smooth its edge: float32 [height, width], 0 or 1."""
    scaled = cv2.resize(np.asarray(mask, dtype=np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    smooth = cv2.GaussianBlur(scaled, (0, 0), _SMOOTHING)
    return (smooth >= 0.5).astype(np.float32)


def draw_outline(photo: Pixels, mask: NDArray[np.float32], *, line: int = 3) -> Pixels:
    """Draw the edge of a mask of the same size onto a photo and return it; specks are left out."""
    solid = np.zeros(mask.shape, np.uint8)
    inset = min(line, (min(mask.shape) - 1) // 2)  # a garment that is cut off keeps its line inside the picture
    inner = slice(inset, mask.shape[0] - inset), slice(inset, mask.shape[1] - inset)
    solid[inner] = mask[inner] >= 0.5
    found, _ = cv2.findContours(solid, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_TC89_L1)
    smallest = _SMALLEST_AREA * mask.size
    contours = [contour for contour in found if cv2.contourArea(contour) >= smallest]
    cv2.polylines(photo, contours, isClosed=True, color=_DARK, thickness=line + 4, lineType=cv2.LINE_AA)
    cv2.polylines(photo, contours, isClosed=True, color=_LIGHT, thickness=line, lineType=cv2.LINE_AA)
    return photo
