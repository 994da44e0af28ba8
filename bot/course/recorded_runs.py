"""The course's recorded runs and its small network, as ``models/lesson/`` keeps them for teaching.

Every figure that /learn shows about training comes from here: nothing is trained while somebody waits, and nothing is
typed into texts. Each file may be missing; what needs it then says so.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

TRAIN_IMAGES: Final = 60_000
"""Images that a recorded run learnt from: Fashion-MNIST's training set; a test counts them."""

TEST_IMAGES: Final = 10_000
"""Images that a recorded run was measured on: Fashion-MNIST's test set; a test counts them, too."""

SIDE: Final = 28
INPUTS: Final = SIDE * SIDE
CLASSES: Final = 10

TFLITE: Final = "5-epochs.tflite"
"""The recorded network, converted."""

_log = logging.getLogger(__name__)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the training images.

    Attributes:
        number: from 1.
        loss: on the training images, mean over the pass.
        accuracy: the same, 0..1.
        test_loss: on the test images, after the pass.
        test_accuracy: the same, 0..1.
    """

    number: int
    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run of the course's program.

    Attributes:
        neurons: width of the hidden layer.
        normalised: whether it saw 0..1 instead of 0..255.
        batch: images a step.
        epochs: in order, at least one.
        seconds: what all epochs took; None where it was not recorded.
        file_bytes: size of its TFLite file; None where it was not recorded.
    """

    neurons: int
    normalised: bool
    batch: int
    epochs: tuple[Epoch, ...]
    seconds: float | None = None
    file_bytes: int | None = None

    @property
    def last(self) -> Epoch:
        """The last epoch."""
        return self.epochs[-1]

    @property
    def weights(self) -> int:
        """How many numbers the network learns."""
        return weights_of(self.neurons)

    def first_above(self, accuracy: float) -> Epoch | None:
        """The first epoch whose accuracy on the training images is above ``accuracy`` (0..1), if there is one."""
        return next((epoch for epoch in self.epochs if epoch.accuracy > accuracy), None)

    @property
    def turning_point(self) -> Epoch:
        """The epoch with the lowest loss on the test images."""
        return min(self.epochs, key=lambda epoch: epoch.test_loss)


