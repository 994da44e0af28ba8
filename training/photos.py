"""The training photos as 28x28 pictures, each in many variants, made by the bot's own eyes.

A photo is turned, zoomed and recoloured *before* the garment is found in it, so that the front end's mistakes are in
the training set as they will be in service. Found pictures are a few hundred bytes each: all variants of all photos
stay in memory.
"""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import cv2
import numpy as np

from bot.vision.garment import GarmentFinder
from bot.vision.photo import Photo, PhotoError, decode
from bot.vision.pixels import to_pixels
from bot.vision.segmenter import TfliteSegmenter
from training.errors import TrainingError
from training.files import replace_durably

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

CONVERSION = 1
"""Raised whenever photos are found or drawn differently, so that no cached picture outlives its making."""

TURN_DEGREES = 9.0
ZOOM = 0.12
STRETCH = 0.05
"""Standard deviations of the variants' geometry; zoom and stretch of the logarithm."""

UPRIGHT_SHARE = 0.92
"""The rest is turned by any angle: people photograph from every side."""


WORKERS = 2
"""Photos converted at the same time; OpenCV and the interpreter release Python's lock."""


def picture_variants(photos: Sequence[Path], finder: GarmentFinder, variants: int, seed: int) -> NDArray[np.uint8]:
    """Convert photo files through the front end.

    Args:
        photos: image files.
        finder: the bot's garment finder.
        variants: pictures a photo; the first is the photo as it is.
        seed: of the variation.

    Returns:
        uint8 [photos, variants, 28, 28].

    Raises:
        TrainingError: a photo is damaged.
    """

    def convert(index: int) -> list[NDArray[np.uint8]]:
        return photo_variants(read_photo(photos[index]), finder, variants, np.random.default_rng([seed, index]))

    with ThreadPoolExecutor(WORKERS) as pool:
        return np.array(list(pool.map(convert, range(len(photos)))), np.uint8)


def photo_variants(
    photo: Photo, finder: GarmentFinder, variants: int, rng: np.random.Generator
) -> list[NDArray[np.uint8]]:
    """The pictures of one photo, uint8 [28, 28] each; the first is the photo as it is."""
    return [found_picture(photo if variant == 0 else vary(photo, rng), finder) for variant in range(variants)]


def cached_variants(
    photos: Sequence[Path], segmenter: Path, variants: int, seed: int, cache: Path
) -> NDArray[np.uint8]:
    """As :func:`picture_variants`, kept in ``cache`` under a name that changes with whatever could change them."""
    network = segmenter.read_bytes()
    key = hashlib.sha256(repr([CONVERSION, variants, seed, [photo.name for photo in photos]]).encode() + network)
    kept = cache / f"photos-{key.hexdigest()[:16]}.npy"
    if kept.exists():
        return np.asarray(np.load(kept))
    finder = GarmentFinder(TfliteSegmenter(network, interpreters=WORKERS))
    pictures = picture_variants(photos, finder, variants, seed)
    cache.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    np.save(buffer, pictures)
    replace_durably(kept, buffer.getvalue())
    return pictures


def read_photo(path: Path) -> Photo:
    """Decode a photo file.

    Raises:
        TrainingError: it is missing or damaged.
    """
    try:
        return decode(path.read_bytes())
    except PhotoError as error:
        raise TrainingError(f"{path} cannot be used ({error}): delete it, and it will be fetched again.") from error


def found_picture(photo: Photo, finder: GarmentFinder) -> NDArray[np.uint8]:
    """What the model would see of a photo: uint8 [28, 28]."""
    return (to_pixels(photo, finder.find(photo)[0]) * 255 + 0.5).astype(np.uint8)


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
    moved = cv2.warpAffine(photo.pixels, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return Photo(recoloured(moved.astype(np.uint8), rng))


def recoloured(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
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
