"""Where the garments are in a photo.

The segmenter (models/segmenter.tflite) gives each pixel a group: background, the body that wears (skin and hair), or
one of seven kinds of clothing. Each kind in view is a garment of its own: a pair of shoes is one, a coat over a shirt
are two. A kind that is too small, or too doubtful beside another one, is no garment but a part of its neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Protocol

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.vision.photo import Photo

    Floats = NDArray[np.float32]

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are exclusive."""

SIDE: Final = 192
"""The segmenter's input side, pixels; photos are squashed to a square."""

MOST_GARMENTS: Final = 6


class Group(IntEnum):
    """What a pixel belongs to."""

    BACKGROUND = 0
    UPPER = 1
    OUTER = 2
    DRESS = 3
    LOWER = 4
    SHOE = 5
    BAG = 6
    PERSON = 7
    OTHER = 8


CLOTHING: Final = (Group.UPPER, Group.OUTER, Group.DRESS, Group.LOWER, Group.SHOE, Group.BAG, Group.OTHER)
"""The groups that are garments: tops, what is worn over them, dresses, trousers and skirts, shoes, bags, and the rest
(hats, scarves, socks, belts)."""

LEAST_AREA: Final = 0.012
"""A garment covers at least this share of the photo."""

LEAST_SHARE: Final[Mapping[Group, float]] = {
    Group.UPPER: 0.18, Group.OUTER: 0.18, Group.DRESS: 0.22, Group.LOWER: 0.15,
    Group.SHOE: 0.03, Group.BAG: 0.06, Group.OTHER: 0.12,
}  # fmt: skip
"""With less than this share of all clothing in view, a group is a doubt about its neighbour, not a garment of its own.
Shoes and bags are small beside a whole person and yet garments."""

LEAST_CERTAINTY: Final = 0.6
"""The same with a mean probability below this over its own pixels, given that they are clothing."""

UNWORN: Final = 0.08
"""With less skin and hair in view than this share of all clothing, nobody wears it. What lies or hangs is one garment
unless a second one is large and sure: a dress is no top with a skirt below it."""

UNWORN_SHARE: Final = 0.3
UNWORN_CERTAINTY: Final = 0.85
"""What :data:`LEAST_SHARE` and :data:`LEAST_CERTAINTY` are then for all but shoes and bags."""

ACCESSORY: Final = 0.5
"""What the side of a shoe or a bag counts beside that of another garment."""

SMALL_HOLE: Final = 0.04
"""A hole under this share of the mask is a print on the cloth; between two legs it is larger."""

SMALL_PART: Final = 0.12
"""A part of a mask under this share of its largest part is clutter; both shoes of a pair are kept."""


class Segmenter(Protocol):
    """Anything that can segment a squashed photo; the TFLite one is :class:`bot.vision.segmenter.TfliteSegmenter`."""

    def segment(self, pixels: NDArray[np.uint8]) -> Floats:
        """Segment ``pixels``, uint8 [192, 192, 3] RGB: float32 [192, 192, 9], probabilities of :class:`Group`."""


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """One garment found in a photo.

    Attributes:
        mask: float32 [h, w], 0..1, the photo's size: how much of each pixel is garment.
        box: left, top, right, bottom in photo pixels; right and bottom are exclusive.
        area: share of the photo that it covers, 0..1.
        quality: 0..1, how well it was told from what is around it; 0 where nothing was found.
        group: its kind; BACKGROUND where nothing was found.
    """

    mask: Floats
    box: Box
    area: float
    quality: float
    group: Group = Group.BACKGROUND

    @property
    def salience(self) -> float:
        """How much a photo is about it, by its size: shoes and bags are mostly worn beside something else."""
        return float(np.sqrt(self.area)) * (ACCESSORY if self.group in (Group.SHOE, Group.BAG) else 1.0)


def find(photo: Photo, segmenter: Segmenter) -> tuple[Garment, ...]:
    """Find the garments of a photo.

    Args:
        photo: the decoded photo.
        segmenter: says what each pixel belongs to.

    Returns:
        At most six, the largest and most central first; none where there is no clothing.
    """
    groups = segmenter.segment(squashed(photo.pixels))
    found = []
    for group, mask in parted(groups):
        tidied = tidy(mask)
        if tidied is not None:
            prominence = float((tidied * _CENTRALITY).sum())
            found.append((prominence, garment_of(tidied, group, photo)))
    found.sort(key=lambda each: -each[0])
    return tuple(garment for _, garment in found[:MOST_GARMENTS])


