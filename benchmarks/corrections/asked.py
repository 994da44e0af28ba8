"""The photos that the gate judges by, and those that calibrate, found once and asked about many times.

The segmenter stays in a refresh, so what it finds does, too: of flat photos and of those that calibrate, the views are
kept, and a new network in colour is asked about them in seconds. Photos of people in streets, bags and no clothing are
looked at anew, for what is named first there depends on the answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bot.datasets import photo_list
from bot.registry.history import Figures
from bot.registry.networks import open_networks
from bot.vision.color_classifier import TfliteColorClassifier
from training.data.gather import calibration_photos
from training.data.looks import look_at
from training.evaluation.calibrate import fit, thresholds_of
from training.evaluation.metrics import accepted_classes, photo_scores
from training.evaluation.network_set import NetworkSet, WithColor
from training.evaluation.worn import examine_worn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.vision.classifier import Classifier
    from bot.vision.recognizer import VisionNetworks
    from training.data.looks import Looks


class _Watched:
    """Networks that keep the views they are asked about."""

    def __init__(self, networks: VisionNetworks) -> None:
        self._networks = networks
        self.views: list[NDArray[np.uint8]] = []

    def segment(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        return self._networks.segment(pixels)

    def classify(self, view: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.views.append(view)
        return self._networks.classify(view)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Photos whose garments are found.

    Attributes:
        looks: what the first networks made of them.
        views: of each garment, uint8 [160, 160, 3].
    """

    looks: Looks
    views: Sequence[NDArray[np.uint8]]

    @classmethod
    def of(cls, paths: Sequence[Path], networks: VisionNetworks) -> Found:
        """Find them."""
        watched = _Watched(networks)
        looks = look_at(paths, watched)
        return cls(looks, watched.views)

    def seen_by(self, color: TfliteColorClassifier) -> Looks:
        """What another network in colour makes of them."""
        return replace(self.looks, colors=np.stack([color.classify(view) for view in self.views]))


class Asked:
    """Asks about sets that differ in the network in colour alone."""

    def __init__(self, data_dir: Path, models_dir: Path, classifier: Classifier, left_out: Collection[str]) -> None:
        """Find everything.

        Args:
            data_dir: has the photos.
            models_dir: has the networks that find garments.
            classifier: the 28x28 model.
            left_out: images of flat photos that are not measured on.
        """
        self._data_dir = data_dir
        self._networks = open_networks(models_dir)
        self._classifier = classifier
        listed = [photo for photo in photo_list() if photo.split == "validation" and accepted_classes(photo)]
        self._listed = [photo for photo in listed if photo.image not in left_out]
        self._flat = Found.of([photo.path(data_dir) for photo in self._listed], self._networks)
        self._calibration = calibration_photos(data_dir)
        self._calibrating = Found.of(self._calibration.paths, self._networks)

    def set_of(self, color: bytes, thresholds: Mapping[str, float]) -> NetworkSet:
        """The set with another network in colour."""
        return NetworkSet(self._classifier, WithColor(self._networks, color), thresholds)

    def thresholds(self, color: bytes) -> dict[str, float]:
        """Calibrate anew, as a refresh does; what sharpens the 28x28 model stays."""
        seen = self._calibrating.seen_by(TfliteColorClassifier(color, interpreters=1))
        model = self._classifier.probabilities(seen.pixels)
        return thresholds_of(model, seen, self._calibration.outcomes, fit(model, seen, self._calibration))

    def figures(self, color: bytes, thresholds: Mapping[str, float]) -> Figures:
        """What the gate compares, but for Fashion-MNIST, of which the network in colour sees nothing."""
        looks = self._flat.seen_by(TfliteColorClassifier(color, interpreters=1))
        answers = looks.answers(self._classifier.probabilities(looks.pixels), thresholds)
        flat = photo_scores(np.array([answer.probabilities for answer in answers]), self._listed)
        networks = self.set_of(color, thresholds)
        worn = examine_worn(self._data_dir, networks)
        return Figures(
            balanced_accuracy=flat.balanced_accuracy,
            photo_ece=flat.ece,
            street_top=worn.street.top if worn else None,
            bags_named=worn.bags.named if worn else None,
            no_clothing_refused=worn.no_clothing.refused if worn and worn.no_clothing else None,
        )
