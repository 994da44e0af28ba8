"""Bring together what the published model learns from, and the photos that it is calibrated on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.dataset import ensure_photos, photo_list
from training.evaluate import LABEL_CLASSES
from training.outliers import drawn_outliers
from training.photos import cached_variants
from training.world import World, answer_rows, balanced_draw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bot.dataset import ListedPhoto
    from training.pictures import Pictures

PHOTO_VARIANTS: Final = 14
"""Pictures made of each photo; the augmentation of batches varies them further."""

REFRESH_VARIANTS: Final = 6
"""The same for a refresh. It draws about as many photos as these make; more would take longer to find than to learn."""

VARIANT_SEED: Final = 7
"""Of the variants, the same for every run, so that they are made once."""

OUTLIERS: Final = 2500
"""Drawn scenes without clothing, and as many near misses (shorts, hats, skirts)."""

SENDER_FOLDS: Final = 10
CALIBRATION_FOLDS: Final = frozenset({4, 7})
"""Senders whose photos are kept for calibration: folds with few shoes, since training photos of shoes are few."""


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationPhotos:
    """Training photos of people whose photos the network does not learn from.

    Attributes:
        paths: image files.
        classes: what each may be; empty for clothing outside the ten.
    """

    paths: Sequence[Path]
    classes: Sequence[frozenset[int]]


def calibrates(photo: ListedPhoto) -> bool:
    """Whether a photo's sender is kept for temperature and thresholds: 27 of 166 people, 240 photos."""
    digest = hashlib.sha1(photo.sender_id.encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % SENDER_FOLDS in CALIBRATION_FOLDS


def gather(
    pictures: Pictures,
    data_dir: Path,
    segmenter: Path,
    cache: Path,
    say: Callable[[str], None],
    variants: int = PHOTO_VARIANTS,
) -> tuple[World, CalibrationPhotos]:
    """Bring together what the published model learns from, and the photos that it is calibrated on.

    Args:
        pictures: Fashion-MNIST.
        data_dir: where the clothing photos are.
        segmenter: the front end's network.
        cache: folder for converted photos.
        say: told what takes long.
        variants: pictures a photo.

    Raises:
        DataError: photos are missing and cannot be fetched.
        TrainingError: a photo is damaged.
    """
    listed = [photo for photo in photo_list() if photo.split == "train"]
    ensure_photos(data_dir, listed)
    say(f"finding the garments of {len(listed)} photos, {variants} variants each; kept for the next run ...")
    paths = [photo.path(data_dir) for photo in listed]
    found = cached_variants(paths, segmenter, variants, VARIANT_SEED, cache)
    classes = [_classes(photo) for photo in listed]
    learnt = np.array([not calibrates(photo) for photo in listed])
    ten = np.array([bool(each) for each in classes])
    answers = answer_rows([each for each, keep in zip(classes, learnt & ten, strict=True) if keep])
    near_misses = found[learnt & ~ten].reshape(-1, *found.shape[2:])
    drawn = drawn_outliers(listed, data_dir, pictures, segmenter, OUTLIERS, VARIANT_SEED)
    rest = pictures.rest()
    world = World(
        images=rest.images,
        labels=rest.labels,
        photos=found[learnt & ten],
        answers=answers,
        draw=balanced_draw(answers),
        outliers=np.concatenate([near_misses[:: len(near_misses) // OUTLIERS or 1], drawn]),
    )
    return world, calibration_photos(data_dir)


def calibration_photos(data_dir: Path) -> CalibrationPhotos:
    """The photos that temperature and thresholds come from.

    Raises:
        DataError: photos are missing and cannot be fetched.
    """
    listed = [photo for photo in photo_list() if photo.split == "train" and calibrates(photo)]
    ensure_photos(data_dir, listed)
    return CalibrationPhotos([photo.path(data_dir) for photo in listed], [_classes(photo) for photo in listed])


def _classes(photo: ListedPhoto) -> frozenset[int]:
    return LABEL_CLASSES.get(photo.label, frozenset())
