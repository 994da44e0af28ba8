"""A dress that the segmenter took for a top and a skirt, put together again.

Where a waist is, pixels alone do not tell; that both halves are of one cloth, and that the whole is more of a dress
than either half is anything, does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.vision.garment import Garment, Group
from bot.vision.labels import DRESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.vision.photo import Photo
    from bot.vision.prediction import Prediction

UPPER_HALVES: Final = (Group.UPPER, Group.OUTER, Group.DRESS)
LOWER_HALVES: Final = (Group.LOWER, Group.OTHER, Group.DRESS)

LOOKED_AT: Final = 128
"""Longest side, pixels, of what colours and edges are compared on."""

SAME_CLOTH: Final = 23.0
"""Greatest distance of the median colours of both halves, in CIELAB as OpenCV scales it to 8 bits."""

SEAM: Final = 0.02
"""Least share of the smaller half that lies beside the other one."""

NEAR: Final = 3
"""Pixels of :data:`LOOKED_AT` between two halves, at most."""

LEAST_CONFIDENCE: Final = 0.5
"""Of the whole as a dress."""

SOMETHING_ELSE: Final = 0.66
"""A half that is so surely another class of the ten is no half."""


def halves(photo: Photo, garments: Sequence[Garment]) -> list[tuple[int, int]]:
    """Places of an upper and a lower garment each that touch and are of one colour.

    Args:
        photo: the photo.
        garments: found in it.
    """
    pairs = [
        (upper, lower)
        for upper, above in enumerate(garments)
        for lower, below in enumerate(garments)
        if upper != lower and above.group in UPPER_HALVES and below.group in LOWER_HALVES
    ]
    if not pairs:
        return []
    lab, masks = _small(photo, garments, {place for pair in pairs for place in pair})
    return [pair for pair in pairs if _of_one_cloth(lab, *(masks[place] for place in pair))]


def whole(upper: Garment, lower: Garment) -> Garment:
    """Both halves as one garment."""
    mask = np.maximum(upper.mask, lower.mask)
    left, top, right, bottom = np.array([upper.box, lower.box]).T
    return Garment(
        mask=mask,
        box=(int(left.min()), int(top.min()), int(right.max()), int(bottom.max())),
        area=float((mask > 0.5).mean()),
        quality=min(upper.quality, lower.quality),
        group=Group.DRESS,
    )


def answered(predictions: Sequence[Prediction], pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Which garments of a photo are answered: one dress for its halves, where there is one.

    Args:
        predictions: of each garment, then of the whole of each pair.
        pairs: of :func:`halves`.

    Returns:
        Places in ``predictions``.
    """
    parts = len(predictions) - len(pairs)
    dresses = [
        (predictions[parts + number].confidence, parts + number, pair)
        for number, pair in enumerate(pairs)
        if _is_a_dress(predictions[parts + number], *(predictions[place] for place in pair))
    ]
    if not dresses:
        return list(range(parts))
    _, dress, pair = max(dresses)
    return [dress, *(place for place in range(parts) if place not in pair)]


def _is_a_dress(together: Prediction, *parts: Prediction) -> bool:
    return (
        not together.is_refused
        and together.label == DRESS
        and together.confidence >= LEAST_CONFIDENCE
        and all(
            part.is_refused or part.label == DRESS or part.confidence < min(SOMETHING_ELSE, together.confidence)
            for part in parts
        )
    )


def _small(
    photo: Photo, garments: Sequence[Garment], places: set[int]
) -> tuple[NDArray[np.float32], dict[int, NDArray[np.uint8]]]:
    """Colours, float32 [h, w, 3], and the masks in some places, uint8 [h, w] of 0 and 1, of a smaller photo."""
    height, width = photo.pixels.shape[:2]
    scale = min(1.0, LOOKED_AT / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    pixels = cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA)
    masks = {place: cv2.resize(garments[place].mask, size, interpolation=cv2.INTER_AREA) > 0.5 for place in places}
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    return np.asarray(lab, np.float32), {place: mask.astype(np.uint8) for place, mask in masks.items()}


def _of_one_cloth(lab: NDArray[np.float32], upper: NDArray[np.uint8], lower: NDArray[np.uint8]) -> bool:
    smaller = min(np.count_nonzero(upper), np.count_nonzero(lower))
    if not smaller:
        return False
    colours = [np.median(lab[mask > 0], axis=0) for mask in (upper, lower)]
    if np.linalg.norm(colours[0] - colours[1]) > SAME_CLOTH:
        return False
    side = 2 * NEAR + 1
    near = cv2.dilate(upper, np.ones((side, side), np.uint8))
    return bool(np.count_nonzero((near > 0) & (lower > 0)) >= SEAM * smaller)
