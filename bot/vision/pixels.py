"""From a garment in a photo to the 28x28 gray picture that the model reads.

The picture is made to look like one of Fashion-MNIST (arXiv 1708.07747, section 2): the garment bright on black, its
longest side 28 pixels, centred, dark cloth bright and light cloth dark, crisp. One thing differs on purpose: tones
are stretched to the data set's range whatever the light in the room, because white garments, which the data set left
out, would be black on black otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.vision.classifier import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.vision.garment import Garment
    from bot.vision.photo import Photo

MIDDLE_TONE: Final = 0.62
"""Mean brightness of a garment in Fashion-MNIST (quartiles 124, 161, 188 of 255)."""

TONE_SPREAD: Final = 0.17
"""Standard deviation of a garment's tones in Fashion-MNIST."""

MIN_SPREAD: Final = 0.06
"""Standard deviation of gray below which a cloth is plain: stretching it further would show only noise."""

_NEGATIVE: Final = 1 - np.arange(256, dtype=np.uint8) / np.float32(255)
"""Each level of gray, 0..255, as 1..0."""

SHARPEN: Final = 0.6
"""Strength of the unsharp mask (radius 1): area averaging alone is softer than the data set."""


def to_pixels(photo: Photo, garment: Garment) -> NDArray[np.float32]:
    """Draw the garment as the model expects it.

    Args:
        photo: the photo, uint8 [h, w, 3] RGB.
        garment: where the garment is in it.

    Returns:
        float32 [28, 28], 0..1, garment bright on black.
    """
    left, top, right, bottom = garment.box
    gray = cv2.cvtColor(photo.pixels[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
    negative = np.asarray(cv2.LUT(gray, _NEGATIVE), np.float32)
    alpha = garment.mask[top:bottom, left:right]
    scale = SIDE / max(gray.shape)
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    # The mask weights the average, so that no background bleeds into the garment's edge.
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    cover = np.asarray(cv2.resize(alpha, size, interpolation=method), np.float32)
    weighted = np.asarray(cv2.resize(alpha * negative, size, interpolation=method), np.float32)
    own = (weighted / np.maximum(cover, 1e-3)).astype(np.float32)
    toned = _sharpen(tone(own, cover), cover)
    return _centre((toned * np.clip(cover * 1.5 - 0.25, 0, 1)).astype(np.float32))


def tone(negative: NDArray[np.float32], cover: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring a garment's tones to Fashion-MNIST's mean and spread.

    Args:
        negative: float32 [h, w], 0..1, dark cloth bright.
        cover: float32 [h, w], 0..1, how much of each pixel is garment.

    Returns:
        float32 [h, w], 0.15..1 inside the garment.
    """
    weight = cover / max(float(cover.sum()), 1e-6)
    mean = float((negative * weight).sum())
    spread = float(np.sqrt(((negative - mean) ** 2 * weight).sum()))
    toned = MIDDLE_TONE + (negative - mean) * (TONE_SPREAD / max(spread, MIN_SPREAD))
    return np.asarray(np.clip(toned, 0.15, 1.0), np.float32)


def _sharpen(toned: NDArray[np.float32], cover: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unsharp mask inside the garment; what is outside does not count as dark."""
    blurred = cv2.GaussianBlur(toned * cover, (3, 3), 0.8) / np.maximum(cv2.GaussianBlur(cover, (3, 3), 0.8), 1e-3)
    return np.asarray(np.clip(toned + SHARPEN * (toned - blurred), 0.1, 1.0), np.float32)


def _centre(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """Put it in the middle of the black square; the odd pixel goes left and top, as in the data set."""
    height, width = small.shape
    pixels = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - height + 1) // 2, (SIDE - width + 1) // 2
    pixels[top : top + height, left : left + width] = small
    return pixels