@dataclass(frozen=True, slots=True, eq=False)
class CourseNetwork:
    """The course's network, 784-128-10, small enough to be computed by hand.

    Attributes:
        hidden_kernel: float32 [784, n].
        hidden_bias: float32 [n].
        output_kernel: float32 [n, 10].
        output_bias: float32 [10].
    """

    hidden_kernel: Floats
    hidden_bias: Floats
    output_kernel: Floats
    output_bias: Floats

    def __post_init__(self) -> None:
        neurons = len(self.hidden_bias)
        shapes = ((INPUTS, neurons), (neurons,), (neurons, CLASSES), (CLASSES,))
        if tuple(array.shape for array in self.arrays) != shapes:
            raise ValueError("not the course's network")

    @property
    def arrays(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Kernel and bias of both layers."""
        return self.hidden_kernel, self.hidden_bias, self.output_kernel, self.output_bias

    @property
    def neurons(self) -> int:
        """Width of the hidden layer."""
        return len(self.hidden_bias)

    @property
    def weights(self) -> int:
        """How many numbers it learnt."""
        return sum(array.size for array in self.arrays)

    def sums(self, pixels: Floats) -> Floats:
        """What each hidden neuron adds up to, before ReLU: float32 [n, neurons] for pixels [n, 28, 28], 0..1."""
        return pixels.reshape(len(pixels), INPUTS) @ self.hidden_kernel + self.hidden_bias

    def scores(self, pixels: Floats) -> Floats:
        """The ten scores before softmax: float32 [n, 10] for pixels [n, 28, 28], 0..1."""
        return np.maximum(self.sums(pixels), 0) @ self.output_kernel + self.output_bias

    def probabilities(self, pixels: Floats) -> Floats:
        """Ten probabilities: float32 [n, 10] for pixels [n, 28, 28], 0..1."""
        return softmax(self.scores(pixels))


@dataclass(frozen=True, slots=True)
class PhotoTest:
    """The course's network on phone photos, converted as the course does it: gray, 28x28, 0..1.

    Attributes:
        images: how many photos.
        accuracy: balanced over the classes, 0..1.
        favourite: the class that it says most often.
        share: of the photos it says so, 0..1.
        confidence: the mean confidence with which it says so, 0..1.
    """

    images: int
    accuracy: float
    favourite: int
    share: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is recorded.

    Attributes:
        runs: by file name without its ending.
        network: of the 5-epoch run.
        photos: the same network on phone photos.
        tflite: the same network as a TFLite file.
    """

    runs: Mapping[str, RecordedRun] = field(default_factory=dict)
    network: CourseNetwork | None = None
    photos: PhotoTest | None = None
    tflite: bytes | None = None

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a folder; what is missing or damaged is left out and logged."""
        runs = {path.stem: run for path in sorted(folder.glob("*.json")) if (run := _read_run(path)) is not None}
        return cls(
            runs,
            _read_network(folder / "weights.npz"),
            _read_photo_test(folder / "photos.json"),
            _read_file(folder / TFLITE),
        )

    @property
    def short(self) -> RecordedRun | None:
        """The course's own 5 epochs."""
        return self.runs.get("5-epochs")

    @property
    def long(self) -> RecordedRun | None:
        """50 epochs of the same."""
        return self.runs.get("50-epochs")

    @property
    def not_normalised(self) -> RecordedRun | None:
        """The same with pixels 0..255."""
        return next((run for run in self.runs.values() if not run.normalised), None)

    @property
    def widths(self) -> tuple[RecordedRun, ...]:
        """Runs as long as the short one, one for each width of the hidden layer, narrowest first."""
        if self.short is None:
            return ()
        epochs = self.short.last.number
        fitting = [run for run in self.runs.values() if run.normalised and run.last.number == epochs]
        by_width = {run.neurons: run for run in fitting} | {self.short.neurons: self.short}
        return tuple(by_width[neurons] for neurons in sorted(by_width))


def course_pixels(photo: NDArray[np.uint8]) -> Floats:
    """A photo as the course's program would take it, with all of its background.

    Args:
        photo: uint8 [h, w, 3] RGB.

    Returns:
        float32 [28, 28], 0..1: gray, resized, divided by 255.
    """
    small = Image.fromarray(photo).convert("L").resize((SIDE, SIDE))
    return np.asarray(small, np.float32) / np.float32(255)


def softmax(scores: Floats) -> Floats:
    """Scores as shares that sum to 1, along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def weights_of(neurons: int) -> int:
    """How many numbers a 784-n-10 network learns."""
    return (INPUTS + 1) * neurons + (neurons + 1) * CLASSES


def _read_run(path: Path) -> RecordedRun | None:
    try:
        return _run(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("a recorded run cannot be read: %s (%s)", path.name, type(error).__name__)
        return None


def _read_photo_test(path: Path) -> PhotoTest | None:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return PhotoTest(
            images=int(values["images"]),
            accuracy=float(values["accuracy"]),
            favourite=range(CLASSES)[values["favourite"]],
            share=float(values["share"]),
            confidence=float(values["confidence"]),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        _log.warning("the record on photos cannot be read (%s)", type(error).__name__)
        return None


def _read_file(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as error:
        _log.warning("%s cannot be read (%s)", path.name, type(error).__name__)
        return None


def _run(values: Mapping[str, Any]) -> RecordedRun | None:
    if "epochs" not in values:
        return None
    plan = values["plan"]
    epochs = tuple(
        Epoch(
            number=int(each["epoch"]),
            loss=float(each["loss"]),
            accuracy=float(each["accuracy"]),
            test_loss=float(each["val_loss"]),
            test_accuracy=float(each["val_accuracy"]),
        )
        for each in values["epochs"]
    )
    if not epochs:
        raise ValueError("no epochs")
    seconds = [each.get("seconds") for each in values["epochs"]]
    took = None if None in seconds else float(sum(seconds))
    size = values.get("file", {}).get("bytes")
    return RecordedRun(
        neurons=int(plan["neurons"]),
        normalised=bool(plan["normalise"]),
        batch=int(plan["batch_size"]),
        epochs=epochs,
        seconds=took,
        file_bytes=None if size is None else int(size),
    )


def _read_network(path: Path) -> CourseNetwork | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = [np.asarray(file[name], np.float32) for name in _ARRAYS]
        return CourseNetwork(*arrays)
    except (OSError, ValueError, KeyError, EOFError) as error:
        _log.warning("the recorded network cannot be read (%s)", type(error).__name__)
        return None


_ARRAYS: Final = ("hidden_kernel", "hidden_bias", "output_kernel", "output_bias")
