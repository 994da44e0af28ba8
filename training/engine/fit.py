"""Train the residual network on Fashion-MNIST and photos: one flat loop over epochs and steps.

Each batch mixes clean Fashion-MNIST, Fashion-MNIST made to look like photos, real photos and outliers. SGD with
Nesterov momentum under a one-cycle rate; what is kept is the exponential moving average of the weights. All chance
comes from the seed and the epoch, so a resumed run goes on as the uninterrupted one would have. The same code runs on
TensorFlow and, where there is a GPU, on JAX (:mod:`training.engine.remote_gpu`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import keras
import numpy as np
from keras import ops

from training.data import augment
from training.engine.backend import compiled, training_policy, value_and_gradients
from training.errors import TrainingError
from training.networks.classifier import TEACHER_BLOCKS, TEACHER_WIDTHS, channels, computing_in, residual_network
from training.networks.interpolation import REFRESH_KEPT, interpolate
from training.runs.checkpoints import Checkpoint
from training.runs.folders import TEACHER, EpochRecord, Run, Start

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from bot.datasets import Split
    from training.data.training_set import TrainingSet
    from training.plan import PhotoPlan

    Tensor = Any
    Tensors = tuple[Tensor, ...]

_EVALUATED: Final = 500
"""Pictures at a time."""


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


class Weights(NamedTuple):
    """The values of a network's variables."""

    trained: Tensors
    counted: Tensors
    """What batch normalisation keeps: means and variances."""


class State(NamedTuple):
    """Everything that a step changes."""

    own: Weights
    averaged: Weights
    momentum: Tensors


class Material(NamedTuple):
    """Everything that a step reads: the world as tensors, and the teacher's weights, if there is one."""

    images: Tensor
    labels: Tensor
    photos: Tensor
    answers: Tensor
    outliers: Tensor
    teacher: Weights | None


class Choice(NamedTuple):
    """What goes into one batch, by place, and how it is varied and learnt from."""

    pictures: Tensor
    photos: Tensor
    found: Tensor
    outliers: Tensor
    seed: Tensor
    rate: Tensor
    averaging: Tensor


