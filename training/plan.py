"""A plan: every number that decides what a training run computes, one class for the course's network, one for ours."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

from training.errors import TrainingError

DEFAULT_SEED: Final = 1

MOST_SEED: Final = 2**32 - 1
"""NumPy's and TensorFlow's generators take no larger one."""

MOST_EPOCHS: Final = 1_000_000
MOST_NEURONS: Final = 16_384
"""A hidden layer of so many takes 13 million weights, three times that with Adam's moments."""

MOST_TRIALS: Final = 10_000
MOST_RATE: Final = 10.0
WIDTHS: Final = (0.1, 4.0)
AUGMENTATIONS: Final = (0.0, 8.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnyPlan:
    """What every run has.

    Attributes:
        preset: which one was taken or changed.
        epochs: passes over the training set.
        learning_rate: the highest of the schedule.
        seed: of the weights, the order and the augmentation.
        devices: how many devices share each batch.
        trials: of a hyperparameter search, instead of one training; 0 for none.
        patience: stop after so many epochs without a lower loss on held-out pictures, and keep the best; 0 for never.
        refresh: goes on from the published weights instead of from scratch.
    """

    preset: str
    epochs: int
    learning_rate: float
    seed: int = DEFAULT_SEED
    devices: int = 1
    trials: int = 0
    patience: int = 0
    refresh: bool = False

    def __post_init__(self) -> None:
        _check_range("--epochs", self.epochs, 1, MOST_EPOCHS)
        _check_range("--seed", self.seed, 0, MOST_SEED)
        _check_range("--tune", self.trials, 0, MOST_TRIALS)
        _check_range("--patience", self.patience, 0, MOST_EPOCHS)
        if not 0 < self.learning_rate <= MOST_RATE:
            raise TrainingError(f"--learning-rate must be above 0 and at most {MOST_RATE:g}, not {self.learning_rate}.")
        if self.devices < 1:
            raise TrainingError(f"--devices must be at least 1, not {self.devices}.")

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON values."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPlan(_AnyPlan):
    """How the course's network is trained (:mod:`training.engine.lesson`).

    Attributes:
        batch_size: pictures a step.
        neurons: width of the hidden layer.
        normalise: pixels 0..1 instead of 0..255.
        target_accuracy: stop after the epoch whose training accuracy passes this; None for never.
    """

    batch_size: int = 32
    neurons: int = 128
    normalise: bool = True
    target_accuracy: float | None = None

    def __post_init__(self) -> None:
        super(LessonPlan, self).__post_init__()  # slots make a class anew, which super() without arguments misses
        _check_range("--neurons", self.neurons, 1, MOST_NEURONS)
        if self.target_accuracy is not None and not 0 < self.target_accuracy <= 1:
            raise TrainingError(f"--target-accuracy must be between 0 and 1, not {self.target_accuracy}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPlan(_AnyPlan):
    """How the 28x28 network that answers photos is trained (:class:`training.engine.fit.Trainer`).

    Attributes:
        width: multiplies the network's channels.
        teacher_epochs: of a larger network that is trained first and learnt from; 0 for none.
        augmentation: multiplies the strength of the retoning of photos.
        clean: clean Fashion-MNIST pictures a batch.
        randomised: Fashion-MNIST pictures a batch that are made to look like photos.
        photos: real photos a batch.
        outliers: pictures of none of the ten a batch.
        share: of Fashion-MNIST that an epoch goes through, drawn anew for each.
        warm_up: share of the steps after which the learning rate is at its highest.
        decay: weight decay on kernels.
        smoothing: label smoothing.
        outlier_weight: how strongly outliers are pulled toward ten equal probabilities.
        distillation: how much a teacher's answers count against the labels, 0..1; without a teacher only labels do,
            nor does it count what a teacher says to photos that people corrected.
        distillation_temperature: what the logits of both are divided by before they are compared.
        average: decay of the moving average of the weights a step.
        cut_clean: side of the square cut out of clean pictures.
        cut_photo: side of the square cut out of half of the others.
        strength: of the retoning of photos.
    """

    width: float = 1.0
    teacher_epochs: int = 0
    augmentation: float = 1.0
    clean: int = 160
    randomised: int = 32
    photos: int = 24
    outliers: int = 12
    share: float = 1.0
    warm_up: float = 0.15
    decay: float = 5e-4
    smoothing: float = 0.1
    outlier_weight: float = 0.5
    distillation: float = 0.7
    distillation_temperature: float = 2.0
    average: float = 0.998
    cut_clean: int = 12
    cut_photo: int = 9
    strength: float = 0.25

    def __post_init__(self) -> None:
        super(PhotoPlan, self).__post_init__()
        if self.teacher_epochs < 0:
            raise TrainingError(f"A teacher's epochs must not be negative, but are {self.teacher_epochs}.")
        _check_range("--width", self.width, *WIDTHS)
        _check_range("--augmentation", self.augmentation, *AUGMENTATIONS)

    @property
    def retoning(self) -> float:
        """How strongly photos are retoned."""
        return self.strength * self.augmentation

    def of_the_teacher(self) -> PhotoPlan:
        """The plan of the larger network that is trained first."""
        return dataclasses.replace(self, epochs=self.teacher_epochs, teacher_epochs=0, patience=0)


Plan = LessonPlan | PhotoPlan


def _check_range(option: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        bound = f"at least {least}" if value < least else f"at most {most}"
        raise TrainingError(f"{option} must be {bound}, not {value}.")
