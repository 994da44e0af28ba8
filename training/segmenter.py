"""The segmenter: a U-Net on EfficientNet-Lite0 that finds garments in a photo squashed to 128 x 128.

A few thousand photos of garments on floors and hangers do not show what a sleeve on an arm is, or a bag on a wall; a
network that has seen ImageNet's million photos knows such shapes (:mod:`training.efficientnet_lite`). It also says
what kind of garment each pixel belongs to, which parts a dressed person into top, trousers and shoes, and whether the
scene shows clothing at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
from keras import layers

from training.efficientnet_lite import backbone, load_imagenet
from training.scenes import GROUPS, SIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from keras import KerasTensor
    from numpy.typing import NDArray

SCENE_KINDS = 3
"""Outputs of the scene head: one of the ten, other clothing, no clothing."""


def segmenter(weights: Mapping[str, NDArray[np.float32]] | None = None) -> keras.Model:
    """Build the network, a U-Net (Ronneberger et al. 2015) with depthwise separable convolutions on the way up.

    Args:
        weights: ImageNet's, of :func:`training.efficientnet_lite.read_weights`; without them it starts at random.

    Returns:
        A model from RGB ``float32 [n, 128, 128, 3]`` in 0..255 to two softmax outputs: ``groups``
        ``[n, 128, 128, 6]`` and ``scene`` ``[n, 3]``.
    """
    encoder = backbone(SIDE)
    if weights is not None:
        load_imagenet(encoder, weights)
    photo = encoder.input
    # What goes into these blocks: 16 channels at half the side, 24 at a quarter, 40 at an eighth, 112 at a sixteenth.
    x1, x2, x3, x4 = (encoder.get_layer(f"block{index}_expand").input for index in (1, 3, 5, 11))
    summary = layers.GlobalAveragePooling2D()(x4)
    context = layers.Dense(x4.shape[-1], activation="relu")(summary)
    x = layers.Add()([x4, layers.Reshape((1, 1, x4.shape[-1]))(context)])
    x = _up(x, x3, 80)
    x = _up(x, x2, 48)
    x = _up(x, x1, 24)
    x = _up(x, layers.Rescaling(1 / 127.5, offset=-1)(photo), 16)
    groups = layers.Softmax(name="groups")(layers.Conv2D(len(GROUPS), 1)(x))
    pooled = layers.Concatenate()([summary, layers.GlobalMaxPooling2D()(x4)])
    scene = layers.Softmax(name="scene")(layers.Dense(SCENE_KINDS)(layers.Dropout(0.3)(pooled)))
    return keras.Model(photo, {"groups": groups, "scene": scene}, name="segmenter")


def _up(x: KerasTensor, skip: KerasTensor, filters: int) -> KerasTensor:
    x = layers.Concatenate()([layers.UpSampling2D(2, interpolation="bilinear")(x), skip])
    x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
