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
import sklearn  # type: ignore[import-untyped]

from bot.vision.garment import GarmentFinder
from bot.vision.labels import BAG, SHOES
from bot.vision.photo import Photo
from bot.vision.segmenter import TfliteSegmenter
from training.photos import found_picture, read_photo
from training.scenes import Cut, SceneMaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.dataset import ListedPhoto
    from training.pictures import Pictures

CUTS: Final = 400
"""Photos whose grounds and cloths the drawn scenes use."""

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
        pixels.append(found_picture(photo, finder))
    return np.array(pixels, np.uint8)


def drawn_outliers(
    listed: Sequence[ListedPhoto], data_dir: Path, pictures: Pictures, segmenter: Path, count: int, seed: int
) -> NDArray[np.uint8]:
    """Outliers whose grounds and textures come from the training photos: uint8 [count, 28, 28]."""
    finder = GarmentFinder(TfliteSegmenter(segmenter.read_bytes(), interpreters=1))
    rng = np.random.default_rng(seed)
    cuts = []
    for index in rng.choice(len(listed), min(len(listed), CUTS), replace=False):
        photo = read_photo(listed[index].path(data_dir))
        mask = (finder.find(photo)[0].mask > 0.5).astype(np.uint8)
        cuts.append(Cut(photo.pixels, mask, listed[index].label))
    labels, images = pictures.train.labels, pictures.train.images
    bags, shoes = images[labels == BAG], images[np.isin(labels, SHOES)]
    return outlier_pictures(SceneMaker(cuts, bags, shoes, library_pictures(), rng), finder, count)
