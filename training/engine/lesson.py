"""The course's own program, 784-128-10, trained by an epoch that is compiled as a whole.

The course writes::

    model = keras.Sequential([Flatten(), Dense(128, "relu"), Dense(10, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])
    model.fit(training_images / 255, training_labels, epochs=5)

``fit`` spends most of its time between the steps of so small a network. Here the pictures stay in memory as one
tensor, and all 1,875 steps of an epoch are one XLA program: the same network, batches, optimizer and arithmetic,
several times as fast (``make bench``; the table is in benchmarks/README.md).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.datasets import Split
from bot.settings import PROJECT_ROOT
from bot.vision.classifier import SIDE
from bot.vision.labels import CLASS_NAMES, CLASS_NAMES_EN
from training.plan import LessonPlan
from training.runs.checkpoints import Checkpoint
from training.runs.folders import EpochRecord, Run
from training.runs.languages import Language

COURSE_SOFTMAX_INPUT: Final = (1.0, 3.0, 4.0, 2.0)
"""The vector on which the course shows what softmax does."""

RECORDED: Final = PROJECT_ROOT / "models" / "lesson"
"""The recorded runs that the bot teaches with."""

_BETA_1: Final = 0.9
_BETA_2: Final = 0.999
_EPSILON: Final = 1e-7
_PIXEL_MAX: Final = 255.0

Array = NDArray[np.float32]

Epoch = Callable[..., Any]
"""Does all steps of an epoch: from images, labels, int32 [steps, batch] positions, weights, first and second moments
and the number of steps before, to weights, moments, the sum of the losses and the number of hits."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The network and its optimizer between two epochs.

    Attributes:
        weights: kernel and bias of the hidden layer, then of the output layer.
        means: Adam's first moments, one for each of the weights.
        squares: Adam's second moments.
        step: optimizer steps done.
    """

    weights: tuple[Array, ...]
    means: tuple[Array, ...]
    squares: tuple[Array, ...]
    step: int

    def to_checkpoint(self, epoch: int) -> Checkpoint:
        """The state after ``epoch`` whole epochs, for a file."""
        named = {"weight": self.weights, "mean": self.means, "square": self.squares}
        arrays = {f"{name}/{number}": array for name, group in named.items() for number, array in enumerate(group)}
        return Checkpoint(epoch, arrays, {"step": self.step})

    @classmethod
    def from_checkpoint(cls, checkpoint: Checkpoint) -> State:
        """Reads what :meth:`to_checkpoint` wrote."""
        groups = [
            tuple(checkpoint.arrays[f"{name}/{number}"] for number in range(4)) for name in ("weight", "mean", "square")
        ]
        return cls(groups[0], groups[1], groups[2], int(checkpoint.values["step"]))


def build_network(neurons: int, *, normalise: bool = True) -> Any:
    """The course's network.

    Args:
        neurons: width of the hidden layer.
        normalise: without it the network sees 0..255, as in the course's experiment; its input stays 0..1, as
            everywhere, and is multiplied first.

    Returns:
        keras.Model from float32 [n, 28, 28], 0..1, to probabilities [n, 10].
    """
    import keras

    from training.networks.classifier import lesson_network

    network = lesson_network(neurons)
    if normalise:
        return network
    return keras.Sequential([keras.Input((SIDE, SIDE), name="pixels"), keras.layers.Rescaling(_PIXEL_MAX), network])


def train(plan: LessonPlan, run: Run, pictures: Split, test: Split, steps: Epoch | None = None) -> Any:
    """Trains the course's network, from where the run stands.

    Args:
        plan: epochs, batch size, seed, neurons, normalise, target accuracy.
        run: gets a record and a checkpoint after each epoch.
        pictures: what is trained on.
        test: measured after each epoch, as the course does; never trained on and nothing is chosen by it.
        steps: does the steps of an epoch where several devices share it.

    Returns:
        The trained keras.Model.
    """
    import keras

    keras.utils.clear_session()  # or the layers' names, and with them the file, would depend on what ran before
    keras.utils.set_random_seed(plan.seed)
    network = build_network(plan.neurons, normalise=plan.normalise)
    checkpoint = run.resume_state()
    done = checkpoint.epoch if checkpoint else 0
    state = State.from_checkpoint(checkpoint) if checkpoint else first_state(network.get_weights())
    reached = _passed(run.metrics(), plan.target_accuracy)

    trainer = Trainer(pictures, test, normalise=plan.normalise, learning_rate=plan.learning_rate, steps=steps)
    run.listener.begin(plan.epochs, done)
    for epoch in range(done + 1, plan.epochs + 1):
        if reached or run.has_stopped():
            break
        run.interruption.check()
        started = time.perf_counter()
        order = epoch_order(len(pictures), plan.seed, epoch)
        state, loss, accuracy = trainer.epoch(state, order, plan.batch_size)
        seconds = time.perf_counter() - started
        val_loss, val_accuracy = trainer.evaluate(state)
        record = EpochRecord(
            epoch, loss, accuracy, val_loss, val_accuracy, plan.learning_rate, len(order) / seconds, seconds
        )
        run.finish_epoch(record, state.to_checkpoint(epoch))
        reached = _passed([record], plan.target_accuracy)
    run.listener.end()
    if best := run.best_checkpoint():
        state = State.from_checkpoint(best)
    network.set_weights(state.weights)
    return network


def first_state(weights: Sequence[Array]) -> State:
    """The state before the first step."""
    zeros = tuple(np.zeros_like(array) for array in weights)
    return State(tuple(weights), zeros, zeros, 0)


def epoch_order(count: int, seed: int, epoch: int) -> NDArray[np.int32]:
    """The order of an epoch's pictures: int32 [count], the same for a seed wherever the run was taken up."""
    return np.random.default_rng([seed, epoch]).permutation(count).astype(np.int32)


