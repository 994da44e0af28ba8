"""The segmenter: a small U-Net that finds garments in a photo squashed to 128 x 128.

GrabCut takes 27 ms on a phone photo and trusts colour alone; this network takes a few and knows shapes. It also
says what kind of garment each pixel belongs to, which parts a dressed person into top, trousers and shoes, and
whether the scene shows clothing at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
from keras import layers

from training.scenes import GROUPS, SIDE

if TYPE_CHECKING:
    from keras import KerasTensor

SCENE_KINDS = 3
"""Outputs of the scene head: one of the ten, other clothing, no clothing."""


def segmenter(width: int = 16) -> keras.Model:
    """Build the network, a U-Net (Ronneberger et al. 2015) with residual middle levels.

    Args:
        width: channels of the first level; the others are multiples of it.

    Returns:
        A model from RGB ``float32 [n, 128, 128, 3]`` in 0..255 to two softmax outputs: ``groups``
        ``[n, 128, 128, 6]`` and ``scene`` ``[n, 3]``.
    """
    photo = keras.Input((SIDE, SIDE, 3), name="photo")
    x0 = layers.Rescaling(1 / 127.5, offset=-1)(photo)
    x1 = _conv(x0, width, stride=2)
    x2 = _residual(_conv(x1, 2 * width, stride=2), 2 * width)
    x3 = _residual(_conv(x2, 4 * width, stride=2), 4 * width)
    x4 = _conv(x3, 6 * width, stride=2)
    x4 = _residual(_residual(x4, 6 * width), 6 * width)
    summary = layers.GlobalAveragePooling2D()(x4)
    context = layers.Dense(6 * width, activation="relu")(summary)
    x4 = layers.Add()([x4, layers.Reshape((1, 1, 6 * width))(context)])
    y3 = _up(x4, x3, 3 * width)
    y2 = _up(y3, x2, 2 * width)
    y1 = _up(y2, x1, width)
    y0 = _up(y1, x0, width // 2)
    groups = layers.Conv2D(len(GROUPS), 1, dtype="float32")(y0)
    groups = layers.Softmax(dtype="float32", name="groups")(groups)
    pooled = layers.Concatenate()([summary, layers.GlobalMaxPooling2D()(x4)])
    scene = layers.Dense(SCENE_KINDS, dtype="float32")(layers.Dropout(0.3)(pooled))
    scene = layers.Softmax(dtype="float32", name="scene")(scene)
    return keras.Model(photo, {"groups": groups, "scene": scene}, name="segmenter")


def _conv(x: KerasTensor, filters: int, *, stride: int = 1) -> KerasTensor:
    x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def _residual(x: KerasTensor, filters: int) -> KerasTensor:
    return layers.Add()([x, _conv(_conv(x, filters), filters)])


def _up(x: KerasTensor, skip: KerasTensor, filters: int) -> KerasTensor:
    x = layers.UpSampling2D(2, interpolation="nearest")(x)
    return _conv(layers.Concatenate()([x, skip]), filters)
