"""What a model file is worth: the published bytes, run by the interpreter that will serve them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.dataset import Split
from training.errors import UnfitModelError
from training.evaluate import PhotoScores, TestScores, test_scores

Array = NDArray[np.float32]
_PIXEL_MAX = np.float32(255.0)


class Classifies(Protocol):
    """What gives probabilities for pixels; :class:`bot.vision.classifier.Classifier` is one."""

    def probabilities(self, pixels: Array) -> Array:
        """From float32 [n, 28, 28], 0..1, to float32 [n, 10]."""


PhotoExaminer = Callable[[Classifies, Mapping[str, float]], PhotoScores]
"""Scores a model, with the thresholds of its card, on photos."""


@dataclass(frozen=True, slots=True, eq=False)
class Examinations:
    """Everything a model is asked about.

    Attributes:
        test: the test pictures: recorded, never decided on.
        trained_on: pictures of the training set.
        held_out: pictures of the training set that no published recipe trains on; what publishing decides on.
        photos: scores a model on photos of people who are in no training; None when they are not at hand.
    """

    test: Split
    trained_on: Split | None = None
    held_out: Split | None = None
    photos: PhotoExaminer | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a model file answered.

    Attributes:
        test: on the test pictures.
        train_accuracy: on the pictures it was trained on.
        held_out_accuracy: on the held-out pictures; None where the recipe trained on them too.
        photos: on photos of people it never saw; None when they were not at hand.
    """

    test: TestScores
    train_accuracy: float | None = None
    held_out_accuracy: float | None = None
    photos: PhotoScores | None = None

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
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """The few numbers by which models are compared; None where one was not measured."""

    test_accuracy: float | None = None
    held_out_accuracy: float | None = None
    balanced_accuracy: float | None = None
    photo_ece: float | None = None

    @classmethod
    def from_card(cls, card: Mapping[str, Any]) -> Figures:
        """The numbers that a model card records."""
        photos = card.get("photos") or {}
        calibration = card.get("calibration") or {}
        return cls(
            test_accuracy=_number((card.get("test") or {}).get("accuracy")),
            held_out_accuracy=_number((card.get("held_out") or {}).get("accuracy")),
            balanced_accuracy=_number(photos.get("balanced_accuracy")),
            photo_ece=_number(calibration.get("ece")) if photos.get("images") else None,
        )


def load_classifier(model: bytes) -> Classifies:
    """The model as the bot would run it.

    Raises:
        UnfitModelError: the bot would refuse it.
    """
    from bot.vision.classifier import Classifier, ModelError

    try:
        return Classifier(model, interpreters=1)
    except ModelError as error:
        raise UnfitModelError(f"The bot would refuse this model: {error}") from error


def measure(
    classifier: Classifies, examinations: Examinations, thresholds: Mapping[str, float] = MappingProxyType({})
) -> Measurement:
    """Asks a model about everything there is to ask about.

    Args:
        classifier: the model.
        examinations: the questions.
        thresholds: of the model's card; they decide how it answers for photos.
    """
    trained_on, held_out, photos = examinations.trained_on, examinations.held_out, examinations.photos
    return Measurement(
        test=test_scores(answers(classifier, examinations.test), examinations.test.labels),
        train_accuracy=_accuracy(classifier, trained_on),
        held_out_accuracy=_accuracy(classifier, held_out),
        photos=photos(classifier, thresholds) if photos else None,
    )


def answers(classifier: Classifies, pictures: Split) -> Array:
    """Probabilities for pictures: float32 [n, 10]."""
    return classifier.probabilities(as_pixels(pictures.images))


def as_pixels(images: NDArray[np.uint8]) -> Array:
    """From uint8 [n, 28, 28] to float32, 0..1."""
    return images.astype(np.float32) / _PIXEL_MAX


def _accuracy(classifier: Classifies, pictures: Split | None) -> float | None:
    if pictures is None:
        return None
    return float((answers(classifier, pictures).argmax(axis=1) == pictures.labels).mean())


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