def squashed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A photo, uint8 [h, w, 3], as the segmenter is shown it: uint8 [192, 192, 3]."""
    small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small, dtype=np.uint8)


def whole_photo(photo: Photo) -> Garment:
    """What is judged where nothing was found: all of it."""
    height, width = photo.pixels.shape[:2]
    return Garment(np.ones((height, width), np.float32), (0, 0, width, height), area=1.0, quality=0.0)


def parted(groups: Floats) -> list[tuple[Group, Floats]]:
    """Part the clothing of a photo into garments.

    Args:
        groups: float32 [192, 192, 9], probabilities of each :class:`Group`.

    Returns:
        Each kind of garment in view with its soft mask, float32 [192, 192], 0..1. A kind that is a doubt about another
        one has handed its pixels to what they most likely are instead.
    """
    planes = cv2.transpose(groups.reshape(-1, len(Group))).reshape(-1, *groups.shape[:2])  # far quicker to work on
    shares = dict(zip(Group, planes, strict=True))
    owner = _likeliest(shares)
    areas = _areas(owner)
    least_share, least_certainty = _doubted_below(areas)
    while True:
        in_view = [group for group in CLOTHING if group in shares and areas[group]]
        total = sum(areas[group] for group in in_view)
        certainties = _certainties(shares, owner, in_view) if len(in_view) > 1 else {}
        doubts = {}
        for group in in_view:
            lacks = max(
                LEAST_AREA * owner.size / areas[group],
                least_share[group] * total / areas[group],
                least_certainty[group] / certainties[group] if group in certainties else 0.0,
            )
            if lacks > 1:
                doubts[group] = lacks
        if not doubts:
            return [(group, shares[group]) for group in in_view]
        del shares[max(doubts, key=lambda group: doubts[group])]
        whole = np.maximum(_sum(shares.values()), 1e-6)
        shares = {group: share / whole for group, share in shares.items()}
        owner = _likeliest(shares)
        areas = _areas(owner)


def _likeliest(shares: Mapping[Group, Floats]) -> NDArray[np.uint8]:
    """Each pixel's likeliest group, uint8 [192, 192], of float32 [192, 192] each; the first one of equals."""
    most = shares[Group.BACKGROUND].copy()
    owner = np.zeros(most.shape, np.uint8)
    for group, share in shares.items():
        np.copyto(owner, int(group), where=share > most)
        np.maximum(most, share, out=most)
    return owner


def _areas(owner: NDArray[np.uint8]) -> list[int]:
    """How many pixels each group owns."""
    areas: list[int] = np.bincount(owner.ravel(), minlength=len(Group)).tolist()
    return areas


def _certainties(
    shares: Mapping[Group, Floats], owner: NDArray[np.uint8], groups: Sequence[Group]
) -> dict[Group, float]:
    """Mean probability of each group over its own pixels, given that they are clothing."""
    clothing = np.maximum(_sum(share for group, share in shares.items() if group in CLOTHING), 1e-6).ravel()
    certainties = {}
    for group in groups:
        own = np.flatnonzero(owner.ravel() == group)
        certainties[group] = float((shares[group].ravel()[own] / clothing[own]).mean())
    return certainties


def _sum(planes: Iterable[Floats]) -> Floats:
    first, *others = planes
    total = first.copy()
    for plane in others:
        total += plane
    return total


def _doubted_below(areas: Sequence[int]) -> tuple[Mapping[Group, float], Mapping[Group, float]]:
    """Least share and least certainty of a garment beside another one, by how many pixels each group owns."""
    certainty: dict[Group, float] = dict.fromkeys(CLOTHING, LEAST_CERTAINTY)
    if areas[Group.PERSON] >= UNWORN * sum(areas[group] for group in CLOTHING):
        return LEAST_SHARE, certainty
    torn = [group for group in CLOTHING if group not in (Group.SHOE, Group.BAG)]
    share = dict(LEAST_SHARE)
    for group in torn:
        share[group], certainty[group] = UNWORN_SHARE, UNWORN_CERTAINTY
    return share, certainty


def tidy(mask: Floats) -> Floats | None:
    """Drop small parts and fill small holes; None when nothing is left."""
    solid = (mask > 0.5).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    if count <= 1:
        return None
    areas = stats[:, cv2.CC_STAT_AREA]
    is_kept = areas >= SMALL_PART * areas[1:].max()
    is_kept[0] = False
    kept = is_kept.astype(np.uint8)[parts]
    near = cv2.dilate(kept, np.ones((3, 3), np.uint8))
    tidied = np.where(near > 0, mask, np.float32(0))
    tidied[_small_holes(kept)] = 1
    return np.asarray(tidied, np.float32)


def _small_holes(solid: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Background that a garment encloses, unless it is as large as the gap between two legs."""
    count, holes, stats, _ = cv2.connectedComponentsWithStats(1 - solid, connectivity=4)
    largest = SMALL_HOLE * np.count_nonzero(solid)
    is_filled = np.zeros(count, bool)
    for hole in range(1, count):
        left, top, width, height, area = stats[hole]
        inside = left > 0 and top > 0 and left + width < SIDE and top + height < SIDE
        is_filled[hole] = inside and area < largest
    return np.asarray(is_filled[holes], bool)


def garment_of(mask: Floats, group: Group, photo: Photo) -> Garment:
    """A garment of its soft mask, float32 [192, 192], 0..1, stretched to the photo."""
    height, width = photo.pixels.shape[:2]
    full = np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    solid = full > 0.5
    left, top, box_width, box_height = cv2.boundingRect(solid.view(np.uint8))
    if box_width == 0 or box_height == 0:  # thinner than a pixel once stretched back
        left, top, box_width, box_height = 0, 0, width, height
    return Garment(
        mask=full,
        box=(left, top, left + box_width, top + box_height),
        area=np.count_nonzero(solid) / solid.size,
        quality=decisiveness(mask),
        group=group,
    )


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes (left, top, right, bottom), 0..1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / (sum(areas) - width * height)


def decisiveness(mask: Floats) -> float:
    """How sure the segmenter is where a garment ends.

    Args:
        mask: float32 [192, 192], its soft mask.

    Returns:
        0..1: the soft mask's own intersection over union with its thresholded self; 0 when it is empty.
    """
    solid = mask > 0.5
    if not solid.any():
        return 0.0
    return float(mask[solid].sum() / (np.count_nonzero(solid) + mask[~solid].sum()))


def _centrality() -> Floats:
    """Weights float32 [192, 192] that fall from 1 in the middle to about .4 at the edges."""
    axis = np.linspace(-1, 1, SIDE, dtype=np.float32) ** 2
    return np.asarray(np.exp(-0.45 * (axis[:, None] + axis[None, :])), np.float32)


_CENTRALITY: Final = _centrality()
