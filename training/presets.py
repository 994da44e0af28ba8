"""The recipes that ``--preset`` names, and a plan: a recipe with what the command line changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from training.errors import TrainingError
from training.recipe import Recipe

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
TARGET_EPOCHS: Final = 50
"""Epochs that ``--target-accuracy`` may take unless ``--epochs`` says otherwise, as in the course."""

REFRESH_EPOCHS: Final = 1
"""A refresh takes at most ten minutes on two cores, finding the garments of new photos included. A second epoch may
teach it more of what people corrected, and leaves little of that time (models/tried.md)."""

REFRESH_RATE: Final = 0.1
"""A refresh learns at this share of its recipe's rate: it adds to what the weights know, and does not start over."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides what a training run computes.

    Attributes:
        preset: the recipe's name.
        epochs: passes over the training set.
        batch_size: examples a step.
        learning_rate: the highest of the schedule.
        seed: of the weights, the order and the augmentation.
        target_accuracy: stop after the epoch whose training accuracy passes this; ``lesson`` only.
        neurons: width of the hidden layer; ``lesson`` only.
        normalise: pixels 0..1 instead of 0..255; ``lesson`` only.
        width: multiplies the channels of the convolutional presets.
        teacher_epochs: of a larger network that is trained first and learnt from; 0 for none.
        augmentation: multiplies the strength of their augmentation.
        devices: how many devices share each batch.
        refresh: goes on from the published weights instead of from scratch.
        trials: of a hyperparameter search, instead of one training; 0 for none.
        patience: stop after so many epochs without a lower loss on held-out pictures, and keep the best; 0 for never.
    """

    preset: str
    epochs: int
    batch_size: int
    learning_rate: float
    seed: int = DEFAULT_SEED
    target_accuracy: float | None = None
    neurons: int = 128
    normalise: bool = True
    width: float = 1.0
    teacher_epochs: int = 0
    augmentation: float = 1.0
    devices: int = 1
    refresh: bool = False
    trials: int = 0
    patience: int = 0

    def __post_init__(self) -> None:
        _check_range("--epochs", self.epochs, 1, MOST_EPOCHS)
        _check_range("--seed", self.seed, 0, MOST_SEED)
        _check_range("--neurons", self.neurons, 1, MOST_NEURONS)
        if self.teacher_epochs < 0:
            raise TrainingError(f"A teacher's epochs must not be negative, but are {self.teacher_epochs}.")
        _check_range("--tune", self.trials, 0, MOST_TRIALS)
        _check_range("--patience", self.patience, 0, MOST_EPOCHS)
        _check_range("--width", self.width, *WIDTHS)
        _check_range("--augmentation", self.augmentation, *AUGMENTATIONS)
        if not 0 < self.learning_rate <= MOST_RATE:
            raise TrainingError(f"--learning-rate must be above 0 and at most {MOST_RATE:g}, not {self.learning_rate}.")
        if self.devices < 1:
            raise TrainingError(f"--devices must be at least 1, not {self.devices}.")
        if self.target_accuracy is not None and not 0 < self.target_accuracy <= 1:
            raise TrainingError(f"--target-accuracy must be between 0 and 1, not {self.target_accuracy}.")

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON values."""
        return dataclasses.asdict(self)

    def changes(self) -> list[str]:
        """What differs from the preset, as ``name value``."""
        recipe = PRESETS.get(self.preset)
        mine, theirs = self.to_json(), recipe.to_json() if recipe else {}
        changed = {name: value for name, value in mine.items() if theirs.get(name) != value and name != "seed"}
        return [
            f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in changed.items()
        ]

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Plan:
        """Reads what :meth:`to_json` wrote; fields of newer versions are left out."""
        known = {field.name for field in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def _check_range(option: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        bound = f"at least {least}" if value < least else f"at most {most}"
        raise TrainingError(f"{option} must be {bound}, not {value}.")


PHOTO_BATCH: Final = Recipe(epochs=1).batch_size
"""Of the presets for photos: what the recipe mixes."""

MADE_BY_A_PRESET: Final = "a preset makes the 28x28 model anew"
TAKEN_BY_A_PRESET: Final = (
    "segmenter.tflite and color_classifier.tflite are those of {version}; python -m training segmenter and"
    " color-classifier make these"
)
"""Which parts of a set a preset makes, and which it takes from the published one."""

PRESETS: Final[Mapping[str, Plan]] = MappingProxyType(
    {
        # The course's own program: 784-128-10, Adam at Keras's default rate.
        "lesson": Plan("lesson", epochs=5, batch_size=32, learning_rate=1e-3),
        # The published model within half an hour on two cores.
        "standard": Plan("standard", epochs=23, batch_size=PHOTO_BATCH, learning_rate=0.15),
        # The best we know how to make: about ten minutes on a GPU, 16 hours on two cores, resumable.
        "best": Plan("best", epochs=220, batch_size=PHOTO_BATCH, learning_rate=0.15, width=1.3, teacher_epochs=100),
    }
)


def plan_for(preset: str, **changes: Any) -> Plan:
    """The plan of a preset with what the command line named; a change of None is no change.

    Raises:
        TrainingError: an unknown preset, or a value out of range.
    """
    if preset not in PRESETS:
        raise TrainingError(f"There is no preset {preset!r}; choose one of {', '.join(PRESETS)}.")
    named = {name: value for name, value in changes.items() if value is not None}
    defaults: dict[str, Any] = {}
    if "target_accuracy" in named:
        defaults["epochs"] = TARGET_EPOCHS
    if named.get("refresh"):
        rate = PRESETS[preset].learning_rate * REFRESH_RATE
        defaults |= {"epochs": REFRESH_EPOCHS, "learning_rate": rate, "teacher_epochs": 0}
    return dataclasses.replace(PRESETS[preset], **defaults | named)
