"""Masks of photos, bool [h, w]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]


def overlap(one: Mask, other: Mask) -> float:
    """Intersection over union of two masks of one size, 0..1."""
    return float((one & other).sum() / max(1, int((one | other).sum())))


def random_piece(shape: tuple[int, ...], rng: np.random.Generator) -> Mask:
    """An ellipse somewhere in a photo of ``shape`` (height, width, ...), as if something had been found there."""
    height, width = shape[:2]
    mask = np.zeros((height, width), np.uint8)
    middle = (int(rng.uniform(0.3, 0.7) * width), int(rng.uniform(0.3, 0.7) * height))
    axes = (max(2, int(rng.uniform(0.12, 0.4) * width)), max(2, int(rng.uniform(0.12, 0.4) * height)))
    cv2.ellipse(mask, middle, axes, float(rng.uniform(0, 180)), 0, 360, 1, -1)
    return mask > 0
