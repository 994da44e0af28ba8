"""The training photos as 28x28 pictures, each in many variants, found by the networks that serve.

A photo is turned, zoomed and recoloured *before* the garment is found in it, so that the front end's mistakes are in
the training set as they will be in service. Found pictures are a few hundred bytes each: all variants of all photos
stay in memory.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from bot.registry.files import replace_durably
from bot.vision.decoding import decode
from bot.vision.garment import find, whole_photo
from bot.vision.photo import Photo, PhotoError
from bot.vision.pixels import to_pixels
from bot.vision.segmenter import TfliteSegmenter
from training.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.vision.garment import Garment, Segmenter

CONVERSION = 3
"""Raised whenever photos are found or drawn differently, so that no cached picture outlives its making."""

TURN_DEGREES = 9.0
ZOOM = 0.12
STRETCH = 0.05
"""Standard deviations of the variants' geometry; zoom and stretch of the logarithm."""

UPRIGHT_SHARE = 0.92
"""The rest is turned by any angle: people photograph from every side."""


LEAST_IN_VIEW = 0.5
"""With less than this share of a corrected garment left in view, its photo stays where it is."""


WORKERS = 2
"""Photos converted at the same time; OpenCV and the interpreter release Python's lock."""


Progress = Callable[[int, int], None]
"""Told how many photos of how many are done."""


def _silent(done: int, total: int) -> None:
    """Nobody wants to know."""


def picture_variants(
    photos: Sequence[Path], segmenter: Segmenter, variants: int, seed: int, progress: Progress = _silent
) -> NDArray[np.uint8]:
    """Convert photo files through the front end.

    Args:
        photos: image files.
        segmenter: the one that serves.
        variants: pictures a photo; the first is the photo as it is.
        seed: of the variation.
        progress: told after each photo.

    Returns:
        uint8 [photos, variants, 28, 28].

    Raises:
        TrainingError: a photo is damaged.
    """

    def convert(index: int) -> list[NDArray[np.uint8]]:
        return photo_variants(read_photo(photos[index]), segmenter, variants, np.random.default_rng([seed, index]))

    pictures: list[list[NDArray[np.uint8]]] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            for one in pool.map(convert, range(len(photos))):
                pictures.append(one)
                progress(len(pictures), len(photos))
        except BaseException:  # Ctrl-C, too: hundreds of photos are waiting
            pool.shutdown(cancel_futures=True)
            raise
    return np.array(pictures, np.uint8)


def photo_variants(
    photo: Photo, segmenter: Segmenter, variants: int, rng: np.random.Generator
) -> list[NDArray[np.uint8]]:
    """The pictures of one photo; the first is the photo as it is.

    Args:
        photo: the decoded photo.
        segmenter: the one that serves.
        variants: how many pictures.
        rng: decides the variation.

    Returns:
        uint8 [28, 28] each.
    """
    pictures = [found_picture(photo, segmenter)]
    for _ in range(variants - 1):
        varied = Photo(recoloured(moved(photo, random_movement(photo, rng)), rng))
        pictures.append(found_picture(varied, segmenter))
    return pictures


def garment_variants(
    photo: Photo, garment: Garment, variants: int, rng: np.random.Generator
) -> list[NDArray[np.uint8]]:
    """The pictures of one garment, whose outline moves with the photo; otherwise as :func:`photo_variants`."""
    pictures = [picture_of(photo, garment)]
    for _ in range(variants - 1):
        movement = random_movement(photo, rng)
        there = moved_garment(garment, movement)
        if there.area < garment.area * LEAST_IN_VIEW:
            movement, there = np.eye(2, 3), garment
        pictures.append(picture_of(Photo(recoloured(moved(photo, movement), rng)), there))
    return pictures


def cached_variants(
    photos: Sequence[Path], segmenter: Path, variants: int, seed: int, cache: Path, progress: Progress = _silent
) -> NDArray[np.uint8]:
    """As :func:`picture_variants`, kept in ``cache`` under a name that changes with whatever could change them."""
    network = segmenter.read_bytes()
    key = hashlib.sha256(repr([CONVERSION, variants, seed, [photo.name for photo in photos]]).encode() + network)
    kept = cache / f"photos-{key.hexdigest()[:16]}.npy"
    if (pictures := _kept_pictures(kept)) is not None:
        return pictures
    served = TfliteSegmenter(network, interpreters=WORKERS)
    pictures = picture_variants(photos, served, variants, seed, progress)
    cache.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    np.save(buffer, pictures)
    replace_durably(kept, buffer.getvalue())
    return pictures


def _kept_pictures(path: Path) -> NDArray[np.uint8] | None:
    """What was kept in a file; None without it, and when it is damaged."""
    try:
        return np.asarray(np.load(path), np.uint8)
    except (FileNotFoundError, EOFError, ValueError):
        return None


def read_photo(path: Path) -> Photo:
    """Decode a photo file.

    Raises:
        TrainingError: it is missing or damaged.
    """
    try:
        return decode(path.read_bytes())
    except PhotoError as error:
        raise TrainingError(f"{path} cannot be used ({error}): delete it, and it will be fetched again.") from error


def garments_in(photo: Photo, segmenter: Segmenter) -> tuple[Garment, ...]:
    """What is found in a photo, at least one: the whole of it where there is nothing."""
    return find(photo, segmenter) or (whole_photo(photo),)


def found_picture(photo: Photo, segmenter: Segmenter) -> NDArray[np.uint8]:
    """What the model would see of a photo's likeliest garment: uint8 [28, 28]."""
    return picture_of(photo, garments_in(photo, segmenter)[0])


def picture_of(photo: Photo, garment: Garment) -> NDArray[np.uint8]:
    """What the model would see of a garment: uint8 [28, 28]."""
    return (to_pixels(photo, garment) * 255 + 0.5).astype(np.uint8)


def random_movement(photo: Photo, rng: np.random.Generator) -> NDArray[np.float64]:
    """Turn, zoom, stretch and mirror, as if another person had held the phone: an affine map, float64 [2, 3]."""
    height, width = photo.pixels.shape[:2]
    angle = rng.normal(0, TURN_DEGREES) if rng.random() < UPRIGHT_SHARE else rng.uniform(-180, 180)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, float(np.exp(rng.normal(0, ZOOM))))
    stretch = float(np.exp(rng.normal(0, STRETCH)))
    matrix[0] *= stretch * (1 if rng.random() < 0.5 else -1)
    matrix[1] /= stretch
    middle = matrix[:, :2] @ np.array([width / 2, height / 2])
    matrix[:, 2] = np.array([width, height]) * (0.5 + rng.normal(0, 0.03, 2)) - middle
    return np.asarray(matrix, np.float64)


def moved(photo: Photo, movement: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The photo's pixels under an affine map, uint8 [h, w, 3]; its edges are drawn out into what it leaves bare."""
    height, width = photo.pixels.shape[:2]
    return cv2.warpAffine(photo.pixels, movement, (width, height), borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)


def moved_garment(garment: Garment, movement: NDArray[np.float64]) -> Garment:
    """The garment of a photo that went through an affine map, as far as it is still in view."""
    height, width = garment.mask.shape
    mask = cv2.warpAffine(garment.mask, movement, (width, height)).astype(np.float32)
    solid = mask > 0.5
    left, top, box_width, box_height = cv2.boundingRect(solid.astype(np.uint8))
    return replace(garment, mask=mask, box=(left, top, left + box_width, top + box_height), area=float(solid.mean()))


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
