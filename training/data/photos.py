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
from typing import TYPE_CHECKING

import cv2
import numpy as np

from bot.registry.files import replace_durably
from bot.vision.decoding import decode
from bot.vision.garment import find, overlap, whole_photo
from bot.vision.photo import Photo, PhotoError
from bot.vision.pixels import to_pixels
from bot.vision.segmenter import TfliteSegmenter
from training.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.storage.types import Box
    from bot.vision.garment import Garment, Segmenter

CONVERSION = 3
"""Raised whenever photos are found or drawn differently, so that no cached picture outlives its making."""

TURN_DEGREES = 9.0
ZOOM = 0.12
STRETCH = 0.05
"""Standard deviations of the variants' geometry; zoom and stretch of the logarithm."""

UPRIGHT_SHARE = 0.92
"""The rest is turned by any angle: people photograph from every side."""


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
    photo: Photo, segmenter: Segmenter, variants: int, rng: np.random.Generator, box: Box | None = None
) -> list[NDArray[np.uint8]]:
    """The pictures of one photo; the first is the photo as it is.

    Args:
        photo: the decoded photo.
        segmenter: the one that serves.
        variants: how many pictures.
        rng: decides the variation.
        box: where in the photo the garment is; None for the likeliest one.

    Returns:
        uint8 [28, 28] each.
    """
    pictures = [found_picture(photo, segmenter, box)]
    for _ in range(variants - 1):
        movement = random_movement(photo, rng)
        varied = Photo(recoloured(moved(photo, movement), rng))
        pictures.append(found_picture(varied, segmenter, None if box is None else moved_box(box, movement)))
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


def found_picture(photo: Photo, segmenter: Segmenter, box: Box | None = None) -> NDArray[np.uint8]:
    """What the model would see of a photo's garment at ``box``, or of the likeliest one: uint8 [28, 28]."""
    return (to_pixels(photo, garment_at(garments_in(photo, segmenter), box)) * 255 + 0.5).astype(np.uint8)


def garment_at(garments: Sequence[Garment], box: Box | None) -> Garment:
    """The garment that overlaps a box most; of equals, and without a box, the first one: the likeliest subject."""
    return garments[int(np.argmax([0.0 if box is None else overlap(garment.box, box) for garment in garments]))]


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


def moved_box(box: Box, movement: NDArray[np.float64]) -> Box:
    """The upright box around a box that went through an affine map; it may reach over the photo's edge."""
    left, top, right, bottom = box
    corners = movement @ np.array([[left, right, left, right], [top, top, bottom, bottom], [1, 1, 1, 1]])
    low, high = np.floor(corners.min(axis=1)), np.ceil(corners.max(axis=1))
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


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
