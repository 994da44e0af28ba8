"""Photos with what each of their pixels may be, from four sets: what the segmenter learns from.

Street photos have pixel labels, or tags of what is worn. Garments on floors and hangers are outlined by a teacher, a
network that was made for such photos alone; products before a shop's white ground by that ground; photos of no clothing
need no outline. Where a person is in view and the pixels have no labels, an earlier segmenter is asked, which may only
name what the tags or the product's label leave open; a pixel that it is not sure of may be any of those
(pseudo-labels, Lee 2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.datasets.street_photos import street_names
from bot.vision.garment import CLOTHING, Group, squashed
from training.data.photos import read_photo
from training.data.pixel_groups import (
    BACKGROUND,
    GROUP_OF_LABEL,
    NO_CLOTHING,
    WORN_WITH,
    allowed,
    street_table,
    tagged,
)
from training.data.splits import flat_photos, no_clothing_photos, shop_photos, street_photos, tagged_street_photos

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.vision.garment import Segmenter

    Pixels = NDArray[np.uint8]
    SoftMask = Callable[[Pixels], NDArray[np.float32]]

STREET_SIDE: Final = 448
FLAT_SIDE: Final = 320
SHOP_SIDE: Final = 298
NO_CLOTHING_SIDE: Final = 256
"""Longest sides of the photos that scenes are made of, pixels."""

SURELY_CLOTHING: Final = 0.7
SURELY_NONE: Final = 0.25
"""Between these the teacher does not know, and nothing is taught."""

SURELY_TAGGED: Final = 0.7
SURELY_WORN: Final = 0.75
"""Least share of a group, among those that may be there, at which a segmenter's word is taught."""

LEAST_FOUND: Final = 0.01
"""Share of a flat photo below which its teacher found nothing."""

WHITE: Final = 243
"""Every channel of a shop's ground is at least this."""

ENCLOSED_WHITE: Final = 250
ENCLOSED_SHARE: Final = 0.004
"""What a bag's handle encloses is ground: so white, and this share of the photo."""

WEARER_SHARES: Final = (0.06, 0.97)
"""Of a shop photo that may be covered; a white shirt leaves less."""

LABELLED_ALONE: Final = frozenset({"bag", "footwear", "sandal", "sneaker", "hat", "belt", "tie", "socks", "gloves"})
"""Products that shops show without a person."""

NOT_OUTLINED: Final = frozenset({"wallet", "watch", "sunglasses", "scarf"})
"""No clothing, or shown in every way."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A photo and what its pixels may be.

    Attributes:
        pixels: uint8 [h, w, 3] RGB.
        allowed: uint16 [h, w], sets of :mod:`training.data.pixel_groups`.
        label: its word in its list; ``street`` or ``nothing`` where the list has none.
    """

    pixels: Pixels
    allowed: NDArray[np.uint16]
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """All of them by where they come from.

    Attributes:
        street: people in streets.
        flat: single garments.
        worn: products that a person wears, or may wear.
        alone: products without a person.
        nothing: no clothing.
    """

    street: list[Sample]
    flat: list[Sample]
    worn: list[Sample]
    alone: list[Sample]
    nothing: list[Sample]


def gather_samples(data_dir: Path, soft_mask: SoftMask, earlier: Segmenter, say: Callable[[str], None]) -> Samples:
    """Read what is not held out, and outline it.

    Args:
        data_dir: has the photos, or gets them.
        soft_mask: the teacher for flat photos: from uint8 [h, w, 3] to float32 of a square, 0..1.
        earlier: the teacher for people without pixel labels.
        say: told what takes long.

    Raises:
        DataError: photos are missing and cannot be had.
        TrainingError: a photo is damaged.
    """
    say("reading the street photos ...")
    street = [*_street(data_dir), *_tagged(data_dir, earlier)]
    say("outlining the garments of the flat photos ...")
    flat = list(_flat(data_dir, soft_mask))
    say("outlining the shop photos ...")
    shop = list(_shop(data_dir, earlier))
    worn = [sample for sample in shop if sample.label not in LABELLED_ALONE]
    alone = [sample for sample in shop if sample.label in LABELLED_ALONE]
    return Samples(street, flat, worn, alone, list(_nothing(data_dir)))


def _street(data_dir: Path) -> Iterator[Sample]:
    table = street_table(dict(enumerate(street_names())))
    for photo in street_photos(data_dir):
        pixels = read_small(photo.path(data_dir), STREET_SIDE)
        labels = photo.load_labels(data_dir)
        size = (pixels.shape[1], pixels.shape[0])
        yield Sample(pixels, table[cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)], "street")


def _tagged(data_dir: Path, earlier: Segmenter) -> Iterator[Sample]:
    for photo in tagged_street_photos(data_dir):
        pixels = read_small(photo.path(data_dir), STREET_SIDE)
        yield Sample(pixels, pseudo_labels(pixels, earlier, tagged(photo.tags), SURELY_TAGGED), "street")