class Trainer:
    """Holds the pictures and the compiled epoch.

    Args:
        pictures: what is trained on.
        test: what :meth:`evaluate` measures.
        normalise: pixels 0..1 instead of 0..255.
        learning_rate: Adam's.
        steps: does the steps of an epoch; by default the compiled program on one device.
    """

    def __init__(
        self,
        pictures: Split,
        test: Split,
        *,
        normalise: bool = True,
        learning_rate: float = 1e-3,
        steps: Epoch | None = None,
    ) -> None:
        import tensorflow as tf

        scale = _PIXEL_MAX if normalise else 1.0
        self._images = tf.constant(pictures.images.reshape(len(pictures), -1).astype(np.float32) / np.float32(scale))
        self._labels = tf.constant(pictures.labels.astype(np.int32))
        self._test_images = tf.constant(test.images.reshape(len(test), -1).astype(np.float32) / np.float32(scale))
        self._test_labels = tf.constant(test.labels.astype(np.int32))
        self._epoch = steps or _compiled_epoch(learning_rate)
        self._forward = tf.function(_logits)

    def epoch(self, state: State, order: NDArray[np.int32], batch_size: int) -> tuple[State, float, float]:
        """One pass over the pictures.

        Args:
            state: before.
            order: int32 [n], which picture comes when.
            batch_size: of a step; the last one takes what is left.

        Returns:
            The state after, the mean loss and the accuracy over the batches, as Keras shows them.
        """
        import tensorflow as tf

        whole = len(order) // batch_size * batch_size
        parts = [order[:whole].reshape(-1, batch_size), order[whole:].reshape(1, -1)]
        tensors: Any = [tuple(tf.constant(array) for array in group) for group in _groups(state)]
        step, loss, hits = state.step, 0.0, 0
        for part in parts:
            if part.size:
                *tensors, part_loss, part_hits = self._epoch(
                    self._images, self._labels, tf.constant(part), *tensors, tf.constant(step)
                )
                step, loss, hits = step + len(part), loss + float(part_loss), hits + int(part_hits)
        weights, means, squares = (tuple(tensor.numpy() for tensor in group) for group in tensors)
        return State(weights, means, squares, step), loss / len(order), hits / len(order)

    def evaluate(self, state: State) -> tuple[float, float]:
        """Mean loss and accuracy on the test pictures."""
        logits = self._forward(state.weights, self._test_images).numpy()
        labels = self._test_labels.numpy()
        logits -= logits.max(axis=1, keepdims=True)
        losses = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels]
        return float(losses.mean()), float((logits.argmax(axis=1) == labels).mean())


def softmax(values: Sequence[float]) -> NDArray[np.float64]:
    """Softmax by hand, to check the library's against."""
    powers = np.exp(np.asarray(values, dtype=np.float64) - np.max(values))
    return powers / powers.sum()


