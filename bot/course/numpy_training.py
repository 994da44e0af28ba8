"""The course's training in plain numpy: 784-n-10, ReLU, softmax, Adam, sparse categorical cross-entropy, batches of 32.

The same arithmetic as ``model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")`` and ``model.fit`` of
Keras 3, without TensorFlow, so that a student's network trains beside the bot in seconds. Adam is that of Kingma and Ba
(arXiv 1412.6980) in Keras' form, which corrects the bias in the rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.recorded_runs import CLASSES, INPUTS, CourseNetwork, Epoch, Floats, softmax

BATCH: Final = 32
"""Images a step: the default of ``model.fit``."""

MAX_NEURONS: Final = 512
MAX_EPOCHS: Final = 50

BETA_1: Final = 0.9
BETA_2: Final = 0.999
EPSILON: Final = 1e-7

_EVALUATED_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """What a student chooses.

    Attributes:
        neurons: width of the hidden layer, 1 to 512.
        epochs: passes over the training images, 1 to 50.
        learning_rate: of Adam.
        normalise: divide the pixels by 255.
        target_accuracy: stop after the first epoch whose training accuracy is above this (0..1); None trains them all.
        seed: of the initial weights and the order of the images.
    """

    neurons: int = 128
    epochs: int = 5
    learning_rate: float = 0.001
    normalise: bool = True
    target_accuracy: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.neurons <= MAX_NEURONS:
            raise ValueError(f"neurons must be 1 to {MAX_NEURONS}")
        if not 1 <= self.epochs <= MAX_EPOCHS:
            raise ValueError(f"epochs must be 1 to {MAX_EPOCHS}")
        if not 0 < self.learning_rate <= 1:
            raise ValueError("the learning rate must be above 0 and at most 1")


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPixels:
    """Images as the data set stores them.

    Attributes:
        images: uint8 [n, 28, 28]; they stay in 8 bits, a batch at a time becomes float32.
        labels: uint8 [n], 0 to 9.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def initial_network(neurons: int, rng: np.random.Generator) -> CourseNetwork:
    """A network that has learnt nothing: Glorot's uniform kernels, zero biases, as Keras begins.

    Args:
        neurons: width of the hidden layer.
        rng: draws the kernels.
    """
    return CourseNetwork(
        _glorot(rng, INPUTS, neurons),
        np.zeros(neurons, np.float32),
        _glorot(rng, neurons, CLASSES),
        np.zeros(CLASSES, np.float32),
    )


