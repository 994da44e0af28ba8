"""Where the garment is in a photo.

The segmenter (models/segmenter.tflite, made by ``python -m training.segment``) gives each pixel a group: background,
upper, lower, shoe, hat or bag. One group in view is one garment; a dressed person shows several, and each can be
judged by itself. A second opinion on each, from its colours, goes with it where there is an adviser.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Protocol

import cv2
import numpy as np

from bot.vision.second_opinion import between, framing, view, whole_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.vision.photo import Photo
    from bot.vision.second_opinion import Adviser

    Mask = NDArray[np.float32]

SIDE: Final = 128
"""The segmenter's input side, pixels; photos are squashed to a square."""


class Group(IntEnum):
    """What a pixel belongs to; dresses are ``UPPER``."""

    BACKGROUND = 0
    UPPER = 1
    LOWER = 2
    SHOE = 3
    HAT = 4
    BAG = 5


MIN_SHARE: Final = 0.18
"""A group with less than this share of all clothing pixels is part of its neighbour, not a garment of its own."""

MIN_AREA: Final = 0.02
"""A garment of its own covers at least this share of the photo."""

MIN_CERTAINTY: Final = 0.75
"""Mean probability of a group over its own pixels below which it is a doubt about one garment, not a second one."""

SMALL_HOLE: Final = 0.04
"""A hole under this share of the mask is a print on the cloth; between two legs it is larger."""

SMALL_PART: Final = 0.12
"""A part of a mask under this share of its largest part is clutter; both shoes of a pair are kept."""


FOUND_WELL: Final = 0.88
"""A garment found with less quality than this may be a part of one, or a whole person: the photo is looked at, too."""


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """What the segmenter said of one photo.

    Attributes:
        groups: float32 [128, 128, 6], probabilities of :class:`Group` for each pixel of the squashed photo.
        scene: probabilities that the photo shows one of the ten classes, other clothing, no clothing.
    """

    groups: NDArray[np.float32]
    scene: tuple[float, float, float]


class Segmenter(Protocol):
    """Anything that can segment a squashed photo; the TFLite one is :class:`bot.vision.segmenter.TfliteSegmenter`."""

    def segment(self, pixels: NDArray[np.uint8]) -> Segmentation:
        """Segment ``pixels``, uint8 [128, 128, 3] RGB."""


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """One garment found in a photo.

    Attributes:
        mask: float32 [h, w], 0..1, the photo's size: how much of each pixel is garment.
        box: left, top, right, bottom in photo pixels; right and bottom are exclusive.
        quality: 0..1, how well it was told from its background; near 0 when nothing was found.
        other_clothing: 0..1, how likely it is clothing outside the ten classes.
        nothing: 0..1, how likely it is no clothing at all.
        opinion: float32 [10], the second opinion's probabilities of the ten classes; None where nobody gave one.
        bag: 0..1, how likely it is a bag, as the network sees it that knows photos of bags.
    """

    mask: Mask
    box: tuple[int, int, int, int]
    quality: float
    other_clothing: float = 0.0
    nothing: float = 0.0
    opinion: NDArray[np.float32] | None = None
    bag: float = 0.0


