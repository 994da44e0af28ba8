"""The networks: the course's own, and the small residual one that is published.

Both take float32 ``[n, 28, 28]`` in 0..1. The residual network gives logits while it trains; :func:`published` puts
temperature and softmax behind them, so that the file gives calibrated probabilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
from keras import layers

from bot.vision.labels import CLASS_COUNT

if TYPE_CHECKING:
    from keras import KerasTensor

SIDE = 28

WIDTHS = (32, 64, 128)
"""Channels at 28, 14 and 7 pixels. Convolutions, batch normalisation, ReLU and global average pooling only: they fuse
in XNNPACK, and both TFLite runtimes know them."""


def lesson_network(neurons: int = 128) -> keras.Model:
    """The course's network: flatten, one hidden layer, softmax.

    Args:
        neurons: width of the hidden layer; the course uses 128.
    """
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE), name="pixels"),
            layers.Flatten(),
            layers.Dense(neurons, activation="relu"),
            layers.Dense(CLASS_COUNT, activation="softmax"),
        ],
        name="lesson",
    )


def residual_network(widths: tuple[int, int, int] = WIDTHS, *, blocks: int = 1) -> keras.Model:
    """A small residual network, after airbench (Jordan 2024): convolve, pool, normalise, then a residual block.

    Args:
        widths: channels at 28, 14 and 7 pixels.
        blocks: residual blocks a stage.

    Returns:
        A model to logits ``[n, 10]``.
    """
    pixels = keras.Input((SIDE, SIDE), name="pixels")
    x = layers.Reshape((SIDE, SIDE, 1))(pixels)
    x = _normalised(x, widths[0])
    for stage, width in enumerate(widths):
        if stage:
            x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
            x = layers.MaxPooling2D()(x)
            x = layers.ReLU()(layers.BatchNormalization()(x))
        for _ in range(blocks):
            x = layers.Add()([x, _normalised(_normalised(x, width), width)])
    x = layers.GlobalAveragePooling2D()(x)
    logits = layers.Dense(CLASS_COUNT, dtype="float32", name="logits")(x)
    return keras.Model(pixels, logits, name="residual")


def published(network: keras.Model, temperature: float) -> keras.Model:
    """Put temperature and softmax behind a network that gives logits.

    Args:
        network: pixels to logits ``[n, 10]``.
        temperature: what logits are divided by; above 1 for an overconfident network.

    Returns:
        A model from pixels to calibrated probabilities ``[n, 10]``.
    """
    pixels = keras.Input((SIDE, SIDE), name="pixels")
    logits = layers.Rescaling(1.0 / temperature, dtype="float32")(network(pixels))
    return keras.Model(pixels, layers.Softmax(dtype="float32", name="probabilities")(logits), name="published")


def _normalised(x: KerasTensor, filters: int) -> KerasTensor:
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
