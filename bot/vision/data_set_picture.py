"""Whether a photo is a picture of Fashion-MNIST, at its own size or enlarged, and its 28x28 pixels.

The course's page shows them enlarged, in blocks or smoothed; people send screenshots of that. Such a picture is gray,
square and black around the garment, and nothing in it is finer than a 28th of its side: drawn small and enlarged
again, it is the same but for a little, and drawn smaller it is not. A photo of a garment on black loses more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.vision.classifier import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.vision.photo import Photo

BLACK: Final = 24
"""What JPEG makes of black, and of gray: channels of these pictures differ by no more than this."""

GRAY_SHARE: Final = 0.985
"""Share of pixels that must be gray: a screenshot's edge may not be."""

SIDES_DIFFER: Final = 0.04
"""Height and width differ by at most this share."""

DARK_EDGE: Final = 0.45
"""Share of the outermost pixels that must be black: shoes and shirts of the data set reach two edges."""

BORDER: Final = 0.05
"""Share of the side that a border may take."""

COMPARED_SIDE: Final = 400
"""Larger pictures are looked at with this side, pixels: it takes less time, and a 28th of it is all that counts."""

MOST_LOST: Final = 0.48
"""From here on it is a photo: what 28x28 pixels lose of a picture, over what 14x14 pixels lose of these.

Enlarged pictures have up to .35, with a border that takes part of a pixel up to .47; photos of garments cut out on
black have .5 and more.
"""

LOST_TOLERANCE: Final = 0.15
"""Of borders that lose no more than this above the least, the thinnest is cut off."""

_ENLARGED: Final = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)


def data_set_pixels(photo: Photo) -> NDArray[np.float32] | None:
    """The 28x28 pixels of a picture of the data set.

    Args:
        photo: the decoded photo.

    Returns:
        float32 [28, 28], 0..1, garment bright on black; None for any other photo.
    """
    height, width = photo.pixels.shape[:2]
    if min(height, width) < SIDE or abs(height - width) > SIDES_DIFFER * max(height, width):
        return None
    if _colored_share(photo.pixels) > 1 - GRAY_SHARE:
        return None
    gray = photo.pixels.astype(np.float32).mean(2)
    if gray.shape == (SIDE, SIDE):
        return _normalised(gray) if _on_black(gray) else None
    if max(gray.shape) > COMPARED_SIDE:
        gray = np.asarray(cv2.resize(gray, (COMPARED_SIDE, COMPARED_SIDE), interpolation=cv2.INTER_AREA), np.float32)
    tried = []
    for border in range(round(BORDER * min(gray.shape)) + 1):
        inner = np.ascontiguousarray(gray[border : gray.shape[0] - border, border : gray.shape[1] - border])
        if min(inner.shape) < SIDE or not _on_black(inner):
            continue
        small = np.asarray(cv2.resize(inner, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)
        tried.append((_lost(inner, small), small))
    least = min((lost for lost, _ in tried), default=MOST_LOST)
    if least >= MOST_LOST:
        return None
    return next(_normalised(small) for lost, small in tried if lost <= least + LOST_TOLERANCE)


def _colored_share(pixels: NDArray[np.uint8]) -> float:
    """Share of pixels that are not gray; a photo's channels are compared quicker apart than side by side."""
    red, green, blue = cv2.split(pixels)
    spread = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    return np.count_nonzero(np.asarray(spread) > BLACK) / spread.size


def _on_black(gray: NDArray[np.float32]) -> bool:
    """Whether it is black around the garment, and the garment is not black."""
    edge = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    corners = [gray[0, 0], gray[0, -1], gray[-1, 0], gray[-1, -1]]
    dark = float((edge <= BLACK).mean()) >= DARK_EDGE and float(np.median(corners)) <= BLACK
    return dark and float(gray.max()) > 4 * BLACK


def _lost(gray: NDArray[np.float32], small: NDArray[np.float32]) -> float:
    """What 28x28 pixels lose of a picture, over what 14x14 pixels lose of these."""
    lost = min(_rms(_enlarged(small, gray, method) - gray) for method in _ENLARGED)
    half = np.asarray(cv2.resize(small, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA), np.float32)
    return lost / max(_rms(_enlarged(half, small, cv2.INTER_LINEAR) - small), 1e-6)


def _enlarged(small: NDArray[np.float32], like: NDArray[np.float32], method: int) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(small, like.shape[::-1], interpolation=method), np.float32)


def _rms(values: NDArray[np.float32]) -> float:
    return float(np.sqrt((values**2).mean()))


def _normalised(gray: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.clip(np.where(gray <= 2, 0, gray), 0, 255) / np.float32(255), np.float32)