class Trainer:
    """A network, its optimizer state and its averaged weights, one epoch at a time."""

    def __init__(
        self,
        network: keras.Model,
        training_set: TrainingSet,
        plan: PhotoPlan,
        teacher: keras.Model | None = None,
    ) -> None:
        """Set up.

        Args:
            network: pixels to logits; its variables stay as they are.
            training_set: what it learns from.
            plan: how.
            teacher: pixels to logits; its answers are learnt from, too.
        """
        self.network = network
        self.plan = plan
        self._training_set = training_set
        self._teacher = teacher
        self.steps_per_epoch = int(len(training_set.labels) * plan.share) // (plan.clean + plan.randomised)
        self._total = plan.epochs * self.steps_per_epoch
        self._seeds = keras.random.SeedGenerator(plan.seed)
        self.material = Material(
            images=ops.convert_to_tensor(training_set.images),
            labels=ops.one_hot(training_set.labels.astype(np.int32), training_set.answers.shape[1]),
            photos=ops.convert_to_tensor(training_set.photos.reshape(-1, *training_set.photos.shape[2:])),
            answers=ops.convert_to_tensor(training_set.answers),
            outliers=ops.convert_to_tensor(training_set.outliers),
            teacher=None if teacher is None else weights_of(teacher),
        )
        own = weights_of(network)
        self.state = State(own, own, tuple(ops.zeros_like(each) for each in own.trained))
        self._decayed = [variable.path.endswith("kernel") for variable in network.trainable_variables]
        self._step = compiled(self._train_step)
        self._logits = compiled(lambda weights, pixels: self._answer(network, weights, pixels))

    def rate(self, step: int) -> float:
        """The learning rate: up in a line for ``warm_up`` of the run, then down along a cosine to nothing."""
        rise = max(1.0, self.plan.warm_up * self._total)
        if step < rise:
            return self.plan.learning_rate * min(1.0, (step + 1) / rise)
        return self.plan.learning_rate * 0.5 * (1 + float(np.cos(np.pi * (step - rise) / max(1.0, self._total - rise))))

    def averaging(self, step: int) -> float:
        """The decay of the moving average: short at first, so that it forgets the random start."""
        return min(self.plan.average, (1 + step) / (10 + step))

    def epoch(self, number: int, each_step: Callable[[int], None] = lambda step: None) -> EpochResult:
        """Train for one epoch.

        Args:
            number: counted from 0; decides order, augmentation and rate.
            each_step: called after each step with the steps done in this epoch.
        """
        started = time.monotonic()
        plan = self.plan
        rng = np.random.default_rng([self.plan.seed, number])
        order = rng.permutation(len(self._training_set.labels))
        per_step = plan.clean + plan.randomised
        totals = ops.zeros(3)
        for index in range(self.steps_per_epoch):
            pictures = order[index * per_step : (index + 1) * per_step]
            choice = self.choose(pictures, number * self.steps_per_epoch + index, rng)
            self.state, counts = self._step(self.state, self.material, choice)
            totals = totals + counts
            each_step(index + 1)
        loss, accuracy, photo_accuracy = np.asarray(totals) / self.steps_per_epoch
        return EpochResult(
            loss=float(loss),
            accuracy=float(accuracy),
            photo_accuracy=float(photo_accuracy),
            rate=self.rate((number + 1) * self.steps_per_epoch - 1),
            seconds=time.monotonic() - started,
            images=self.steps_per_epoch * (per_step + plan.photos + plan.outliers),
        )

    def choose(self, pictures: NDArray[np.integer], step: int, rng: np.random.Generator) -> Choice:
        """Draw what goes into a batch besides ``pictures``; ``step`` is counted from the run's beginning."""
        plan, training_set = self.plan, self._training_set
        photos = rng.choice(len(training_set.photos), plan.photos, p=training_set.draw)
        variants = rng.integers(training_set.photos.shape[1], size=plan.photos)
        return Choice(
            pictures=pictures.astype(np.int32),
            photos=photos.astype(np.int32),
            found=(photos * training_set.photos.shape[1] + variants).astype(np.int32),
            outliers=rng.integers(len(training_set.outliers), size=plan.outliers, dtype=np.int32),
            seed=rng.integers(2**31, size=2).astype(self._seeds.state.dtype),
            rate=np.array(self.rate(step), np.float32),
            averaging=np.array(self.averaging(step), np.float32),
        )

    def evaluate(self, pictures: Split) -> tuple[float, float]:
        """Cross-entropy and accuracy of the averaged weights on pictures: two floats."""
        weights = self.state.averaged
        parts = [
            np.asarray(self._logits(weights, pictures.images[at : at + _EVALUATED].astype(np.float32) / 255))
            for at in range(0, len(pictures), _EVALUATED)
        ]
        logits = np.concatenate(parts)
        losses = keras.losses.sparse_categorical_crossentropy(pictures.labels, logits, from_logits=True)
        return float(np.mean(losses)), float((logits.argmax(1) == pictures.labels).mean())

    def start_from(self, weights: Sequence[NDArray[np.float32]]) -> None:
        """Begin with published weights, in Keras's order, instead of random ones.

        Raises:
            TrainingError: they are of another network.
        """
        set_weights(self.network, weights)
        own = weights_of(self.network)
        self.state = self.state._replace(own=own, averaged=own)

    def put_averages_into(self, network: keras.Model) -> None:
        """Give another network of the same shape the averaged weights."""
        averaged = self.state.averaged
        for variables, values in (
            (network.trainable_variables, averaged.trained),
            (network.non_trainable_variables, averaged.counted),
        ):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)

    def to_checkpoint(self, epoch: int) -> Checkpoint:
        """Everything to go on from after ``epoch`` whole epochs."""
        groups = _groups(self.state)
        arrays = {f"{name}/{i}": np.asarray(each) for name, group in groups for i, each in enumerate(group)}
        return Checkpoint(epoch, arrays)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Take up the state of :meth:`to_checkpoint`.

        Raises:
            RunError: it is of another network.
        """
        found = {
            name: tuple(checkpoint.array(f"{name}/{i}", each.shape) for i, each in enumerate(group))
            for name, group in _groups(self.state)
        }
        own, averaged = (Weights(found[name], found[f"{name}-counted"]) for name in ("weight", "average"))
        self.state = State(own, averaged, found["momentum"])

    def batch(self, material: Material, choice: Choice) -> tuple[Tensor, Tensor]:
        """Pixels [n, 28, 28] and answers [n, 10], augmented, in the order clean, randomised, photos, outliers."""
        plan = self.plan
        with keras.StatelessScope(state_mapping=[(self._seeds.state, choice.seed)]):
            flat = _pixels(material.images, choice.pictures)
            clean = augment.warp(flat[: plan.clean], augment.CLEAN, self._seeds)
            clean = augment.cut_out(clean, plan.cut_clean, 1, self._seeds)
            posed = augment.like_a_photo(flat[plan.clean :], self._seeds)
            posed = augment.warp(posed, augment.RANDOMISED, self._seeds)
            posed = augment.cut_out(posed, plan.cut_photo, 0.3, self._seeds)
            real = augment.retone(_pixels(material.photos, choice.found), plan.retoning, self._seeds)
            real = augment.warp(real, augment.PHOTO, self._seeds)
            real = augment.cut_out(real, plan.cut_photo, 0.5, self._seeds)
            strange = augment.retone(_pixels(material.outliers, choice.outliers), plan.retoning, self._seeds)
            strange = augment.warp(strange, augment.PHOTO, self._seeds)
        answers = [ops.take(material.labels, choice.pictures, 0), ops.take(material.answers, choice.photos, 0)]
        answers.append(ops.ones((plan.outliers, material.answers.shape[1])))
        return ops.concatenate([clean, posed, real, strange]), ops.concatenate(answers)

    def _train_step(self, state: State, material: Material, choice: Choice) -> tuple[State, Tensor]:
        """One step: the state after it, and loss, accuracy on clean pictures and accuracy on photos."""
        plan = self.plan
        pixels, answers = self.batch(material, choice)
        taught = None
        if self._teacher is not None and material.teacher is not None:
            taught = self._answer(self._teacher, material.teacher, pixels)

        def loss_of(trained: Tensors) -> tuple[Tensor, tuple[Tensors, Tensor]]:
            logits, counted = self.network.stateless_call(trained, state.own.counted, pixels, training=True)
            logits = ops.cast(logits, "float32")
            losses = self._losses(logits, answers)
            if taught is not None:
                share = self._teacher_share(choice)
                losses = (1 - share) * losses + share * _distillation(logits, taught, plan.distillation_temperature)
            return ops.mean(losses), (tuple(counted), logits)

        loss, (counted, logits), gradients = value_and_gradients(loss_of, state.own.trained)
        trained, momentum = [], []
        for weight, gradient, velocity, decayed in zip(
            state.own.trained, gradients, state.momentum, self._decayed, strict=True
        ):
            step = ops.cast(gradient, "float32") + (plan.decay * weight if decayed else 0.0)
            momentum.append(0.9 * velocity + step)
            trained.append(weight - choice.rate * (step + 0.9 * momentum[-1]))
        own = Weights(tuple(trained), counted)
        keep = choice.averaging
        averaged = Weights(
            *(
                tuple(keep * average + (1 - keep) * each for average, each in zip(averages, values, strict=True))
                for averages, values in zip(state.averaged, own, strict=True)
            )
        )
        hit = ops.take_along_axis(answers, ops.argmax(logits, 1)[:, None], 1)[:, 0]
        end = plan.clean + plan.randomised
        counts = ops.stack([loss, ops.mean(hit[: plan.clean]), ops.mean(hit[end : end + plan.photos])])
        return State(own, averaged, tuple(momentum)), counts

    def _losses(self, logits: Tensor, answers: Tensor) -> Tensor:
        plan = self.plan
        logp = ops.log_softmax(logits)
        # A set of possible classes costs -log of their summed probability; all ten together cost nothing.
        right = -ops.logsumexp(ops.where(answers > 0, logp, -1e9), axis=1)
        even = -ops.mean(logp, axis=1)
        smoothing = ops.where(ops.sum(answers, 1) > 9, plan.outlier_weight, plan.smoothing)
        return (1 - smoothing) * right + smoothing * even

    def _teacher_share(self, choice: Choice) -> Tensor:
        """How much the teacher counts for each picture of a batch, [n]."""
        plan = self.plan
        uncorrected = len(self._training_set.photos) - self._training_set.corrected
        photos = ops.where(ops.convert_to_tensor(choice.photos) < uncorrected, plan.distillation, 0.0)
        pictures = ops.full((plan.clean + plan.randomised,), plan.distillation)
        return ops.concatenate([pictures, photos, ops.full((plan.outliers,), plan.distillation)])

    @staticmethod
    def _answer(network: keras.Model, weights: Weights, pixels: Tensor) -> Tensor:
        logits, _ = network.stateless_call(weights.trained, weights.counted, pixels, training=False)
        return ops.cast(logits, "float32")


def weights_of(network: keras.Model) -> Weights:
    """A network's present values."""
    return Weights(
        tuple(ops.copy(each.value) for each in network.trainable_variables),
        tuple(ops.copy(each.value) for each in network.non_trainable_variables),
    )


