"""The segmenter: a U-Net on EfficientNet-Lite0 that says of each pixel of a photo what kind of garment it belongs to.

Some thousand photos of garments do not show what a sleeve on an arm is, or a bag on a wall; a network that has seen
ImageNet's million photos knows such shapes (:mod:`training.networks.efficientnet_lite`).

Pixels are taught by sets: a pixel of a cardigan may be a top or what is worn over one, a pixel of a shop's photo is
only known to be the person or something worn. The loss is the negative logarithm of the summed probability of what is
allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from bot.vision.garment import SIDE, Group
from training.data.pixel_groups import ANYTHING, NO_CLOTHING, allowed
from training.networks.convert import convert_mixed
from training.networks.efficientnet_lite import backbone, load_imagenet
from training.networks.lifted import lifted_weights, normalise_by, put_into
from training.networks.schedule import take_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from keras import KerasTensor
    from numpy.typing import NDArray

    Batch = tuple[NDArray[np.uint8], NDArray[np.uint16]]

FROZEN: Final = "block2_project"
"""Up to this layer a published network stays as it is when it is trained further: edges are the same everywhere, and a
step takes a fifth less."""

PEAK_RATE: Final = 1.2e-3
DECAY: Final = 1e-2
AVERAGE: Final = 0.99
DICE_WEIGHT: Final = 0.5
QUIET_PIXELS: Final = 20
"""Added above and below in Dice, so that scenes without clothing are quiet."""

GROUP_WEIGHTS: Final = {
    Group.UPPER: 1.3, Group.OUTER: 1.5, Group.DRESS: 2.0, Group.LOWER: 1.2, Group.SHOE: 2.0, Group.BAG: 2.0,
    Group.OTHER: 4.0,
}  # fmt: skip
"""How much a pixel that is surely of a group counts: shoes and bags are small."""


@dataclass(frozen=True, slots=True)
class Losses:
    """Means over some steps: cross-entropy of pixels, and one minus Dice of clothing."""

    pixels: float
    dice: float


def segmenter(weights: Mapping[str, NDArray[np.float32]] | None = None) -> keras.Model:
    """Build the network, a U-Net (Ronneberger et al. 2015) with depthwise separable convolutions on the way up.

    Args:
        weights: ImageNet's, of :func:`training.networks.efficientnet_lite.read_weights`; without them it starts at
            random.

    Returns:
        A model from RGB ``float32 [n, 192, 192, 3]`` in 0..255 to probabilities ``float32 [n, 192, 192, 9]``.
    """
    encoder = backbone(SIDE)
    if weights is not None:
        load_imagenet(encoder, weights)
    # What goes into these blocks: 16 channels at half the side, 24 at a quarter, 40 at an eighth, 112 at a sixteenth,
    # 192 at a 32nd.
    x1, x2, x3, x4, x5 = (encoder.get_layer(f"block{index}_expand").input for index in (1, 3, 5, 11, 15))
    context = layers.Dense(x5.shape[-1], activation="relu")(layers.GlobalAveragePooling2D()(x5))
    x = layers.Add()([x5, layers.Reshape((1, 1, x5.shape[-1]))(context)])
    x = _up(x, x4, 128)
    x = _up(x, x3, 80)
    x = _up(x, x2, 48)
    x = _up(x, x1, 24)
    x = layers.Conv2D(24, 3, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    logits = layers.UpSampling2D(2, interpolation="bilinear")(layers.Conv2D(len(Group), 1)(x))
    return keras.Model(encoder.input, layers.Softmax(name="groups")(logits), name="segmenter")


def from_tflite(model: bytes, photos: NDArray[np.uint8]) -> keras.Model:
    """The network of a published file, to be trained further.

    Args:
        model: a ``.tflite`` file of :func:`to_tflite`.
        photos: uint8 [n, 192, 192, 3], some of those that it will learn from; the statistics of their features become
            those of batch normalisation, which a file for serving has no more.

    Raises:
        TrainingError: the file holds another network.
    """
    network = segmenter()
    put_into(network, lifted_weights(model))
    for layer in network.layers:
        layer.trainable = False
        if layer.name == FROZEN:
            break
    normalise_by(network, photos)
    return network


def train(
    network: keras.Model, drawn: Iterator[Batch], done: Callable[[int], float], *, rate: float = PEAK_RATE
) -> Iterator[tuple[int, Losses]]:
    """Train in place and leave the averaged weights.

    Args:
        network: a :func:`segmenter`.
        drawn: photos, uint8 [n, 192, 192, 3], and what their pixels may be, uint16 [n, 192, 192].
        done: the share of the training after a number of batches (:mod:`training.networks.schedule`); it ends at 1.
        rate: the highest learning rate.

    Yields:
        The step, and the mean losses since the last report.
    """
    optimizer = keras.optimizers.AdamW(0.0, weight_decay=DECAY, use_ema=True, ema_momentum=AVERAGE, global_clipnorm=5.0)
    counts = tf.constant(_pixel_weights())
    places = tf.constant(2 ** np.arange(len(Group)), tf.int32)

    @partial(tf.function, autograph=False)
    def one(photos: tf.Tensor, allowed_groups: tf.Tensor) -> tf.Tensor:
        sets = tf.cast(allowed_groups, tf.int32)
        may_be = tf.cast(tf.bitwise.bitwise_and(sets[..., None], places) > 0, tf.float32)
        with tf.GradientTape() as tape:
            seen = network(tf.cast(photos, tf.float32), training=True)
            likelihood = tf.reduce_sum(seen * may_be, -1)
            pixels = tf.reduce_mean(-tf.math.log(likelihood + 1e-6) * tf.gather(counts, sets))
            clothing = 1 - seen[..., Group.BACKGROUND] - seen[..., Group.PERSON]
            is_clothing = tf.cast(tf.bitwise.bitwise_and(sets, NO_CLOTHING) == 0, tf.float32)
            is_none = tf.cast(tf.bitwise.bitwise_and(sets, ANYTHING & ~NO_CLOTHING) == 0, tf.float32)
            both = tf.reduce_sum(clothing * is_clothing, (1, 2))
            either = tf.reduce_sum(clothing * (is_clothing + is_none) + is_clothing, (1, 2))
            dice = tf.reduce_mean(1 - (2 * both + QUIET_PIXELS) / (either + QUIET_PIXELS))
            loss = pixels + DICE_WEIGHT * dice
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return tf.stack([pixels, dice])

    taken = take_steps(network, optimizer, lambda: one(*map(tf.constant, next(drawn))).numpy(), done, rate)
    for step, (pixels, dice) in taken:
        yield step, Losses(float(pixels), float(dice))


def to_tflite(network: keras.Model) -> bytes:
    """Convert for serving: one photo at a time, weights in 8 bits."""
    return convert_mixed(
        lambda photo: network(photo, training=False), tf.TensorSpec((1, SIDE, SIDE, 3), tf.float32, name="photo")
    )


def _pixel_weights() -> NDArray[np.float32]:
    """How much a pixel counts, by what it may be: float32 [512]; one that may be anything counts for nothing."""
    counts = np.ones(ANYTHING + 1, np.float32)
    for group, weight in GROUP_WEIGHTS.items():
        counts[allowed(group)] = weight
    counts[ANYTHING] = 0
    return counts


def _up(x: KerasTensor, skip: KerasTensor, filters: int) -> KerasTensor:
    x = layers.Concatenate()([layers.UpSampling2D(2, interpolation="bilinear")(x), skip])
    x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
