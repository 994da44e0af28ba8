"""The colour network: EfficientNet-Lite0 that says which of the ten classes a view shows, or none of them.

It starts from a network that knows ImageNet's million photos (:mod:`training.networks.efficientnet_lite`), so that some
thousand garments are enough. Labels may be partial: a shoe of a shop is one of three classes, a kurta a dress or other
clothing. The loss is the negative logarithm of the summed probability of what a label allows.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from bot.vision.color_classifier import OUTPUTS, SIDE
from training.networks.convert import convert_mixed
from training.networks.efficientnet_lite import backbone, head_rows, load_imagenet
from training.networks.lifted import lifted_weights, put_into
from training.networks.schedule import take_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    Batch = tuple[NDArray[np.uint8], NDArray[np.float32]]

IMAGENET: Final = (
    (610,), (608,), (841, 474), (578, 689, 601), (869, 568, 617), (774,), (), (770,), (414, 636, 748), (514,),
    (515, 808, 842, 655), (),
)  # fmt: skip
"""ImageNet classes whose rows an output starts from: 414, 636 and 748 are backpack, mailbag and purse; 515, 808, 842
and 655 hats, trunks and a miniskirt."""

FROZEN: Final = "block2_project"
"""Up to this layer the network stays as ImageNet left it: edges and textures are the same everywhere."""

REFRESHED_FROM: Final = "block15_expand"
"""A refresh trains the layers from here on: a third of the weights. What comes before is computed once for each view
(models/tried.md)."""

PEAK_RATE: Final = 4e-4
DECAY: Final = 0.02
AVERAGE: Final = 0.995
SMOOTHING: Final = 0.05
DROPOUT: Final = 0.2


def color_classifier(weights: Mapping[str, NDArray[np.float32]] | None = None) -> keras.Model:
    """Build the network.

    Args:
        weights: ImageNet's, of :func:`training.networks.efficientnet_lite.read_weights`; without them it starts at
            random.

    Returns:
        A model from RGB ``float32 [n, 160, 160, 3]`` in 0..255 to logits ``float32 [n, 12]``.
    """
    base = backbone(SIDE)
    logits = layers.Dense(OUTPUTS, name="logits")
    network = keras.Model(base.input, logits(layers.Dropout(DROPOUT)(base.output)), name="color_classifier")
    if weights is not None:
        load_imagenet(base, weights)
        logits.set_weights(head_rows(weights, IMAGENET))
    return network


def from_tflite(model: bytes) -> keras.Model:
    """The network of a published file, as :func:`color_classifier` builds it, with the very weights that serve.

    Raises:
        TrainingError: the file is damaged, or of another network than this version of the program makes.
    """
    network = color_classifier()
    put_into(network, lifted_weights(model))
    return network


def split(network: keras.Model, at: str = REFRESHED_FROM) -> tuple[keras.Model, keras.Model]:
    """Part a network into what stays as it is and what is trained further; both share its weights.

    Args:
        network: a :func:`color_classifier`.
        at: the first layer that is trained.

    Returns:
        From views to features, and from features to logits.
    """
    features = network.get_layer(at).input
    return keras.Model(network.input, features, name="front"), keras.Model(features, network.output, name="tail")


def train(
    network: keras.Model, drawn: Iterator[Batch], done: Callable[[int], float], *, rate: float = PEAK_RATE
) -> Iterator[tuple[int, float, float]]:
    """Train in place and leave the averaged weights.

    Args:
        network: a :func:`color_classifier`.
        drawn: views, uint8 [n, 160, 160, 3], and what they may be, float32 [n, 12] of 0 and 1.
        done: the share of the training after a number of batches (:mod:`training.networks.schedule`); it ends at 1.
        rate: the highest learning rate.

    Yields:
        The step, and the mean loss and the share of answers that are allowed since the last report.
    """
    for layer in network.layers:
        layer.trainable = False
        if layer.name == FROZEN:
            break
    optimizer = keras.optimizers.AdamW(0.0, weight_decay=DECAY, use_ema=True, ema_momentum=AVERAGE, global_clipnorm=5.0)

    @partial(tf.function, autograph=False)
    def one(views: tf.Tensor, answers: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            shares = tf.nn.log_softmax(network(tf.cast(views, tf.float32), training=True))
            surprise = -tf.reduce_logsumexp(shares + tf.math.log(answers + 1e-9), axis=1)
            spread = -tf.reduce_mean(shares, axis=1)
            loss = tf.reduce_mean((1 - SMOOTHING) * surprise + SMOOTHING * spread)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        right = tf.gather(answers, tf.argmax(shares, axis=1), batch_dims=1)
        return tf.stack([tf.reduce_mean(surprise), tf.reduce_mean(right)])

    taken = take_steps(network, optimizer, lambda: one(*map(tf.constant, next(drawn))).numpy(), done, rate)
    for step, (loss, right) in taken:
        yield step, float(loss), float(right)


def to_tflite(network: keras.Model) -> bytes:
    """Convert for serving: one view at a time, weights in 8 bits."""
    spec = tf.TensorSpec((1, SIDE, SIDE, 3), tf.float32, name="view")
    return convert_mixed(lambda view: tf.nn.softmax(network(view, training=False)), spec)
