"""A network that somebody trained in the chat: how it is kept, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np

from bot.course.numpy_training import TrainingSettings
from bot.course.recorded_runs import CLASSES, INPUTS, CourseNetwork, Epoch, Floats, RecordedRun

BATCH_IN_RECORDS: Final = 32
_LARGEST: Final = float(np.finfo(np.float16).max)


class DamagedNetwork(ValueError):
    """What was kept is no network of the course."""


@dataclass(frozen=True, slots=True, eq=False)
class OwnNetwork:
    """A person's network.

    Attributes:
        settings: what the student chose.
        network: float32, rounded to what 16 bits hold.
        epochs: what it reached, in order, at least one.
    """

    settings: TrainingSettings
    network: CourseNetwork
    epochs: tuple[Epoch, ...]

    @property
    def run(self) -> RecordedRun:
        """Its training, as the course's own runs are recorded."""
        return RecordedRun(self.settings.neurons, self.settings.normalise, BATCH_IN_RECORDS, self.epochs)

    def probabilities(self, pixels: Floats) -> Floats:
        """Ten probabilities: float32 [n, 10] for pixels [n, 28, 28], 0..1, whatever it was trained on."""
        return self.network.probabilities(pixels if self.settings.normalise else pixels * np.float32(255))

    @property
    def record(self) -> dict[str, Any]:
        """Everything but the weights, for JSON."""
        return {"settings": asdict(self.settings), "epochs": [asdict(epoch) for epoch in self.epochs]}

    @classmethod
    def read(cls, weights: bytes, record: Mapping[str, Any]) -> Self:
        """Read what :attr:`record` and :func:`packed` gave.

        Raises:
            DamagedNetwork: it is none.
        """
        try:
            settings = TrainingSettings(**record["settings"])
            epochs = tuple(Epoch(**each) for each in record["epochs"])
            network = unpacked(weights, settings.neurons)
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedNetwork("no network of the course") from error
        if not epochs:
            raise DamagedNetwork("a network without an epoch")
        return cls(settings, network, epochs)


def packed(network: CourseNetwork) -> bytes:
    """The four arrays one behind the other, float16, little-endian; what 16 bits cannot hold is their largest."""
    arrays = (np.clip(np.nan_to_num(array), -_LARGEST, _LARGEST).astype("<f2") for array in network.arrays)
    return b"".join(array.tobytes() for array in arrays)


def unpacked(weights: bytes, neurons: int) -> CourseNetwork:
    """The network that :func:`packed` wrote.

    Args:
        weights: its bytes.
        neurons: width of its hidden layer.

    Raises:
        ValueError: they are not so many.
    """
    flat = np.frombuffer(weights, "<f2").astype(np.float32)
    shapes = (INPUTS, neurons), (neurons,), (neurons, CLASSES), (CLASSES,)
    sizes = [int(np.prod(shape)) for shape in shapes]
    if flat.size != sum(sizes) or not np.isfinite(flat).all():
        raise ValueError("not the weights of this network")
    parts = np.split(flat, np.cumsum(sizes)[:-1])
    return CourseNetwork(*(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)))
