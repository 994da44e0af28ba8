"""Teach the network in colour what people corrected, from the weights that serve.

The layers up to :data:`training.networks.color_classifier.REFRESHED_FROM` stay as they are, so each view goes through
them once and only the rest is trained: seconds instead of minutes. So that nothing is forgotten, seven of eight views
are of training photos, and of those the published network's own answers are wanted (Li and Hoiem 2016).
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import keras
import numpy as np
import tensorflow as tf

from bot.registry.files import replace_durably
from training.data.views import plain_view, varied_view
from training.engine.memory import give_back
from training.networks.color_classifier import from_tflite, split, to_tflite
from training.networks.interpolation import REFRESH_KEPT, interpolate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from training.data.replay import Replay
    from training.data.views import Example

    Floats = NDArray[np.floating]

_PART: Final = 16
"""Views that go through the frozen layers at a time: 64 are no faster, and take half a gigabyte for what lies between
the layers."""

_PREFIX: Final = "features-"

_LEAST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class ColorRecipe:
    """How corrections are learnt.

    Attributes:
        rate: the highest learning rate.
        replayed: views of training photos a step.
        corrected: views of corrected garments a step.
        variants: views of each corrected garment, the first as it is served.
        fewest: steps of a refresh with hardly a correction.
        most: steps of one with many; in between, one more for each correction.
        smoothing: of the corrections' labels.
        seed: of everything that is drawn.
    """

    rate: float = 1e-3
    replayed: int = 56
    corrected: int = 8
    variants: int = 8
    fewest: int = 40
    most: int = 400
    smoothing: float = 0.05
    seed: int = 1

    def steps(self, corrections: int) -> int:
        """How many steps so many corrections take."""
        return min(self.fewest + corrections, self.most)

    def averaging(self, steps: int) -> float:
        """The decay of the moving average of the weights a step: it spans the last tenth of them."""
        return max(0.0, 1 - 10 / steps)


def refreshed(
    model: bytes,
    replay: Replay,
    corrections: Iterable[Example],
    recipe: ColorRecipe,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cache: Path | None = None,
) -> bytes:
    """Learn from corrections.

    Args:
        model: the published ``.tflite`` file.
        replay: training photos to remember.
        corrections: corrected garments, with what they are; at least one. Each is taken when its turn comes, so that
            no more than one photo has to be in memory.
        recipe: how.
        progress: told how many steps of how many are done; what it raises ends the training.
        cache: folder for what the frozen layers make of the replay, which is the same for every refresh.

    Returns:
        The new ``.tflite`` file.

    Raises:
        TrainingError: the published file is of another network.
        UnfitModelError: the new one cannot be converted.
    """
    keras.utils.set_random_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    network = from_tflite(model)
    start = network.get_weights()
    front, tail = split(network)
    through = tf.function(lambda views: front(tf.cast(views, tf.float32), training=False), autograph=False)
    kept = features_of_replay(front, through, replay, cache)
    taught = _shares(tail, kept)
    seen = [(_features(through, _variants(each, recipe.variants, rng)), each.answer) for each in corrections]
    own, answers = np.stack([features for features, _ in seen]), np.stack([answer for _, answer in seen])
    del seen
    give_back()
    steps = recipe.steps(len(own))
    learn = _Step(tail, steps, recipe)
    for step in range(steps):
        again = rng.integers(len(kept), size=recipe.replayed)
        drawn, variant = (
            rng.integers(len(own), size=recipe.corrected),
            rng.integers(own.shape[1], size=recipe.corrected),
        )
        learn(kept[again], taught[again], own[drawn, variant], answers[drawn])
        progress(step + 1, steps)
    learn.optimizer.finalize_variable_values(tail.trainable_variables)
    del kept, taught, own, learn
    give_back()
    interpolate(network, start, REFRESH_KEPT)
    return to_tflite(network)


def features_of_replay(front: keras.Model, through: Callable, replay: Replay, cache: Path | None) -> Floats:
    """What the frozen layers make of all views of the replay, from the cache where it is known.

    Args:
        front: the frozen layers.
        through: asks them, compiled.
        replay: the views.
        cache: folder; None for none.

    Returns:
        float16 [n, height, width, channels].
    """
    path = None if cache is None else cache / f"{_PREFIX}{_name_of(front, replay)}.npy"
    if path is not None and (known := _read(path)) is not None and len(known) == len(replay):
        return known
    parts = [_features(through, replay.views(at, min(at + _PART, len(replay)))) for at in range(0, len(replay), _PART)]
    made = np.concatenate(parts)
    if path is not None:
        buffer = io.BytesIO()
        np.save(buffer, made)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(path, buffer.getvalue())
        for old in path.parent.glob(f"{_PREFIX}*.npy"):
            if old != path:
                old.unlink(missing_ok=True)
    return made


class _Step:
    """One step of training the layers behind the frozen ones."""

    def __init__(self, tail: keras.Model, steps: int, recipe: ColorRecipe) -> None:
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0, steps, warmup_target=recipe.rate, warmup_steps=steps // 8 + 1, alpha=0.01
        )
        self.optimizer = keras.optimizers.Adam(
            schedule, use_ema=True, ema_momentum=recipe.averaging(steps), global_clipnorm=5.0
        )
        self.optimizer.build(tail.trainable_variables)  # a step that made them would be traced twice
        self._tail = tail
        self._recipe = recipe
        self._compiled = tf.function(self._learn, autograph=False)

    def __call__(self, *arrays: Floats) -> None:
        """Learn from features and the shares wanted of them, then from corrected ones and what those are."""
        self._compiled(*(tf.constant(each, tf.float32) for each in arrays))

    def _learn(self, kept: tf.Tensor, taught: tf.Tensor, corrected: tf.Tensor, answers: tf.Tensor) -> None:
        smoothing, count = self._recipe.smoothing, self._recipe.replayed
        with tf.GradientTape() as tape:
            shares = tf.nn.log_softmax(self._tail(tf.concat([kept, corrected], 0), training=True))
            remembered = tf.reduce_sum(taught * (tf.math.log(taught + _LEAST) - shares[:count]), 1)
            said = shares[count:]
            surprise = -tf.reduce_logsumexp(said + tf.math.log(answers + _LEAST), 1)
            learnt = (1 - smoothing) * surprise - smoothing * tf.reduce_mean(said, 1)
            loss = tf.reduce_mean(tf.concat([remembered, learnt], 0))
        weights = self._tail.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))


def _variants(example: Example, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    return np.stack([plain_view(example), *(varied_view(example, rng) for _ in range(count - 1))])


def _name_of(front: keras.Model, replay: Replay) -> str:
    """Changes with the frozen layers and with the views."""
    digest = hashlib.sha256()
    for weight in front.get_weights():
        digest.update(weight.tobytes())
    for view in replay.files:
        digest.update(hashlib.sha256(view).digest())
    return digest.hexdigest()[:16]


def _read(path: Path) -> Floats | None:
    """What was kept; None without it, and when it is damaged."""
    try:
        return np.asarray(np.load(path, allow_pickle=False))
    except (OSError, ValueError, EOFError):
        return None


def _features(through: Callable, views: NDArray[np.uint8]) -> Floats:
    """In half precision: thousands of them stay in memory."""
    return np.asarray(through(views), np.float16)


def _shares(tail: keras.Model, features: Floats) -> Floats:
    """What the network says of features before it is changed: float32 [n, 12]."""
    parts = [
        tail(features[at : at + _PART].astype(np.float32), training=False) for at in range(0, len(features), _PART)
    ]
    return np.concatenate([np.asarray(tf.nn.softmax(part)) for part in parts])
