"""Bring together what the published model learns from, and the photos that it is calibrated on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.datasets import ensure_photos, photo_list
from bot.vision.labels import NO_CLOTHING
from training.data.outliers import outlier_pictures
from training.data.photos import cached_variants
from training.data.set_labels import LABEL_CLASSES, flat_outcomes, shop_outcomes, worn_most
from training.data.splits import calibrates, flat_photos, no_clothing_photos, shop_photos, street_photos
from training.data.training_set import TrainingSet, answer_rows, balanced_draw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bot.datasets import ListedPhoto
    from training.data.fashion_mnist import FashionMnist

VARIANT_SEED: Final = 7
"""Of the variants, the same for every run, so that they are made once."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is brought together.

    Attributes:
        variants: pictures made of each photo; the augmentation of batches varies them further.
        outliers: photos without clothing, and as many near misses (shorts, hats, skirts).
        photos: so many of the training photos, drawn; None for all.
    """

    variants: int = 14
    outliers: int = 2500
    photos: int | None = None


WHOLE: Final = Amount()

TO_REMEMBER: Final = Amount(variants=2, outliers=600, photos=900)
"""For a refresh, which draws about as many photos as these make; more would take longer to find than to learn."""


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationPhotos:
    """Training photos that no network learns from.

    Attributes:
        paths: image files.
        outcomes: what each may be: classes, other clothing (10), no clothing (11).
        alone: whether each shows one thing: the weights are fitted on those, where it is sure what a label is about.
    """

    paths: Sequence[Path]
    outcomes: Sequence[frozenset[int]]
    alone: Sequence[bool]


def gather(
    fashion_mnist: FashionMnist,
    data_dir: Path,
    segmenter: Path,
    cache: Path,
    say: Callable[[str], None],
    amount: Amount = WHOLE,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> tuple[TrainingSet, CalibrationPhotos]:
    """Bring together what the published model learns from, and the photos that it is calibrated on.

    Args:
        fashion_mnist: Fashion-MNIST.
        data_dir: where the clothing photos are.
        segmenter: the front end's network.
        cache: folder for converted photos.
        say: told what takes long.
        amount: how much.
        progress: told what is done, and how much of it of how much.

    Raises:
        DataError: photos are missing and cannot be fetched.
        TrainingError: a photo is damaged.
    """
    listed = [photo for photo in photo_list() if photo.split == "train"]
    variants, outliers = amount.variants, amount.outliers
    if amount.photos is not None:
        listed = drawn([photo for photo in listed if not calibrates(photo)], amount.photos)
    ensure_photos(data_dir, listed)
    say(f"finding the garments of {len(listed)} photos, {variants} variants each; kept for the next run ...")
    paths = [photo.path(data_dir) for photo in listed]
    found = cached_variants(paths, segmenter, variants, VARIANT_SEED, cache, partial(progress, "finding garments"))
    classes = [_classes(photo) for photo in listed]
    learnt = np.array([not calibrates(photo) for photo in listed])
    ten = np.array([bool(each) for each in classes])
    answers = answer_rows([each for each, keep in zip(classes, learnt & ten, strict=True) if keep])
    near_misses = found[learnt & ~ten].reshape(-1, *found.shape[2:])
    strange = outlier_pictures(data_dir, segmenter, outliers, VARIANT_SEED, partial(progress, "finding no clothing"))
    rest = fashion_mnist.rest()
    training_set = TrainingSet(
        images=rest.images,
        labels=rest.labels,
        photos=found[learnt & ten],
        answers=answers,
        draw=balanced_draw(answers),
        outliers=np.concatenate([near_misses[:: len(near_misses) // outliers or 1], strange]),
    )
    return training_set, calibration_photos(data_dir)


def calibration_photos(data_dir: Path) -> CalibrationPhotos:
    """The photos that temperature, weights and thresholds come from: of every set, none learnt from.

    Raises:
        DataError: photos are missing and cannot be fetched.
    """
    flat, shop = flat_photos(data_dir, kept=True), shop_photos(data_dir, kept=True)
    none, street = no_clothing_photos(data_dir, kept=True), street_photos(data_dir, kept=True)
    outcomes = [flat_outcomes(photo.label) for photo in flat]
    outcomes += [shop_outcomes(photo.label) for photo in shop]
    outcomes += [frozenset({NO_CLOTHING}) for _ in none]
    outcomes += [worn_most(photo.load_labels(data_dir)) for photo in street]
    paths = [photo.path(data_dir) for photo in flat] + [photo.path(data_dir) for photo in shop]
    paths += [photo.path(data_dir) for photo in none] + [photo.path(data_dir) for photo in street]
    return CalibrationPhotos(paths, outcomes, [True] * (len(paths) - len(street)) + [False] * len(street))


def drawn(listed: Sequence[ListedPhoto], most: int) -> list[ListedPhoto]:
    """At most so many photos, the same every time, rare labels more often than they come."""
    counts = Counter(photo.label for photo in listed)
    weights = np.array([counts[photo.label] ** -0.5 for photo in listed])
    size, rng = min(most, len(listed)), np.random.default_rng(VARIANT_SEED)
    chosen = rng.choice(len(listed), size, replace=False, p=weights / weights.sum())
    return [listed[at] for at in sorted(chosen.tolist())]


def _classes(photo: ListedPhoto) -> frozenset[int]:
    return LABEL_CLASSES.get(photo.label, frozenset())