class Trainer:
    """Trains one network, a batch at a time, in place.

    Attributes:
        network: as trained so far.
    """

    def __init__(self, network: CourseNetwork, *, learning_rate: float, normalise: bool) -> None:
        """Begin with a network; its arrays are copied.

        Args:
            network: the initial weights.
            learning_rate: of Adam.
            normalise: divide the pixels by 255.
        """
        hidden_kernel, hidden_bias, output_kernel, output_bias = (array.copy() for array in network.arrays)
        self.network = CourseNetwork(hidden_kernel, hidden_bias, output_kernel, output_bias)
        self._scale = np.float32(1 / 255 if normalise else 1)
        self._adam = [_Adam(array, learning_rate) for array in self.network.arrays]
        self._steps = 0

    def step(self, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> tuple[float, int]:
        """Learn from one batch.

        Args:
            images: uint8 [n, 28, 28].
            labels: uint8 [n].

        Returns:
            The mean loss and the number of right answers, both before the step, as Keras reports them.
        """
        inputs = images.reshape(len(images), INPUTS) * self._scale
        network, rows = self.network, np.arange(len(labels))
        hidden = np.maximum(inputs @ network.hidden_kernel + network.hidden_bias, 0)
        scores = hidden @ network.output_kernel + network.output_bias
        probabilities = softmax(scores)
        loss = float(_cross_entropy(scores, labels).mean())
        right = int((probabilities.argmax(axis=1) == labels).sum())

        # The gradient of softmax with cross-entropy is what was said less what is true.
        error = probabilities
        error[rows, labels] -= 1
        error /= np.float32(len(labels))
        hidden_error = (error @ network.output_kernel.T) * (hidden > 0)
        gradients = (inputs.T @ hidden_error, hidden_error.sum(axis=0), hidden.T @ error, error.sum(axis=0))
        self._steps += 1
        for adam, gradient in zip(self._adam, gradients, strict=True):
            adam.apply(gradient, self._steps)
        return loss, right

    def evaluate(self, data: LabelledPixels) -> tuple[float, float]:
        """Loss and accuracy (0..1) on images that are not learnt from."""
        loss, right = 0.0, 0
        for start in range(0, len(data.labels), _EVALUATED_AT_ONCE):
            labels = data.labels[start : start + _EVALUATED_AT_ONCE]
            images = data.images[start : start + _EVALUATED_AT_ONCE]
            scores = self.network.scores(images * self._scale)
            loss += float(_cross_entropy(scores, labels).sum())
            right += int((scores.argmax(axis=1) == labels).sum())
        return loss / len(data.labels), right / len(data.labels)


def train(
    settings: TrainingSettings,
    training: LabelledPixels,
    test: LabelledPixels,
    *,
    on_progress: Callable[[float], None] = lambda share: None,
) -> Iterator[tuple[Epoch, CourseNetwork]]:
    """Train a network from the beginning; each epoch is given as soon as it is done.

    Args:
        settings: what the student chose.
        training: images to learn from.
        test: images to measure on after each epoch.
        on_progress: told the share of all epochs that is done (0..1), about a hundred times an epoch.

    Yields:
        The epoch's figures and the network as it then is; the last one is the result.
    """
    rng = np.random.default_rng(settings.seed)
    network = initial_network(settings.neurons, rng)
    trainer = Trainer(network, learning_rate=settings.learning_rate, normalise=settings.normalise)
    count = len(training.labels)
    steps = math.ceil(count / BATCH)
    told_every = max(1, steps // 100)
    for number in range(1, settings.epochs + 1):
        order = rng.permutation(count)
        loss_sum, right_sum = 0.0, 0
        for step in range(steps):
            batch = order[step * BATCH : (step + 1) * BATCH]
            loss, right = trainer.step(training.images[batch], training.labels[batch])
            loss_sum += loss * len(batch)
            right_sum += right
            if step % told_every == 0:
                on_progress((number - 1 + step / steps) / settings.epochs)
        test_loss, test_accuracy = trainer.evaluate(test)
        epoch = Epoch(number, loss_sum / count, right_sum / count, test_loss, test_accuracy)
        yield epoch, trainer.network
        if settings.target_accuracy is not None and epoch.accuracy > settings.target_accuracy:
            return


def _cross_entropy(scores: Floats, labels: NDArray[np.uint8]) -> Floats:
    """Minus the logarithm of the right class's share, from the scores: a share of 0 would have none."""
    highest = scores.max(axis=1)
    sums = np.log(np.exp(scores - highest[:, None]).sum(axis=1)) + highest
    return np.asarray(sums - scores[np.arange(len(labels)), labels], np.float32)


class _Adam:
    """Adam's state for one array, which it changes in place."""

    def __init__(self, weights: Floats, learning_rate: float) -> None:
        self._weights = weights
        self._learning_rate = learning_rate
        self._mean = np.zeros_like(weights)
        self._square = np.zeros_like(weights)
        self._scratch = np.empty_like(weights)

    def apply(self, gradient: Floats, step: int) -> None:
        rate = self._learning_rate * math.sqrt(1 - BETA_2**step) / (1 - BETA_1**step)
        mean, square, scratch = self._mean, self._square, self._scratch
        np.subtract(gradient, mean, out=scratch)
        scratch *= np.float32(1 - BETA_1)
        mean += scratch
        np.square(gradient, out=scratch)
        scratch -= square
        scratch *= np.float32(1 - BETA_2)
        square += scratch
        np.sqrt(square, out=scratch)
        scratch += np.float32(EPSILON)
        np.divide(mean, scratch, out=scratch)
        scratch *= np.float32(rate)
        self._weights -= scratch


def _glorot(rng: np.random.Generator, inputs: int, outputs: int) -> Floats:
    limit = math.sqrt(6 / (inputs + outputs))
    return rng.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)