def set_weights(network: keras.Model, weights: Sequence[NDArray[np.float32]]) -> None:
    """Give a network published weights, in Keras's order.

    Raises:
        TrainingError: they are of another network.
    """
    if [each.shape for each in weights] != [tuple(each.shape) for each in network.weights]:
        raise TrainingError(
            "The live model is of another network than this version of the program makes;"
            " train one from scratch with --preset standard."
        )
    network.set_weights(weights)


def fitted(
    plan: PhotoPlan,
    run: Run,
    training_set: TrainingSet,
    held_out: Split,
    start: list[NDArray[np.float32]] | None = None,
) -> keras.Model:
    """Train the residual network epoch by epoch: pixels to logits, in float32, with the averaged weights.

    Where the plan has a teacher, that larger network is trained first, in a run inside the run. A refresh has the
    published network for its teacher: what that one learnt from a larger one, labels do not say. It ends halfway
    between that one and what was learnt.

    Args:
        plan: how.
        run: gets a record and a checkpoint after each epoch.
        training_set: what is learnt from.
        held_out: what each epoch is measured on.
        start: the published weights that a refresh starts from, in Keras's order; None from scratch.

    Raises:
        TrainingError: the weights to start from are of another network.
    """
    teacher = None
    if start is not None:
        teacher = build(plan.width, training_policy())
        set_weights(teacher, start)
    if plan.teacher_epochs and run.epochs_done() < plan.epochs:
        teachers = plan.of_the_teacher()
        taught = Run(run.folder / TEACHER, teachers, listener=run.listener, events=False, interruption=run.interruption)
        taught.folder.mkdir(exist_ok=True)
        run.log(f"first a larger network, for {plan.teacher_epochs} epochs; then the one to publish learns from it too")
        trainer = _trained(taught, teachers, build_teacher, training_set, held_out)
        teacher = build_teacher(training_policy())
        trainer.put_averages_into(teacher)

    def network(policy: str) -> keras.Model:
        return build(plan.width, policy)

    trainer = _trained(run, plan, network, training_set, held_out, teacher=teacher, start=start)
    final = network("float32")
    trainer.put_averages_into(final)
    if start is not None:
        interpolate(final, start, REFRESH_KEPT)
    return final