class GarmentFinder:
    """Finds the garments of a photo; safe to share between threads when its networks are."""

    def __init__(self, segmenter: Segmenter, adviser: Adviser | None = None) -> None:
        """Keep what does the seeing.

        Args:
            segmenter: says where the garments are.
            adviser: gives a second opinion on each of them; without one they go without.
        """
        self._segmenter = segmenter
        self.adviser = adviser

    def find(self, photo: Photo) -> tuple[Garment, ...]:
        """Find the garments, the likeliest subject first.

        Args:
            photo: the decoded photo.

        Returns:
            At least one garment. Where nothing was found it is the middle of the photo, with a quality near 0.
        """
        squashed = cv2.resize(photo.pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        segmentation = self._segmenter.segment(np.ascontiguousarray(squashed, dtype=np.uint8))
        masks = [tidied for mask in candidates(segmentation.groups) if (tidied := _tidy(mask)) is not None]
        if not masks:
            masks = [_middle()]
        return tuple(self._advised(_garment(mask, photo, segmentation), photo, alone=len(masks) == 1) for mask in masks)

    def _advised(self, garment: Garment, photo: Photo, *, alone: bool) -> Garment:
        if self.adviser is None:
            return garment
        opinion = self.adviser.opinion(view(photo.pixels, garment.mask, framing(garment.box)))
        if alone and garment.quality < FOUND_WELL:
            opinion = between(opinion, self.adviser.opinion(whole_view(photo.pixels)))
        return replace(
            garment,
            other_clothing=opinion.other_clothing,
            nothing=opinion.nothing,
            opinion=opinion.classes,
            bag=opinion.bag,
        )


def candidates(groups: NDArray[np.float32]) -> list[Mask]:
    """Part the clothing of a photo into garments.

    Args:
        groups: float32 [128, 128, 6], probabilities of each :class:`Group`.

    Returns:
        Soft masks float32 [128, 128]: all clothing together when there is one garment; else each by itself, the
        largest and most central first, and last all of it together.
    """
    clothing = 1.0 - groups[..., Group.BACKGROUND]
    owner = groups.argmax(-1)
    seen = owner != Group.BACKGROUND
    total = int(np.count_nonzero(seen))
    kinds = [group for group in Group if group is not Group.BACKGROUND]
    areas = {group: int(np.count_nonzero(owner == group)) for group in kinds}
    large = [group for group in kinds if areas[group] >= max(MIN_SHARE * total, MIN_AREA * owner.size)]
    certainty = [_certainty(groups, clothing, owner == group, group) for group in large]
    if len(large) < 2 or min(certainty) < MIN_CERTAINTY:
        return [clothing]
    large.sort(key=lambda group: -float((groups[..., group] * _centrality()).sum()))
    return [*(np.ascontiguousarray(groups[..., group]) for group in large), clothing]


def _certainty(groups: NDArray[np.float32], clothing: Mask, own: NDArray[np.bool_], group: Group) -> float:
    """Mean probability that the pixels of a group belong to it, given that they are clothing."""
    return float((groups[..., group][own] / np.maximum(clothing[own], 1e-6)).mean())


def _centrality() -> Mask:
    """Weights float32 [128, 128] that fall from 1 in the middle to about .4 at the edges."""
    axis = np.linspace(-1, 1, SIDE, dtype=np.float32) ** 2
    return np.asarray(np.exp(-0.45 * (axis[:, None] + axis[None, :])), np.float32)


def _tidy(mask: Mask) -> Mask | None:
    """Drop small parts; None when nothing is left."""
    solid = (mask > 0.5).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    if count <= 1:
        return None
    areas = stats[1:, cv2.CC_STAT_AREA]
    if areas.max() < 0.1 * MIN_AREA * solid.size:
        return None
    kept = np.isin(parts, np.flatnonzero(areas >= SMALL_PART * areas.max()) + 1).astype(np.uint8)
    near = cv2.dilate(kept, np.ones((3, 3), np.uint8))
    tidied = np.where(near > 0, mask, np.float32(0))
    tidied[_small_holes(kept)] = 1
    return tidied


def _small_holes(solid: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Background that a garment encloses, unless it is as large as the gap between two legs."""
    count, holes, stats, _ = cv2.connectedComponentsWithStats(1 - solid, connectivity=4)
    filled = np.zeros(solid.shape, bool)
    for hole in range(1, count):
        left, top, width, height, area = stats[hole]
        inside = left > 0 and top > 0 and left + width < SIDE and top + height < SIDE
        if inside and area < SMALL_HOLE * np.count_nonzero(solid):
            filled |= holes == hole
    return filled


def _middle() -> Mask:
    mask = np.zeros((SIDE, SIDE), np.float32)
    edge = SIDE // 8
    mask[edge:-edge, edge:-edge] = 1
    return mask


def _garment(mask: Mask, photo: Photo, segmentation: Segmentation) -> Garment:
    height, width = photo.pixels.shape[:2]
    full = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    left, top, box_width, box_height = cv2.boundingRect((full > 0.5).astype(np.uint8))
    if box_width == 0 or box_height == 0:  # thinner than a pixel once stretched back
        left, top, box_width, box_height = 0, 0, width, height
    _, other_clothing, nothing = segmentation.scene
    return Garment(
        mask=full,
        box=(left, top, left + box_width, top + box_height),
        quality=decisiveness(segmentation.groups[..., Group.BACKGROUND], mask),
        other_clothing=other_clothing,
        nothing=nothing,
    )


def decisiveness(background: Mask, mask: Mask) -> float:
    """How sure the segmenter is where the garment ends.

    Args:
        background: float32 [128, 128], probability of background.
        mask: float32 [128, 128], the garment's soft mask.

    Returns:
        0..1: the soft mask's own intersection over union with its thresholded self; 0 when it is empty.
    """
    solid = mask > 0.5
    if not solid.any():
        return 0.0
    clothing = 1.0 - background
    inside = float(clothing[solid].sum())
    doubtful = float(clothing[~solid & (mask > 0)].sum())
    return inside / (float(np.count_nonzero(solid)) + doubtful)
