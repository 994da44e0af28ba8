"""The networks that look at photos: the segmenter and the classifier in colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.vision.color_classifier import TfliteColorClassifier
from bot.vision.segmenter import TfliteSegmenter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class PhotoNetworks:
    """Both networks, loaded; thread safe.

    Attributes:
        segmenter: finds garments.
        color_classifier: names them by their view in colour.
    """

    segmenter: TfliteSegmenter
    color_classifier: TfliteColorClassifier

    def segment(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Segment ``pixels``, uint8 [192, 192, 3] RGB: float32 [192, 192, 9].

        Raises:
            ModelError: the interpreter fails.
        """
        return self.segmenter.segment(pixels)

    def classify(self, view: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Name a view, uint8 [160, 160, 3] RGB: float32 [12].

        Raises:
            ModelError: the interpreter fails.
        """
        return self.color_classifier.classify(view)