def _trained(
    run: Run,
    plan: PhotoPlan,
    make: Callable[[str], keras.Model],
    training_set: TrainingSet,
    held_out: Split,
    *,
    teacher: keras.Model | None = None,
    start: list[NDArray[np.float32]] | None = None,
) -> Trainer:
    """Train from where a run stands to its end."""
    keras.utils.set_random_seed(plan.seed)
    trainer = Trainer(make(training_policy()), training_set, plan, teacher)
    checkpoint = run.resume_state()
    done = 0
    if checkpoint is not None:
        trainer.restore(checkpoint)
        done = checkpoint.epoch
    elif start is not None:
        trainer.start_from(start)
        run.record_start(Start(*trainer.evaluate(held_out)))
    run.listener.begin(plan.epochs, done)

    def after_step(step: int) -> None:
        run.interruption.check()
        run.listener.part(step / trainer.steps_per_epoch)

    for number in range(done, plan.epochs):
        if run.has_stopped():
            break
        run.interruption.check()
        result = trainer.epoch(number, after_step)
        loss, accuracy = trainer.evaluate(held_out)
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
    run.listener.end()
    if best := run.best_checkpoint():
        trainer.restore(best)
    return trainer


def build(width: float, policy: str) -> keras.Model:
    """The residual network with its channels multiplied by ``width``, computing in ``policy``."""
    with computing_in(policy):
        return residual_network(channels(width))


def build_teacher(policy: str) -> keras.Model:
    """The larger network that the published one learns from, computing in ``policy``."""
    with computing_in(policy):
        return residual_network(TEACHER_WIDTHS, TEACHER_BLOCKS)


def _pixels(pictures: Tensor, places: Tensor) -> Tensor:
    return ops.cast(ops.take(pictures, places, 0), "float32") / 255


def _distillation(logits: Tensor, taught: Tensor, temperature: float) -> Tensor:
    """How far each answer is from the teacher's, [n]: a divergence (Hinton, Vinyals and Dean 2015)."""
    wanted = ops.log_softmax(taught / temperature)
    given = ops.log_softmax(logits / temperature)
    return temperature**2 * ops.sum(ops.exp(wanted) * (wanted - given), axis=1)


def _groups(state: State) -> tuple[tuple[str, Tensors], ...]:
    """The parts of a state by their names in a checkpoint."""
    return (
        ("weight", state.own.trained),
        ("weight-counted", state.own.counted),
        ("average", state.averaged.trained),
        ("average-counted", state.averaged.counted),
        ("momentum", state.momentum),
    )