def course_lines(
    train: Split, test: Split, first: NDArray[np.floating], language: Language = Language.ZH_HANT
) -> list[str]:
    """What the course prints on the way: shapes, the first test picture's probabilities, and softmax by hand.

    Args:
        train: the training set.
        test: the test set.
        first: float [10], the trained network's answer to the first test picture.
        language: of the lines; the course's own by default.
    """
    import keras

    theirs = np.asarray(keras.ops.softmax(np.array(COURSE_SOFTMAX_INPUT, dtype=np.float32)))
    ours = softmax(COURSE_SOFTMAX_INPUT)
    truth = int(test.labels[0])
    shapes = [
        f"train_images {train.images.shape}, train_labels {train.labels.shape}",
        f"test_images {test.images.shape}, test_labels {test.labels.shape}",
    ]
    farthest = float(np.abs(theirs - ours).max())
    if language is Language.EN:
        return [
            *shapes,
            f"The first test image's ten probabilities: classifications[0] = {_vector(first)}, sum {first.sum():.4f}",
            f"Predicted {CLASS_NAMES_EN[int(first.argmax())]}; test_labels[0] = {truth}, {CLASS_NAMES_EN[truth]}",
            f"softmax({_vector(COURSE_SOFTMAX_INPUT, 1)}) = {_vector(theirs)}; by NumPy {_vector(ours)},"
            f" at most {farthest:.1e} apart",
        ]
    return [
        *shapes,
        f"第一張測試圖片的十個機率 classifications[0] = {_vector(first)}，總和 {float(first.sum()):.4f}",
        f"預測 {CLASS_NAMES[int(first.argmax())]}，答案 test_labels[0] = {truth} {CLASS_NAMES[truth]}",
        f"softmax({_vector(COURSE_SOFTMAX_INPUT, 1)}) = {_vector(theirs)}；用 numpy 驗算 {_vector(ours)}，"
        f"最大差距 {farthest:.1e}",
    ]


def target_sentence(records: Sequence[EpochRecord], target: float, language: Language = Language.ZH_HANT) -> str:
    """What the course's callback says at the end, with the epoch counted from 1."""
    if language is Language.EN:
        return _target_in_english(records, target)
    if passed := _passed(records, target):
        return (
            f"第 {passed.epoch} 個週期（epoch）結束時，訓練準確率達到 {passed.accuracy:.2%}，"
            f"超過目標 {target:.0%}，停止訓練！"
        )
    best = max(records, key=lambda record: record.accuracy)
    return (
        f"訓練了 {records[-1].epoch} 個週期（epoch），訓練準確率最高是第 {best.epoch} 個週期的 {best.accuracy:.2%}，"
        f"始終沒有超過目標 {target:.0%}。"
    )


def _target_in_english(records: Sequence[EpochRecord], target: float) -> str:
    if passed := _passed(records, target):
        return (
            f"At the end of epoch {passed.epoch} the training accuracy was {passed.accuracy:.2%},"
            f" above the target of {target:.0%}: training stopped."
        )
    best = max(records, key=lambda record: record.accuracy)
    return (
        f"In {records[-1].epoch} epochs the training accuracy never passed the target of {target:.0%};"
        f" it was highest in epoch {best.epoch}, {best.accuracy:.2%}."
    )


def without_normalising_sentence(last: EpochRecord, language: Language = Language.ZH_HANT) -> str:
    """What became of the course's warning that training without normalising fails, beside the recorded run."""
    if language is Language.EN:
        return (
            f"Without normalising (pixels 0 to 255): after {last.epoch} epochs training accuracy {last.accuracy:.1%},"
            f" loss {last.loss:.3f}; test accuracy {last.val_accuracy or 0:.1%}, loss {last.val_loss or 0:.3f}."
            f"{_recorded_in_english()}"
        )
    sentence = (
        f"沒有正規化（像素 0–255）：{last.epoch} 個週期後訓練準確率 {last.accuracy:.1%}、損失 {last.loss:.3f}，"
        f"測試準確率 {last.val_accuracy or 0:.1%}、損失 {last.val_loss or 0:.3f}。"
    )
    if (recorded := _last_recorded()) is None:
        return sentence
    return sentence + (
        f"同樣的程式正規化後（models/lesson 的紀錄，{recorded['epoch']} 個週期）"
        f"測試準確率 {recorded['val_accuracy']:.1%}、損失 {recorded['val_loss']:.3f}。"
    )


