"""Networks that give names in the order in which they are asked; what they find, each test says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from bot.vision.labels import CLASS_COUNT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from bot.vision.classifier import Classifier


class NamedInTurn:
    """Name and classify; the 28x28 model has no opinion."""

    thresholds: Mapping[str, float] = {}
    version = "of this test"

    def __init__(self, names: Iterable[int]) -> None:
        self.names = list(names)

    @property
    def classifier(self) -> Classifier:
        return cast("Classifier", self)

    @property
    def networks(self) -> NamedInTurn:
        return self

    def classify(self, view: NDArray[np.uint8]) -> NDArray[np.float32]:
        distribution = np.full(CLASS_COUNT + 2, 0.1 / 11, np.float32)
        distribution[self.names.pop(0)] = 0.9
        return distribution

    def probabilities(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.full(CLASS_COUNT, 0.1, np.float32)
