"""Scores on photos of people in streets, whose every pixel is labelled.

Background, skin and hair are no clothing; every other kind counts. A kind's class numbers are those of
:mod:`training.data.set_labels`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.datasets.street_photos import street_names
from training.data.masks import overlap
from training.data.set_labels import NO_CLOTHES, ten_classes, worn_most
from training.evaluation.metrics import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Masks = NDArray[np.bool_]

COUNTED: Final = 0.02
"""Share of a photo from which on a kind must be found."""

MEETS: Final = 0.5
"""Least intersection over union of a garment's mask with a kind's pixels."""

RESAMPLES: Final = 2000


@dataclass(frozen=True, slots=True, eq=False)
class NamedMask:
    """A garment that was answered.

    Attributes:
        mask: bool [h, w], the photo's size.
        label: the most probable of the ten.
        refused: its verdict is ``no_garment``.
        sure: its verdict is ``sure``.
    """

    mask: Masks
    label: int
    refused: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class PhotoCounts:
    """What is counted on one photo.

    Attributes:
        top: the first garment's label fits a large kind, and it is not refused.
        refused: there is no garment, or the first one is refused.
        sure: the first one is sure.
        kinds: labelled kinds that must be found.
        found: of them found.
        found_and_right: of those named as they may be.
        garments: that were answered.
        meeting: of them on a labelled kind of any size.
    """

    top: bool
    refused: bool
    sure: bool
    kinds: int
    found: int
    found_and_right: int
    garments: int
    meeting: int


@dataclass(frozen=True, slots=True)
class StreetScores:
    """What a set of networks does with people in streets; shares in 0..1.

    Attributes:
        images: how many photos.
        top: of them answered with what is worn most.
        interval: 95 % of ``top``, bootstrapped by photo.
        refused: of them refused.
        right_when_sure: of the first garments that are sure, the share that is right; None without any.
        found: of the kinds that cover a fiftieth of a photo, the share that was found.
        found_and_right: of the same, found and named rightly.
        precision: of all garments, the share that is one; None without any.
    """

    images: int
    top: float
    interval: Interval
    refused: float
    right_when_sure: float | None
    found: float | None
    found_and_right: float | None
    precision: float | None


def count(labels: NDArray[np.uint8], garments: Sequence[NamedMask]) -> PhotoCounts:
    """Count on one photo.

    Args:
        labels: uint8 [h, w], positions in :func:`~bot.datasets.street_photos.street_names`.
        garments: the answers, the judged one first.
    """
    kinds = {street_names()[value]: labels == value for value in np.unique(labels).tolist()}
    worn = {name: mask for name, mask in kinds.items() if name not in NO_CLOTHES}
    first = next(iter(garments), None)
    answered = first is not None and not first.refused
    found = right = 0
    counted = [(name, mask) for name, mask in worn.items() if mask.sum() >= COUNTED * labels.size]
    for name, mask in counted:
        meeting, place = max(
            ((overlap(garment.mask, mask), place) for place, garment in enumerate(garments)), default=(0.0, 0)
        )
        if meeting >= MEETS:
            found += 1
            right += _fits(name, garments[place])
    return PhotoCounts(
        top=first is not None and answered and first.label in worn_most(labels),
        refused=not answered,
        sure=first is not None and first.sure,
        kinds=len(counted),
        found=found,
        found_and_right=right,
        garments=len(garments),
        meeting=sum(any(overlap(garment.mask, mask) >= MEETS for mask in worn.values()) for garment in garments),
    )


def street_scores(counts: Sequence[PhotoCounts], *, seed: int = 0) -> StreetScores:
    """Sum up photos, at least one.

    Args:
        counts: one a photo.
        seed: of the resampling.
    """
    top = np.array([each.top for each in counts], float)
    drawn = np.random.default_rng(seed).integers(len(top), size=(RESAMPLES, len(top)))
    low, high = np.quantile(top[drawn].mean(1), [0.025, 0.975])
    sure = [each for each in counts if each.sure]
    return StreetScores(
        images=len(counts),
        top=float(top.mean()),
        interval=Interval(float(low), float(high)),
        refused=sum(each.refused for each in counts) / len(counts),
        right_when_sure=_ratio(sum(each.top for each in sure), len(sure)),
        found=_ratio(sum(each.found for each in counts), sum(each.kinds for each in counts)),
        found_and_right=_ratio(sum(each.found_and_right for each in counts), sum(each.kinds for each in counts)),
        precision=_ratio(sum(each.meeting for each in counts), sum(each.garments for each in counts)),
    )


def _fits(kind: str, garment: NamedMask) -> bool:
    """A kind of the ten must be named so; one outside must be refused."""
    classes = ten_classes(kind)
    return garment.label in classes and not garment.refused if classes else garment.refused


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