def _recorded_in_english() -> str:
    if (recorded := _last_recorded()) is None:
        return ""
    return (
        f" The same program with normalising (recorded in models/lesson, {recorded['epoch']} epochs):"
        f" test accuracy {recorded['val_accuracy']:.1%}, loss {recorded['val_loss']:.3f}."
    )


def _last_recorded() -> dict[str, Any] | None:
    """The last epoch of the course's recorded run; None where there is no record."""
    try:
        recorded: dict[str, Any] = json.loads((RECORDED / "5-epochs.json").read_text(encoding="utf-8"))["epochs"][-1]
    except (OSError, ValueError, KeyError, IndexError):
        return None
    return recorded


def _passed(records: Sequence[EpochRecord], target: float | None) -> EpochRecord | None:
    return next((record for record in records if target is not None and record.accuracy > target), None)


def _vector(values: Sequence[float] | NDArray[np.floating], digits: int = 4) -> str:
    return "[" + ", ".join(f"{float(value):.{digits}f}" for value in values) + "]"


def _groups(state: State) -> tuple[tuple[Array, ...], ...]:
    return state.weights, state.means, state.squares


def _logits(weights: Any, images: Any) -> Any:
    import tensorflow as tf

    hidden = tf.nn.relu(tf.matmul(images, weights[0]) + weights[1])
    return tf.matmul(hidden, weights[2]) + weights[3]


def learn_from(images: Any, labels: Any, positions: Any, weights: Any) -> tuple[Any, Any, Any]:
    """What some pictures say about the weights: sums over them of the gradients, the loss and the hits."""
    import tensorflow as tf

    batch, truth = tf.gather(images, positions), tf.gather(labels, positions)
    with tf.GradientTape() as tape:
        tape.watch(weights)
        logits = _logits(weights, batch)
        loss = tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=truth, logits=logits))
    right = tf.equal(tf.argmax(logits, axis=1, output_type=tf.int32), truth)
    return tape.gradient(loss, weights), loss, tf.reduce_sum(tf.cast(right, tf.int32))


def adam_step(state: tuple[Any, Any, Any], gradients: Any, number: Any, learning_rate: float) -> tuple[Any, Any, Any]:
    """One step of Adam as Keras computes it (arXiv 1412.6980, end of section 2).

    Args:
        state: weights, first moments, second moments.
        gradients: of the mean loss.
        number: of the step, from 1.
        learning_rate: before the correction for the moments' start.
    """
    import tensorflow as tf

    power = tf.cast(number, tf.float32)
    rate = learning_rate * tf.sqrt(1 - tf.pow(_BETA_2, power)) / (1 - tf.pow(_BETA_1, power))
    updated = []
    for weight, mean, square, gradient in zip(*state, gradients, strict=True):
        mean += (gradient - mean) * (1 - _BETA_1)
        square += (gradient * gradient - square) * (1 - _BETA_2)
        updated.append((weight - rate * mean / (tf.sqrt(square) + _EPSILON), mean, square))
    weights, means, squares = (tuple(group) for group in zip(*updated, strict=True))
    return weights, means, squares


def _compiled_epoch(learning_rate: float) -> Epoch:
    """All steps of an epoch as one XLA program."""
    import tensorflow as tf

    @tf.function(jit_compile=True, reduce_retracing=True, autograph=False)
    def epoch(images: Any, labels: Any, order: Any, weights: Any, means: Any, squares: Any, first: Any) -> Any:
        size = tf.cast(tf.shape(order)[1], tf.float32)

        def step(number: Any, weights: Any, means: Any, squares: Any, loss: Any, hits: Any) -> Any:
            sums, more_loss, more_hits = learn_from(images, labels, order[number], weights)
            gradients = [each / size for each in sums]
            state = adam_step((weights, means, squares), gradients, first + number + 1, learning_rate)
            return (number + 1, *state, loss + more_loss, hits + more_hits)

        steps = tf.shape(order)[0]
        start = (0, weights, means, squares, 0.0, 0)
        return tf.while_loop(lambda number, *_: number < steps, step, start)[1:]

    return epoch
