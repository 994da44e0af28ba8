"""Pictures that show none of the ten classes: library pictures, drawn scenes, and what the front end makes of them.

scikit-image and scikit-learn ship photos of cats, coffee cups, rockets, temples and textures; the rest is drawn by
:class:`training.scenes.SceneMaker`. Some of the library pictures are never trained on, to measure with.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import skimage
import sklearn

from bot.vision.photo import Photo
from bot.vision.pixels import to_pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.vision.garment import GarmentFinder
    from training.scenes import SceneMaker

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


def outlier_pictures(maker: SceneMaker, finder: GarmentFinder, count: int) -> NDArray[np.uint8]:
    """Draw scenes without clothing and convert what the finder takes for a garment: uint8 [count, 28, 28]."""
    pixels = []
    for _ in range(count):
        photo = Photo(maker.nothing().pixels)
        pixels.append((to_pixels(photo, finder.find(photo)[0]) * 255 + 0.5).astype(np.uint8))
    return np.array(pixels, np.uint8)
