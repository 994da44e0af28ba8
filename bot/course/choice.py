"""What can be chosen for a training in the chat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Self

from bot.course.numpy_training import TrainingSettings

NEURONS: Final = (8, 32, 128, 512)
EPOCHS: Final = (5, 20, 50)
LEARNING_RATES: Final = (0.0001, 0.001, 0.01)
"""Adam's usual rate, which the course leaves as it is, and a tenth and ten times of it."""

TARGET_ACCURACY: Final = 0.95
"""The course's callback stops above this accuracy on the training images."""

_MOST_EPOCHS_WHEN_WIDE: Final = 20
_WIDE: Final = 512


@dataclass(frozen=True, slots=True)
class TrainingChoice:
    """What a student has chosen by buttons; without arguments, the course's own program.

    Attributes:
        neurons: one of :data:`NEURONS`.
        epochs: one of :data:`EPOCHS`; at most 20 with 512 neurons.
        learning_rate: one of :data:`LEARNING_RATES`.
        normalise: divide the pixels by 255.
        stop_early: the course's callback.
    """

    neurons: int = 128
    epochs: int = 5
    learning_rate: float = 0.001
    normalise: bool = True
    stop_early: bool = False

    def __post_init__(self) -> None:
        if self.neurons not in NEURONS or self.epochs not in EPOCHS or self.learning_rate not in LEARNING_RATES:
            raise ValueError("no such choice")
        if self.epochs > most_epochs(self.neurons):
            raise ValueError("too long for so many neurons")

    def with_neurons(self, neurons: int) -> Self:
        """The same with another width, as long as that may be trained."""
        return replace(self, neurons=neurons, epochs=min(self.epochs, most_epochs(neurons)))

    def with_next_rate(self) -> Self:
        """The same with the next learning rate, the first one after the last."""
        place = (LEARNING_RATES.index(self.learning_rate) + 1) % len(LEARNING_RATES)
        return replace(self, learning_rate=LEARNING_RATES[place])

    def settings(self, seed: int) -> TrainingSettings:
        """For the training itself; ``seed`` makes each one different."""
        return TrainingSettings(
            neurons=self.neurons,
            epochs=self.epochs,
            learning_rate=self.learning_rate,
            normalise=self.normalise,
            target_accuracy=TARGET_ACCURACY if self.stop_early else None,
            seed=seed,
        )

    @classmethod
    def of(cls, settings: TrainingSettings) -> Self:
        """The choice behind a training; the course's own where it is none of ours."""
        try:
            return cls(
                settings.neurons,
                settings.epochs,
                settings.learning_rate,
                settings.normalise,
                settings.target_accuracy is not None,
            )
        except ValueError:
            return cls()


def most_epochs(neurons: int) -> int:
    """The longest training that is offered for a width."""
    return _MOST_EPOCHS_WHEN_WIDE if neurons >= _WIDE else EPOCHS[-1]
