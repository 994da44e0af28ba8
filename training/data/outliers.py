"""Pictures that show no clothing, and what the front end makes of them.

Groceries and rubbish of their data set; cats, coffee cups, rockets, temples and textures that scikit-image and
scikit-learn ship. Some of the library pictures are never trained on, to measure with.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import skimage
import sklearn  # type: ignore[import-untyped]

from bot.vision.garment import Garment, find
from bot.vision.photo import Photo
from bot.vision.pixels import to_pixels
from bot.vision.segmenter import TfliteSegmenter
from training.data.masks import random_piece
from training.data.photos import moved, random_movement, read_photo, recoloured
from training.data.splits import no_clothing_photos

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

LEAST_SIDE: Final = 60
"""Smaller library pictures are logos and icons."""

KEPT_SIDE: Final = 256

SHOW_CLOTHING: Final = frozenset({"astronaut", "camera"})
"""Library pictures of dressed people."""

MEASURED_ONLY: Final = frozenset({"chelsea", "coffee", "rocket", "china", "horse", "grass", "motorcycle_right"})
"""Library pictures that are never trained on: a cat, a cup, a launch, a temple, a drawing, a lawn, a garage."""


def library_pictures(*, measured_only: bool = False) -> list[NDArray[np.uint8]]:
    """Load the pictures without clothing that the libraries ship: uint8 [h, w, 3] RGB each.

    Args:
        measured_only: the ones kept away from training, instead of the ones to train on.
    """
    folders = (Path(skimage.__file__).parent / "data", Path(sklearn.__file__).parent / "datasets" / "images")
    paths = sorted(p for folder in folders for p in folder.iterdir() if p.suffix in (".png", ".jpg"))
    found = []
    for path in paths:
        if path.stem in SHOW_CLOTHING or (path.stem in MEASURED_ONLY) != measured_only:
            continue
        if path.stem == "motorcycle_left":  # the same garage as motorcycle_right
            continue
        picture = cv2.imread(str(path))
        if picture is None or min(picture.shape[:2]) < LEAST_SIDE:
            continue
        scale = min(1.0, KEPT_SIDE / min(picture.shape[:2]))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found.append(np.ascontiguousarray(small[:, :, ::-1]).astype(np.uint8))
    return found


def outlier_pictures(
    data_dir: Path,
    segmenter: Path,
    count: int,
    seed: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> NDArray[np.uint8]:
    """Photos of no clothing through the front end: uint8 [count, 28, 28].

    Each is turned, zoomed and recoloured; where the segmenter finds nothing in it, a piece of it stands for a find.

    Args:
        data_dir: has the photos, or gets them.
        segmenter: the network's file.
        count: how many.
        seed: decides which, and how they are varied.
        progress: told how many of how many are done.

    Raises:
        DataError: photos are missing and cannot be had.
        TrainingError: a photo is damaged.
    """
    pictures = [read_photo(photo.path(data_dir)).pixels for photo in no_clothing_photos(data_dir)]
    pictures += library_pictures()
    served, rng = TfliteSegmenter(segmenter.read_bytes(), interpreters=1), np.random.default_rng(seed)
    pixels = []
    for at in rng.integers(len(pictures), size=count):
        plain = Photo(pictures[at])
        photo = Photo(recoloured(moved(plain, random_movement(plain, rng)), rng))
        garment = next(iter(find(photo, served)), None) or _piece(photo, rng)
        pixels.append((to_pixels(photo, garment) * 255 + 0.5).astype(np.uint8))
        progress(len(pixels), count)
    return np.array(pixels, np.uint8)


def _piece(photo: Photo, rng: np.random.Generator) -> Garment:
    """Something found anywhere in a photo."""
    mask = random_piece(photo.pixels.shape, rng)
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    box = (left, top, left + width, top + height)
    return Garment(mask.astype(np.float32), box, area=float(mask.mean()), quality=1.0)
