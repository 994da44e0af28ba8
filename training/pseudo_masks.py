"""Masks for the training photos, made without a person: several GrabCuts that must agree.

Nobody has drawn the outlines of these photos. GrabCut (Rother, Kolmogorov, Blake 2004) from three different priors
finds the garment alike in nine photos of ten; those agreements teach the segmenter, the rest are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

MASK_SIDE = 128
"""GrabCut's longest side, pixels: 27 ms a run on one core; 104 px cost 7 points downstream."""

AGREEMENT = 0.75
"""Least IoU of the three masks at which a photo teaches the segmenter."""

MIN_AREA, MAX_AREA = 0.04, 0.90
"""A mask outside these shares of the frame is a miss: a button, or the whole blanket."""

LARGEST_PART = 0.25
"""A part smaller than this share of the largest one is clutter; a pair of shoes keeps both."""

BORDER = 0.03
"""Outermost share of the frame that is background for certain."""


@dataclass(frozen=True, slots=True, eq=False)
class PseudoMask:
    """A mask voted by three GrabCuts.

    Attributes:
        mask: uint8 [h, w], 0 or 1.
        agreement: least IoU between any two of the three, 0..1.
    """

    mask: NDArray[np.uint8]
    agreement: float

    @property
    def usable(self) -> bool:
        """Whether the three agree on something of a garment's size."""
        return self.agreement >= AGREEMENT and MIN_AREA <= float(self.mask.mean()) <= MAX_AREA


def pseudo_mask(pixels: NDArray[np.uint8]) -> PseudoMask:
    """Find the garment three times and let the majority decide.

    Args:
        pixels: uint8 [h, w, 3] RGB, longest side about :data:`MASK_SIDE`.

    Returns:
        The voted mask, the size of ``pixels``.
    """
    lab = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), np.uint8)
    height, width = lab.shape[:2]
    masks = [
        _grabcut(lab, _square_prior(height, width, 0.8), iterations=4),
        _grabcut(lab, _square_prior(height, width, 0.6), iterations=4),
        _grabcut(lab, _disc_prior(height, width), iterations=3),
    ]
    agreement = min(iou(masks[a], masks[b]) for a, b in ((0, 1), (0, 2), (1, 2)))
    voted = (np.sum(masks, axis=0) >= 2).astype(np.uint8)
    return PseudoMask(mask=voted, agreement=agreement)


def iou(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Intersection over union of two 0/1 masks; 0 when both are empty."""
    union = int(np.count_nonzero(a | b))
    return int(np.count_nonzero(a & b)) / union if union else 0.0


def _square_prior(height: int, width: int, share: float) -> NDArray[np.uint8]:
    """Probable garment inside the central ``share`` of the frame."""
    y, x = _frame(height, width)
    prior = np.where(np.maximum(abs(x), abs(y)) > share**0.5, cv2.GC_PR_BGD, cv2.GC_PR_FGD).astype(np.uint8)
    return _with_border(prior)


def _disc_prior(height: int, width: int) -> NDArray[np.uint8]:
    """Probable garment inside a disc, certain garment at its centre."""
    y, x = _frame(height, width)
    radius = np.hypot(x, y)
    prior = np.where(radius < 0.75, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    prior[radius < 0.12] = cv2.GC_FGD
    return _with_border(prior)


def _frame(height: int, width: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, columns = np.mgrid[:height, :width]
    return (rows + 0.5) / height * 2 - 1, (columns + 0.5) / width * 2 - 1


def _with_border(prior: NDArray[np.uint8]) -> NDArray[np.uint8]:
    edge = max(1, round(BORDER * min(prior.shape)))
    inner = np.zeros(prior.shape, bool)
    inner[edge:-edge, edge:-edge] = True
    prior[~inner] = cv2.GC_BGD
    return prior


def _grabcut(lab: NDArray[np.uint8], prior: NDArray[np.uint8], *, iterations: int) -> NDArray[np.uint8]:
    cv2.setRNGSeed(1)
    mask = prior.copy()
    try:
        cv2.grabCut(lab, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), iterations, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    except cv2.error:  # every pixel went to one side: a flat picture has no garment to cut
        return np.zeros(mask.shape, np.uint8)
    return tidy(((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.uint8))


def tidy(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Open a 0/1 mask by 3x3, drop small parts and fill pinholes."""
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count <= 1:
        return mask
    areas = stats[1:, cv2.CC_STAT_AREA]
    mask = np.isin(parts, np.flatnonzero(areas >= LARGEST_PART * areas.max()) + 1).astype(np.uint8)
    count, holes, stats, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    for hole in range(1, count):
        if stats[hole, cv2.CC_STAT_AREA] < 0.01 * mask.size:
            mask[holes == hole] = 1
    return mask
