"""Train the residual network on both worlds: one flat loop over epochs and steps.

Each batch mixes clean Fashion-MNIST, Fashion-MNIST made to look like photos, real photos and outliers. SGD with
Nesterov momentum under a one-cycle rate; what is kept is the exponential moving average of the weights. All chance
comes from the seed and the epoch, so a resumed run goes on as the uninterrupted one would have.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import keras
import numpy as np
import tensorflow as tf

from training import augment
from training.checkpoints import Checkpoint
from training.networks import WIDTHS, computing_in, residual_network
from training.runs import EpochRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from bot.dataset import Split
    from training.presets import Plan
    from training.runs import Run
    from training.world import World


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run of :class:`Trainer` does; the defaults are the published model's.

    Attributes:
        epochs: passes over Fashion-MNIST.
        clean: clean Fashion-MNIST pictures a batch.
        randomised: Fashion-MNIST pictures a batch that are made to look like photos.
        photos: real photos a batch.
        outliers: pictures of none of the ten a batch.
        peak_rate: the highest learning rate, reached after ``warm_up`` of all steps.
        warm_up: share of the steps.
        decay: weight decay on kernels.
        smoothing: label smoothing.
        outlier_weight: how strongly outliers are pulled toward ten equal probabilities.
        average: decay of the moving average of the weights a step.
        cut_clean: side of the square cut out of clean pictures.
        cut_photo: side of the square cut out of half of the others.
        strength: multiplies the retoning of photos.
    """

    epochs: int
    clean: int = 160
    randomised: int = 32
    photos: int = 64
    outliers: int = 12
    peak_rate: float = 0.15
    warm_up: float = 0.15
    decay: float = 5e-4
    smoothing: float = 0.1
    outlier_weight: float = 0.5
    average: float = 0.998
    cut_clean: int = 12
    cut_photo: int = 9
    strength: float = 0.25


@dataclass(frozen=True, slots=True)
class EpochResult:
    """What one epoch did.

    Attributes:
        loss: mean training loss.
        accuracy: on the clean training pictures as augmented, 0..1.
        photo_accuracy: on the training photos as augmented, 0..1.
        rate: learning rate at its end.
        seconds: wall-clock time.
        images: pictures seen.
    """

    loss: float
    accuracy: float
    photo_accuracy: float
    rate: float
    seconds: float
    images: int


