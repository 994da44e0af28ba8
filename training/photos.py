"""The training photos as 28x28 pictures, each in many variants, made by the bot's own eyes.

A photo is turned, zoomed and recoloured *before* the garment is found in it, so that the front end's mistakes are in
the training set as they will be in service. Found pictures are a few hundred bytes each: all variants of all photos
stay in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from bot.vision.photo import Photo
from bot.vision.pixels import to_pixels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from bot.vision.garment import GarmentFinder

TURN_DEGREES = 9.0
ZOOM = 0.12
STRETCH = 0.05
"""Standard deviations of the variants' geometry; zoom and stretch of the logarithm."""

UPRIGHT_SHARE = 0.92
"""The rest is turned by any angle: people photograph from every side."""


@dataclass(frozen=True, slots=True, eq=False)
class PhotoPictures:
    """Variants of photos as the model sees them.

    Attributes:
        pixels: uint8 [photos, variants, 28, 28]; variant 0 is the photo as it is.
        quality: float32 [photos, variants], the finder's quality.
    """

    pixels: NDArray[np.uint8]
    quality: NDArray[np.float32]


def picture_variants(
    photos: Iterable[Photo],
    finder: GarmentFinder,
    variants: int,
    seed: int,
    progress: Callable[[], None] = lambda: None,
) -> PhotoPictures:
    """Convert photos through the front end.

    Args:
        photos: decoded photos.
        finder: the bot's garment finder.
        variants: pictures a photo; the first is not varied.
        seed: of the variation.
        progress: called after each photo.
    """
    pixels, quality = [], []
    for index, photo in enumerate(photos):
        rng = np.random.default_rng([seed, index])
        row, row_quality = [], []
        for variant in range(variants):
            seen = photo if variant == 0 else vary(photo, rng)
            garment = finder.find(seen)[0]
            row.append((to_pixels(seen, garment) * 255 + 0.5).astype(np.uint8))
            row_quality.append(garment.quality)
        pixels.append(row)
        quality.append(row_quality)
        progress()
    return PhotoPictures(np.array(pixels, np.uint8), np.array(quality, np.float32))


def vary(photo: Photo, rng: np.random.Generator) -> Photo:
    """Turn, zoom, stretch, mirror and recolour a whole photo, as another person might have taken it."""
    height, width = photo.pixels.shape[:2]
    angle = rng.normal(0, TURN_DEGREES) if rng.random() < UPRIGHT_SHARE else rng.uniform(-180, 180)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, float(np.exp(rng.normal(0, ZOOM))))
    stretch = float(np.exp(rng.normal(0, STRETCH)))
    matrix[0] *= stretch * (1 if rng.random() < 0.5 else -1)
    matrix[1] /= stretch
    middle = matrix[:, :2] @ np.array([width / 2, height / 2])
    matrix[:, 2] = np.array([width, height]) * (0.5 + rng.normal(0, 0.03, 2)) - middle
    moved = cv2.warpAffine(photo.pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Photo(_recoloured(moved.astype(np.uint8), rng))


def _recoloured(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """White balance, exposure, gamma, saturation, sometimes another hue; blur and noise of a cheap phone."""
    if rng.random() < 0.5:
        hsv = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2HSV).astype(np.float32)
        hsv[..., 0] = (hsv[..., 0] + rng.uniform(0, 180)) % 180
        hsv[..., 1] *= rng.uniform(0.4, 1.3)
        pixels = cv2.cvtColor(np.clip(hsv, 0, 255).astype(np.uint8), cv2.COLOR_HSV2RGB).astype(np.uint8)
    picture = pixels.astype(np.float32) / 255
    picture = picture * np.exp(rng.normal(0, 0.06, 3)).astype(np.float32) * np.float32(np.exp(rng.normal(0, 0.12)))
    picture = np.clip(picture, 0, 1) ** np.float32(np.exp(rng.normal(0, 0.2)))
    if rng.random() < 0.25:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 2.0)).astype(np.float32)
    if rng.random() < 0.25:
        picture = picture + rng.normal(0, rng.uniform(0.01, 0.05), picture.shape).astype(np.float32)
    return np.asarray(np.clip(picture * 255, 0, 255)).astype(np.uint8)
