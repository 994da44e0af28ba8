"""The networks: the course's own, and the small residual one that is published.

Both take float32 ``[n, 28, 28]`` in 0..1. The residual network gives logits while it trains; :func:`published` puts
what sharpens them and softmax behind, so that the file gives calibrated probabilities.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import keras
from keras import layers

from bot.vision.classifier import SIDE
from bot.vision.labels import CLASS_COUNT
from training.networks.sharpening import FARTHEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keras import KerasTensor

    from training.networks.sharpening import Sharpening

WIDTHS = (32, 64, 96)
"""Channels at 28, 14 and 7 pixels. Convolutions, batch normalisation, ReLU and global average pooling only: they fuse
in XNNPACK, and both TFLite runtimes know them. 37 M multiplications, 0.48 M weights."""

BLOCKS = (0, 1, 2)
"""Residual blocks at 28, 14 and 7 pixels: a block costs as much at 14 as at 7, with twice the channels there."""

TEACHER_WIDTHS = (64, 128, 256)
TEACHER_BLOCKS = (1, 2, 2)
"""Of the network that the published one learns from: 318 M multiplications, 3.4 M weights."""


def channels(width: float) -> tuple[int, int, int]:
    """Channels at 28, 14 and 7 pixels of the residual network that is ``width`` times as wide: multiples of 8."""
    first, second, third = (max(8, round(each * width / 8) * 8) for each in WIDTHS)
    return first, second, third


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


def residual_network(widths: tuple[int, int, int] = WIDTHS, blocks: tuple[int, int, int] = BLOCKS) -> keras.Model:
    """A small residual network (He et al. 2015): a stem, then strided convolutions and residual blocks.

    Args:
        widths: channels at 28, 14 and 7 pixels.
        blocks: residual blocks at each.

    Returns:
        A model to logits ``[n, 10]``.
    """
    pixels = keras.Input((SIDE, SIDE), name="pixels")
    x = layers.Reshape((SIDE, SIDE, 1))(pixels)
    for stage, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        x = _normalised(x, width, stride=2 if stage else 1)
        for _ in range(count):
            x = layers.Add()([x, _normalised(_normalised(x, width), width)])
    x = layers.GlobalAveragePooling2D()(x)
    logits = layers.Dense(CLASS_COUNT, dtype="float32", name="logits")(x)
    return keras.Model(pixels, logits, name="residual")


def published(network: keras.Model, sharpening: Sharpening) -> keras.Model:
    """Let a network look twice, the second time in a mirror, and put what sharpens logits and softmax behind it.

    Args:
        network: pixels to logits ``[n, 10]``.
        sharpening: fitted on pictures that the network has not learnt from.

    Returns:
        A model from pixels to calibrated probabilities ``[n, 10]``.
    """
    pixels = keras.Input((SIDE, SIDE), name="pixels")
    logits = layers.Average(dtype="float32")([network(look) for look in looks(pixels)])
    first, second = keras.ops.split(keras.ops.top_k(logits, 2)[0], 2, axis=1)
    capped = keras.ops.minimum((first - second) / sharpening.lead, FARTHEST)
    logits = logits * sharpening.factor(capped)
    return keras.Model(pixels, layers.Softmax(dtype="float32", name="probabilities")(logits), name="published")


def looks(pixels: KerasTensor) -> list[KerasTensor]:
    """The looks that a published network averages over, of pixels ``[n, 28, 28]``: as they are, and in a mirror."""
    return [pixels, keras.ops.flip(pixels, axis=2)]


@contextlib.contextmanager
def computing_in(policy: str) -> Iterator[None]:
    """Layers that are made meanwhile compute in ``policy``: ``float32`` or ``mixed_bfloat16``."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _normalised(x: KerasTensor, filters: int, *, stride: int = 1) -> KerasTensor:
    x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
