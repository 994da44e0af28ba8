"""What a model file is worth: the published bytes, run by the interpreter that will serve them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.datasets import Split, as_pixels
from bot.registry.history import Figures
from bot.vision.classifier import Classifier, ModelError
from training.errors import UnfitModelError
from training.evaluation.metrics import PhotoScores, TestScores, test_scores
from training.evaluation.worn import WornScores

Array = NDArray[np.float32]
_PART = 1000
"""Pictures asked about at a time."""


class Classifies(Protocol):
    """What gives probabilities for pixels; :class:`bot.vision.classifier.Classifier` is one."""

    def probabilities(self, pixels: Array) -> Array:
        """From float32 [n, 28, 28], 0..1, to float32 [n, 10]."""


PhotoExaminer = Callable[[Classifies, Mapping[str, float]], PhotoScores]
"""Scores a model, with the thresholds of its card, on photos."""

WornExaminer = Callable[[Classifier, Mapping[str, float]], WornScores | None]
"""The same on people in streets, bags and no clothing; None where the photos are not at hand."""


@dataclass(frozen=True, slots=True, eq=False)
class Examinations:
    """Everything a model is asked about.

    Attributes:
        test: the test pictures: recorded, never decided on.
        trained_on: pictures of the training set.
        held_out: pictures of the training set that no published recipe trains on; what publishing decides on.
        photos: scores a model on photos of people who are in no training; None when they are not at hand.
        worn: the same on people in streets, bags and no clothing.
    """

    test: Split
    trained_on: Split | None = None
    held_out: Split | None = None
    photos: PhotoExaminer | None = None
    worn: WornExaminer | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a model file answered.

    Attributes:
        test: on the test pictures.
        train_accuracy: on the pictures it was trained on.
        held_out_accuracy: on the held-out pictures; None where the recipe trained on them too.
        photos: on photos of people it never saw; None when they were not at hand.
        worn: on people in streets, bags and no clothing; None likewise.
    """

    test: TestScores
    train_accuracy: float | None = None
    held_out_accuracy: float | None = None
    photos: PhotoScores | None = None
    worn: WornScores | None = None

    @property
    def ece(self) -> float:
        """Calibration error on photos, or on the test pictures where there are none."""
        return self.photos.ece if self.photos else self.test.ece

    def figures(self) -> Figures:
        """The numbers that publishing compares."""
        return Figures(
            test_accuracy=self.test.accuracy,
            held_out_accuracy=self.held_out_accuracy,
            balanced_accuracy=self.photos.balanced_accuracy if self.photos else None,
            photo_ece=self.photos.ece if self.photos else None,
            street_top=self.worn.street.top if self.worn else None,
            bags_named=self.worn.bags.named if self.worn else None,
            no_clothing_refused=self.worn.no_clothing.refused if self.worn and self.worn.no_clothing else None,
        )


def load_classifier(model: bytes) -> Classifier:
    """The model as the bot would run it.

    Raises:
        UnfitModelError: the bot would refuse it.
    """
    try:
        return Classifier(model, interpreters=1)
    except ModelError as error:
        raise UnfitModelError(f"The bot would refuse this model: {error}") from error


def measure(
    classifier: Classifier,
    examinations: Examinations,
    thresholds: Mapping[str, float] = MappingProxyType({}),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Measurement:
    """Asks a model about everything there is to ask about.

    Args:
        classifier: the model.
        examinations: the questions.
        thresholds: of the model's card; they decide how it answers for photos.
        progress: told how many pictures of how many are answered.
    """
    splits = [each for each in (examinations.test, examinations.trained_on, examinations.held_out) if each is not None]
    asked = _Asked(classifier, sum(map(len, splits)), progress)
    return Measurement(
        test=test_scores(asked.answers(examinations.test), examinations.test.labels),
        train_accuracy=asked.accuracy(examinations.trained_on),
        held_out_accuracy=asked.accuracy(examinations.held_out),
        photos=examinations.photos(classifier, thresholds) if examinations.photos else None,
        worn=examinations.worn(classifier, thresholds) if examinations.worn else None,
    )


def answers(classifier: Classifies, pictures: Split) -> Array:
    """Probabilities for pictures: float32 [n, 10]."""
    return _Asked(classifier, len(pictures), lambda done, total: None).answers(pictures)


class _Asked:
    """Asks a model in parts, and tells how far it is."""

    def __init__(self, classifier: Classifies, total: int, progress: Callable[[int, int], None]) -> None:
        self._classifier = classifier
        self._total = total
        self._progress = progress
        self._done = 0

    def answers(self, pictures: Split) -> Array:
        """Probabilities: float32 [n, 10]."""
        parts = []
        for at in range(0, len(pictures), _PART):
            parts.append(self._classifier.probabilities(as_pixels(pictures.images[at : at + _PART])))
            self._done += len(parts[-1])
            self._progress(self._done, self._total)
        return np.concatenate(parts)

    def accuracy(self, pictures: Split | None) -> float | None:
        """The share of right answers; None without pictures."""
        if pictures is None:
            return None
        return float((self.answers(pictures).argmax(axis=1) == pictures.labels).mean())
