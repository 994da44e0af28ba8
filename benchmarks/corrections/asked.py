"""The photos that the gate judges by, and those that calibrate, found once and asked about many times.

The segmenter stays in a refresh, so what it finds does, too: of flat photos and of those that calibrate, the views are
kept, and a new network in colour is asked about them in seconds. Photos of people in streets, bags and no clothing are
looked at anew, for what is named first there depends on the answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.datasets import photo_list
from bot.registry.networks import open_networks
from training.data.found import Found
from training.data.gather import calibration_photos
from training.engine.color_share import choose_share
from training.evaluation.calibration_fold import CalibrationFold
from training.evaluation.measure import Figures
from training.evaluation.metrics import accepted_classes, photo_scores
from training.evaluation.network_set import NetworkSet, WithColor, served_color
from training.evaluation.worn import examine_worn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from bot.vision.classifier import Classifier
    from training.engine.color_share import ChosenColor


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
        calibration = calibration_photos(data_dir)
        found = Found.of(calibration.paths, self._networks)
        self._fold = CalibrationFold(calibration, found, classifier.probabilities(found.looks.pixels))

    def set_of(self, color: bytes, thresholds: Mapping[str, float]) -> NetworkSet:
        """The set with another network in colour."""
        return NetworkSet(self._classifier, WithColor(self._networks, color), thresholds)

    def chosen(self, published: bytes, taught: bytes) -> ChosenColor:
        """How much is taken of what a network in colour has learnt, as a refresh chooses and calibrates it.

        What sharpens the 28x28 model stays.
        """
        return choose_share(published, taught, self._fold.calibrated)

    def figures(self, color: bytes, thresholds: Mapping[str, float]) -> Figures:
        """What the gate compares, but for Fashion-MNIST, of which the network in colour sees nothing."""
        looks = self._flat.seen_by(served_color(color))
        answers = looks.answers(self._classifier.probabilities(looks.pixels), thresholds)
        flat = photo_scores(np.array([answer.probabilities for answer in answers]), self._listed)
        networks = self.set_of(color, thresholds)
        worn = examine_worn(self._data_dir, networks.networks, networks)
        return Figures(
            balanced_accuracy=flat.balanced_accuracy,
            photo_ece=flat.ece,
            street_top=worn.street.top if worn else None,
            bags_named=worn.bags.named if worn else None,
            no_clothing_refused=worn.no_clothing.refused if worn and worn.no_clothing else None,
        )