class Trainer:
    """A network, its optimizer state and its averaged weights, one epoch at a time."""

    def __init__(self, network: keras.Model, world: World, recipe: Recipe, seed: int) -> None:
        """Set up.

        Args:
            network: pixels to logits; changed in place.
            world: what it learns from.
            recipe: how.
            seed: of the order and the augmentation.
        """
        self.network = network
        self.recipe = recipe
        self._world = world
        self._seed = seed
        self.steps_per_epoch = len(world.labels) // (recipe.clean + recipe.randomised)
        self._total = recipe.epochs * self.steps_per_epoch
        self._images = tf.constant(world.images)
        self._labels = tf.one_hot(world.labels, world.answers.shape[1])
        self._photos = tf.constant(world.photos.reshape(-1, *world.photos.shape[2:]))
        self._answers = tf.constant(world.answers)
        self._outliers = tf.constant(world.outliers)
        weights = network.trainable_variables
        self.momentum = [tf.Variable(tf.zeros(w.shape, tf.float32), trainable=False) for w in weights]
        self.averaged = [tf.Variable(tf.cast(w, tf.float32), trainable=False) for w in network.weights]
        self._decayed = [w.path.endswith("kernel") for w in weights]
        self._step = tf.function(self._train_step, autograph=False)

    def rate(self, step: int) -> float:
        """The learning rate: up in a line for ``warm_up`` of the run, then down along a cosine to nothing."""
        rise = max(1.0, self.recipe.warm_up * self._total)
        if step < rise:
            return self.recipe.peak_rate * min(1.0, (step + 1) / rise)
        return self.recipe.peak_rate * 0.5 * (1 + float(np.cos(np.pi * (step - rise) / max(1.0, self._total - rise))))

    def averaging(self, step: int) -> float:
        """The decay of the moving average: short at first, so that it forgets the random start."""
        return min(self.recipe.average, (1 + step) / (10 + step))

    def epoch(self, number: int, each_step: Callable[[int], None] = lambda step: None) -> EpochResult:
        """Train for one epoch.

        Args:
            number: counted from 0; decides order, augmentation and rate.
            each_step: called after each step with the steps done in this epoch.
        """
        started = time.monotonic()
        recipe, world = self.recipe, self._world
        rng = np.random.default_rng([self._seed, number])
        order = rng.permutation(len(world.labels))
        per_step = recipe.clean + recipe.randomised
        totals = np.zeros(3)
        for index in range(self.steps_per_epoch):
            pictures = order[index * per_step : (index + 1) * per_step]
            photos = rng.choice(len(world.photos), recipe.photos, p=world.draw)
            variants = rng.integers(world.photos.shape[1], size=recipe.photos)
            outliers = rng.integers(len(world.outliers), size=recipe.outliers)
            totals += self._step(
                tf.constant(pictures, tf.int32),
                tf.constant(photos, tf.int32),
                tf.constant(photos * world.photos.shape[1] + variants, tf.int32),
                tf.constant(outliers, tf.int32),
                tf.constant(rng.integers(2**31, size=2), tf.int32),
                tf.constant(self.rate(number * self.steps_per_epoch + index), tf.float32),
                tf.constant(self.averaging(number * self.steps_per_epoch + index), tf.float32),
            ).numpy()
            each_step(index + 1)
        loss, accuracy, photo_accuracy = totals / self.steps_per_epoch
        return EpochResult(
            loss=float(loss),
            accuracy=float(accuracy),
            photo_accuracy=float(photo_accuracy),
            rate=self.rate((number + 1) * self.steps_per_epoch - 1),
            seconds=time.monotonic() - started,
            images=self.steps_per_epoch * (per_step + recipe.photos + recipe.outliers),
        )

    @contextlib.contextmanager
    def averaged_weights(self) -> Iterator[None]:
        """The network has its averaged weights meanwhile, as is done before measuring."""
        own = self.network.get_weights()
        self.network.set_weights([average.numpy() for average in self.averaged])
        try:
            yield
        finally:
            self.network.set_weights(own)

    def start_from(self, weights: Sequence[NDArray[np.float32]]) -> None:
        """Begin with published weights instead of random ones."""
        self.network.set_weights(weights)
        for average, weight in zip(self.averaged, weights, strict=True):
            average.assign(weight)

    def to_checkpoint(self, epoch: int) -> Checkpoint:
        """Everything to go on from after ``epoch`` whole epochs."""
        groups = {"weight": self.network.weights, "average": self.averaged, "momentum": self.momentum}
        arrays = {f"{name}/{i}": np.asarray(v) for name, group in groups.items() for i, v in enumerate(group)}
        return Checkpoint(epoch, arrays)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Take up the state of :meth:`to_checkpoint`."""
        groups = {"weight": self.network.weights, "average": self.averaged, "momentum": self.momentum}
        for name, group in groups.items():
            for i, variable in enumerate(group):
                variable.assign(checkpoint.arrays[f"{name}/{i}"])

    def _batch(
        self, pictures: tf.Tensor, photos: tf.Tensor, found: tf.Tensor, outliers: tf.Tensor, seed: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Pixels [n, 28, 28] and answers [n, 10], augmented, in the order clean, randomised, photos, outliers."""
        recipe = self.recipe
        seeds = tf.random.experimental.stateless_split(seed, 10)
        flat = tf.cast(tf.gather(self._images, pictures), tf.float32) / 255
        clean = augment.warp(flat[: recipe.clean], augment.CLEAN, seeds[0])
        clean = augment.cut_out(clean, recipe.cut_clean, 1, seeds[1])
        posed = augment.like_a_photo(flat[recipe.clean :], seeds[2])
        posed = augment.cut_out(augment.warp(posed, augment.RANDOMISED, seeds[3]), recipe.cut_photo, 0.3, seeds[4])
        real = tf.cast(tf.gather(self._photos, found), tf.float32) / 255
        real = augment.warp(augment.retone(real, recipe.strength, seeds[5]), augment.PHOTO, seeds[6])
        real = augment.cut_out(real, recipe.cut_photo, 0.5, seeds[7])
        strange = tf.cast(tf.gather(self._outliers, outliers), tf.float32) / 255
        strange = augment.warp(augment.retone(strange, recipe.strength, seeds[8]), augment.PHOTO, seeds[9])
        answers = [tf.gather(self._labels, pictures), tf.gather(self._answers, photos)]
        answers.append(tf.ones((recipe.outliers, self._answers.shape[1])))
        return tf.concat([clean, posed, real, strange], 0), tf.concat(answers, 0)

    def _train_step(
        self, pictures: tf.Tensor, photos: tf.Tensor, found: tf.Tensor, outliers: tf.Tensor, seed: tf.Tensor,
        rate: tf.Tensor, averaging: tf.Tensor,
    ) -> tf.Tensor:  # fmt: skip
        recipe = self.recipe
        pixels, answers = self._batch(pictures, photos, found, outliers, seed)
        with tf.GradientTape() as tape:
            logits = tf.cast(self.network(pixels, training=True), tf.float32)
            logp = tf.nn.log_softmax(logits)
            # A set of possible classes costs -log of their summed probability; all ten together cost nothing.
            right = -tf.reduce_logsumexp(tf.where(answers > 0, logp, -1e9), axis=1)
            even = -tf.reduce_mean(logp, axis=1)
            smoothing = tf.where(tf.reduce_sum(answers, 1) > 9, recipe.outlier_weight, recipe.smoothing)
            loss = tf.reduce_mean((1 - smoothing) * right + smoothing * even)
        gradients = tape.gradient(loss, self.network.trainable_variables)
        for weight, gradient, velocity, decayed in zip(
            self.network.trainable_variables, gradients, self.momentum, self._decayed, strict=True
        ):
            step = tf.cast(gradient, tf.float32) + (recipe.decay * weight if decayed else 0.0)
            velocity.assign(0.9 * velocity + step)
            weight.assign_sub(rate * (step + 0.9 * velocity))
        for weight, average in zip(self.network.weights, self.averaged, strict=True):
            average.assign(averaging * average + (1 - averaging) * tf.cast(weight, tf.float32))
        hit = tf.cast(tf.gather(answers, tf.argmax(logits, 1), batch_dims=1) > 0, tf.float32)
        end = recipe.clean + recipe.randomised
        return tf.stack([loss, tf.reduce_mean(hit[: recipe.clean]), tf.reduce_mean(hit[end : end + recipe.photos])])