def _flat(data_dir: Path, soft_mask: SoftMask) -> Iterator[Sample]:
    for photo in flat_photos(data_dir):
        pixels = read_small(photo.path(data_dir), FLAT_SIDE)
        size = (pixels.shape[1], pixels.shape[0])
        clothing = np.asarray(cv2.resize(soft_mask(pixels), size, interpolation=cv2.INTER_LINEAR), np.float32)
        if (clothing > 0.5).mean() < LEAST_FOUND:
            continue
        garment = allowed(GROUP_OF_LABEL[photo.label])
        sets = np.full(clothing.shape, garment | NO_CLOTHING, np.uint16)
        sets[clothing > SURELY_CLOTHING] = garment
        sets[clothing < SURELY_NONE] = NO_CLOTHING
        yield Sample(pixels, sets, photo.label)


def _shop(data_dir: Path, earlier: Segmenter) -> Iterator[Sample]:
    for photo in shop_photos(data_dir):
        label = photo.label.partition("|")[0]
        if label in NOT_OUTLINED:
            continue
        pixels = read_small(photo.path(data_dir), SHOP_SIDE)
        product = before_white(pixels, enclosed=label in LABELLED_ALONE)
        least, most = WEARER_SHARES
        if not least < product.mean() < most:
            continue
        sets = np.full(product.shape, BACKGROUND, np.uint16)
        if label in LABELLED_ALONE:
            sets[product] = allowed(GROUP_OF_LABEL[label])
        else:
            sets[product] = pseudo_labels(pixels, earlier, WORN_WITH[photo.label], SURELY_WORN)[product]
            sets[_edge(product)] |= BACKGROUND
        yield Sample(pixels, sets, label)


def _nothing(data_dir: Path) -> Iterator[Sample]:
    for photo in no_clothing_photos(data_dir):
        pixels = read_small(photo.path(data_dir), NO_CLOTHING_SIDE)
        yield Sample(pixels, np.full(pixels.shape[:2], NO_CLOTHING, np.uint16), "nothing")


def pseudo_labels(pixels: Pixels, segmenter: Segmenter, groups: int, sure: float) -> NDArray[np.uint16]:
    """What a segmenter says of a photo when it is told what may be there.

    Args:
        pixels: uint8 [h, w, 3] RGB.
        segmenter: the teacher; it sees the photo and its mirror image.
        groups: what may be there.
        sure: least share of its most likely group, among those, for a pixel to be that; else it may be any of them.

    Returns:
        uint16 [h, w], sets.
    """
    small = squashed(pixels)
    seen = segmenter.segment(small) + segmenter.segment(np.ascontiguousarray(small[:, ::-1]))[:, ::-1]
    seen = seen * np.array([groups >> group & 1 for group in Group], np.float32)
    seen /= np.maximum(seen.sum(-1, keepdims=True), 1e-6)
    shares = cv2.resize(seen, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.where(shares.max(-1) > sure, 1 << shares.argmax(-1), groups).astype(np.uint16)


def soft_mask(pixels: Pixels, segmenter: Segmenter) -> NDArray[np.float32]:
    """How likely each pixel is clothing, by a segmenter: float32 [192, 192], 0..1, of the photo squashed to a square.

    Args:
        pixels: uint8 [h, w, 3] RGB.
        segmenter: one that serves, where the scenes' grounds are all that is needed and no teacher is at hand.
    """
    groups = segmenter.segment(squashed(pixels))
    return np.asarray(groups[..., CLOTHING].sum(-1), np.float32)


def read_small(path: Path, side: int) -> Pixels:
    """A photo of at most ``side`` pixels a side: uint8 [h, w, 3] RGB.

    Raises:
        TrainingError: it is missing or damaged.
    """
    pixels = read_photo(path).pixels
    scale = side / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def before_white(pixels: Pixels, *, enclosed: bool) -> NDArray[np.bool_]:
    """What stands before a shop's white ground: what white does not reach from the edges.

    Args:
        pixels: uint8 [h, w, 3] RGB.
        enclosed: also leave out white that a handle encloses.

    Returns:
        bool [h, w].
    """
    white = (pixels.min(2) >= WHITE).astype(np.uint8)
    framed = cv2.copyMakeBorder(white, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    cv2.floodFill(framed, None, (0, 0), 2)
    product = (framed[1:-1, 1:-1] != 2).astype(np.uint8)
    product = np.asarray(cv2.morphologyEx(product, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    if enclosed:
        holes = ((pixels.min(2) >= ENCLOSED_WHITE) & (product > 0)).astype(np.uint8)
        count, parts, stats, _ = cv2.connectedComponentsWithStats(holes, connectivity=4)
        large = [part for part in range(1, count) if stats[part, cv2.CC_STAT_AREA] > ENCLOSED_SHARE * holes.size]
        product[np.isin(parts, large)] = 0
    return product > 0


def _edge(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    solid, square = mask.astype(np.uint8), np.ones((3, 3), np.uint8)
    return np.asarray(cv2.dilate(solid, square) != cv2.erode(solid, square))
