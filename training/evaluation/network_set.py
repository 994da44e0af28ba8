"""The networks that answer together, whether they are live already or only candidates."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.vision.color_classifier import TfliteColorClassifier
from bot.vision.interpreter import ModelError
from training.errors import UnfitModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from bot.vision.classifier import Classifier
    from bot.vision.recognizer import VisionNetworks


@dataclass(frozen=True, slots=True, eq=False)
class NetworkSet:
    """All that answers for a photo: a :class:`bot.vision.recognizer.LiveSet`.

    Attributes:
        classifier: the 28x28 model.
        networks: find garments, and name their views in colour.
        thresholds: of the set's card: how both are heard together, and where verdicts begin.
        version: its name.
    """

    classifier: Classifier
    networks: VisionNetworks
    thresholds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    version: str = ""


class WithColor:
    """Networks of which the one in colour is another than the published one."""

    def __init__(self, networks: VisionNetworks, color: bytes) -> None:
        """Replace it.

        Args:
            networks: the published ones.
            color: the ``.tflite`` file of the other.

        Raises:
            UnfitModelError: the bot would refuse it.
        """
        try:
            self._color = TfliteColorClassifier(color, interpreters=1)
        except ModelError as error:
            raise UnfitModelError(f"The bot would refuse this network in colour: {error}") from error
        self._networks = networks

    def segment(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """As the published segmenter."""
        return self._networks.segment(pixels)

    def classify(self, view: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Name a view, uint8 [160, 160, 3] RGB: float32 [12]."""
        return self._color.classify(view)
