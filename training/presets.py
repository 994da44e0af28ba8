"""The recipes that ``--preset`` names, and a plan: a recipe with what the command line changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from training.errors import TrainingError

DEFAULT_SEED: Final = 1
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

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise TrainingError(f"--epochs must be at least 1, not {self.epochs}.")
        if self.neurons < 1:
            raise TrainingError(f"--neurons must be at least 1, not {self.neurons}.")
        if self.teacher_epochs < 0:
            raise TrainingError(f"A teacher's epochs must not be negative, but are {self.teacher_epochs}.")
        if self.trials < 0:
            raise TrainingError(f"--tune must be at least 1, not {self.trials}.")
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


PRESETS: Final[Mapping[str, Plan]] = MappingProxyType(
    {
        # The course's own program: 784-128-10, Adam at Keras's default rate.
        "lesson": Plan("lesson", epochs=5, batch_size=32, learning_rate=1e-3),
        # The published model within half an hour on two cores.
        "standard": Plan("standard", epochs=23, batch_size=228, learning_rate=0.15),
        # The best we know how to make: about ten minutes on a GPU, 16 hours on two cores, resumable.
        "best": Plan("best", epochs=220, batch_size=228, learning_rate=0.15, width=1.3, teacher_epochs=100),
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
