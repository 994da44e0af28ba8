"""A thing alone on plain ground, where the segmenter finds nothing of the ten: a white bag on a shop's white, say.

The segmenter knows clothing by its look and loses parts of a bag that has hardly one; whatever differs from a ground
that is all of one colour stands out by itself. Whether it is a bag, the networks that name it say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.vision.garment import Group, garment_of, squashed, tidy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.vision.garment import Garment
    from bot.vision.photo import Photo

    Floats = NDArray[np.float32]

BORDER: Final = 3
"""The ground is looked for this far from the edges, in pixels of 192."""

PLAIN: Final = 10.0
"""Of a plain ground :data:`MOSTLY` of the border is no farther than this from its median colour (CIELAB)."""

MOSTLY: Final = 0.85
"""A thing may touch an edge."""

SAME: Final = 6.0
"""The ground is what no farther step than this from its colour leads to from the edges (CIELAB)."""

LEAST, MOST = 0.02, 0.9
"""Share of the photo that a thing covers."""


def standing_out(photo: Photo) -> tuple[Garment, ...]:
    """Find what stands out from plain ground.

    Args:
        photo: the decoded photo.

    Returns:
        That one thing, of group OTHER; none where the ground is not plain or nothing is on it.
    """
    small = squashed(photo.pixels).astype(np.float32) / 255
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.float32)
    colour = _plain_colour(lab)
    if colour is None:
        return ()
    mask = tidy(_off_the_ground(np.linalg.norm(lab - colour, axis=-1) < SAME))
    if mask is None or not LEAST <= np.count_nonzero(mask > 0.5) / mask.size <= MOST:
        return ()
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), 1.0), np.float32)
    return (garment_of(soft, Group.OTHER, photo),)


def _plain_colour(lab: Floats) -> Floats | None:
    """The ground's colour, float32 [3], of float32 [192, 192, 3]; None where the edges have several."""
    inner = np.zeros(lab.shape[:2], bool)
    inner[BORDER:-BORDER, BORDER:-BORDER] = True
    edges = lab[~inner]
    colour = np.median(edges, axis=0)
    if np.quantile(np.linalg.norm(edges - colour, axis=-1), MOSTLY) > PLAIN:
        return None
    return np.asarray(colour, np.float32)


def _off_the_ground(alike: NDArray[np.bool_]) -> Floats:
    """All but what the edges lead to through pixels of the ground's colour, float32 [192, 192] of 0 and 1."""
    _, parts = cv2.connectedComponents(alike.astype(np.uint8), connectivity=4)
    edges = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    ground = alike & np.isin(parts, edges[edges > 0])
    thing = cv2.morphologyEx((~ground).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return np.asarray(thing, np.float32)
