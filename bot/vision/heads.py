"""Makes the heads of people in a photo unrecognisable, for photos that are kept.

The segmenter knows skin and hair, not whose they are: what of them lies above the clothes that a body wears, or belongs
to no clothes at all, is taken for a head. Hands may be blurred with it; a face must not be left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.vision.garment import SIDE, Group, squashed
from bot.vision.photo import Photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.vision.garment import Segmenter

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

LEAST_PROBABILITY: Final = 0.25
"""Of a pixel to be skin or hair: better a collar blurred than half a face left."""

LEAST_AREA: Final = 12
"""Pixels of the segmenter's square below which skin is noise."""

WORN_ON_TOP: Final = (Group.UPPER, Group.OUTER, Group.DRESS)
WORN: Final = (*WORN_ON_TOP, Group.LOWER)

BELOW_THE_COLLAR: Final = 0.1
"""A head reaches this share of its body's height below the highest clothes: chins, beards, long hair."""

MARGIN: Final = 0.3
"""Around a head, by its larger side: the segmenter draws hair too tight."""

MOSAIC: Final = 5
"""Cells that the larger side of a head is left with; a face needs about twenty to be known."""


def without_heads(photo: Photo, segmenter: Segmenter) -> Photo:
    """The photo with the heads of people in it coarsened beyond recognition; the photo itself where there is nobody.

    Args:
        photo: the decoded photo.
        segmenter: says where skin and hair are.

    Raises:
        ModelError: the interpreter fails.
    """
    heads = head_mask(segmenter.segment(squashed(photo.pixels)))
    if not heads.any():
        return photo
    height, width = photo.pixels.shape[:2]
    pixels = photo.pixels.copy()
    scale = np.array([width, height, width, height]) / SIDE
    for box in _boxes(heads):
        left, top, right, bottom = np.rint(np.array(_widened(box)) * scale).astype(int).tolist()
        part = pixels[max(0, top) : bottom, max(0, left) : right]
        if part.size:
            part[:] = _coarse(part)
    return Photo(pixels)


def head_mask(groups: Floats) -> Mask:
    """Where heads are.

    Args:
        groups: float32 [192, 192, 9], probabilities of each :class:`~bot.vision.garment.Group`.

    Returns:
        bool [192, 192].
    """
    skin = groups[..., Group.PERSON] > LEAST_PROBABILITY
    owner = groups.argmax(-1)
    on_top, worn = np.isin(owner, WORN_ON_TOP), np.isin(owner, WORN)
    heads = np.zeros(skin.shape, bool)
    _, bodies = cv2.connectedComponents((skin | worn).astype(np.uint8), connectivity=8)
    for number in range(1, int(bodies.max()) + 1):
        body = bodies == number
        own = skin & body
        if np.count_nonzero(own) < LEAST_AREA:
            continue
        rows = np.flatnonzero((on_top & body).any(1))
        if not rows.size:
            heads |= own  # a face alone, or legs
            continue
        tall = np.flatnonzero(body.any(1))
        collar = rows[0] + BELOW_THE_COLLAR * (tall[-1] - tall[0] + 1)
        above = own.copy()
        above[int(np.ceil(collar)) :] = False
        heads |= above
    return heads


def _boxes(heads: Mask) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of each head in the segmenter's square."""
    near = cv2.dilate(heads.astype(np.uint8), np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    boxes = []
    for left, top, width, height, area in stats[1:count].tolist():
        if area >= LEAST_AREA:
            boxes.append((left, top, left + width, top + height))
    return boxes


def _widened(box: tuple[int, int, int, int]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    margin = MARGIN * max(right - left, bottom - top)
    return left - margin, top - margin, right + margin, bottom + margin / 4


def _coarse(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A few large, smooth cells: uint8, as it came."""
    height, width = part.shape[:2]
    cell = max(height, width) / MOSAIC
    small = cv2.resize(part, (max(1, round(width / cell)), max(1, round(height / cell))), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