def fitted(plan: Plan, run: Run, world: World, held_out: Split, recipe: Recipe) -> keras.Model:
    """Train the residual network epoch by epoch: pixels to logits, in float32, with the averaged weights."""
    keras.utils.set_random_seed(plan.seed)
    trainer = Trainer(build(plan.width, training_policy()), world, recipe, plan.seed)
    checkpoint = run.resume_state()
    done = 0
    if checkpoint is not None:
        trainer.restore(checkpoint)
        done = checkpoint.epoch
    elif run.initial_weights is not None:
        trainer.start_from(run.initial_weights)
    run.watcher.begin(plan.epochs, done)
    for number in range(done, plan.epochs):
        result = trainer.epoch(number, lambda step: run.watcher.part(step / trainer.steps_per_epoch))
        with trainer.averaged_weights():
            loss, accuracy = evaluate(trainer.network, held_out)
        record = EpochRecord(
            epoch=number + 1,
            loss=result.loss,
            accuracy=result.accuracy,
            val_loss=loss,
            val_accuracy=accuracy,
            learning_rate=result.rate,
            images_per_second=result.images / result.seconds,
            seconds=result.seconds,
        )
        run.finish_epoch(record, trainer.to_checkpoint(number + 1))
    run.watcher.end()
    final = build(plan.width, "float32")
    final.set_weights([average.numpy() for average in trainer.averaged])
    return final


def build(width: float, policy: str) -> keras.Model:
    """The residual network with its channels multiplied by ``width``, computing in ``policy``."""
    first, second, third = (max(8, round(channels * width / 8) * 8) for channels in WIDTHS)
    with computing_in(policy):
        return residual_network((first, second, third))


def training_policy() -> str:
    """``mixed_bfloat16`` where the processor multiplies bfloat16 in hardware (2.2 times as fast), else ``float32``."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return "float32"
    return "mixed_bfloat16" if "avx512_bf16" in flags or "amx_bf16" in flags else "float32"


def evaluate(network: keras.Model, pictures: Split) -> tuple[float, float]:
    """Cross-entropy and accuracy of logits on pictures: two floats."""
    predict = tf.function(lambda pixels: tf.cast(network(pixels, training=False), tf.float32))
    logits = tf.concat(
        [predict(tf.cast(pictures.images[at : at + 500], tf.float32) / 255) for at in range(0, len(pictures), 500)], 0
    )
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(pictures.labels.astype(np.int32), logits)
    right = tf.argmax(logits, 1).numpy() == pictures.labels
    return float(tf.reduce_mean(losses)), float(right.mean())
