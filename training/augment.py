"""Whole batches of 28x28 pictures, varied with vector operations.

Three worlds meet in a batch: clean Fashion-MNIST (mirrored, shifted, with a square cut out), Fashion-MNIST made to
look like phone photos (turned, recoloured, badly cut out), and real photos that went through the bot's own front end.
Every function takes and gives float32 ``[n, 28, 28]`` in 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

SIDE = 28


@dataclass(frozen=True, slots=True)
class Warp:
    """How far pictures are moved; each is drawn evenly between minus and plus.

    Attributes:
        shift: pixels, both ways.
        turn: degrees.
        zoom: natural logarithm of the scale.
        stretch: natural logarithm of height against width.
    """

    shift: float
    turn: float = 0.0
    zoom: float = 0.0
    stretch: float = 0.0


CLEAN = Warp(shift=2.5)
PHOTO = Warp(shift=2.0, turn=10.0, zoom=0.1, stretch=0.08)
RANDOMISED = Warp(shift=2.5, turn=18.0, zoom=0.2, stretch=0.15)


def warp(pictures: tf.Tensor, how: Warp, seed: tf.Tensor) -> tf.Tensor:
    """Mirror every other picture, and move each by a random affine map about its centre."""
    count = tf.shape(pictures)[0]
    draws = tf.random.stateless_uniform((6, count), seed, -1.0, 1.0)
    angle = draws[0] * how.turn * np.pi / 180
    scale = tf.exp(draws[1] * how.zoom)
    stretch = tf.exp(draws[2] * how.stretch / 2)
    mirror = tf.sign(draws[3])
    # The operation wants the map from output to input; whole-pixel shifts keep clean pictures crisp.
    shift = draws[4:6] * how.shift
    if not (how.turn or how.zoom or how.stretch):
        shift = tf.round(shift)
    a0, a1 = mirror * tf.cos(angle) * scale * stretch, -tf.sin(angle) * scale / stretch
    b0, b1 = mirror * tf.sin(angle) * scale * stretch, tf.cos(angle) * scale / stretch
    centre = (SIDE - 1) / 2
    a2 = centre - a0 * centre - a1 * centre + shift[0]
    b2 = centre - b0 * centre - b1 * centre + shift[1]
    zero = tf.zeros_like(a0)
    transforms = tf.stack([a0, a1, a2, b0, b1, b2, zero, zero], axis=1)
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures[..., None],
        transforms=transforms,
        output_shape=[SIDE, SIDE],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )
    return moved[..., 0]


def cut_out(pictures: tf.Tensor, side: int, share: float, seed: tf.Tensor) -> tf.Tensor:
    """Blacken a square (DeVries and Taylor 2017) in a share of the pictures.

    Args:
        pictures: the batch.
        side: side of the square, pixels; it may hang over the edge.
        share: 0..1.
        seed: two integers.
    """
    count = tf.shape(pictures)[0]
    draws = tf.random.stateless_uniform((3, count), seed)
    axis = tf.range(SIDE, dtype=tf.float32)
    rows = tf.abs(axis[None] - draws[0][:, None] * SIDE) < side / 2
    columns = tf.abs(axis[None] - draws[1][:, None] * SIDE) < side / 2
    square = rows[:, :, None] & columns[:, None, :] & (draws[2] < share)[:, None, None]
    return tf.where(square, 0.0, pictures)


def retone(pictures: tf.Tensor, strength: float, seed: tf.Tensor) -> tf.Tensor:
    """Change the tones inside each garment: contrast, brightness and gamma.

    Args:
        pictures: the batch.
        strength: standard deviation of the logarithm of contrast and gamma.
        seed: two integers.
    """
    count = tf.shape(pictures)[0]
    draws = tf.random.stateless_normal((3, count, 1, 1), seed)
    inside = tf.cast(pictures > 0.04, tf.float32)
    area = tf.reduce_sum(inside, (1, 2), keepdims=True) + 1e-3
    mean = tf.reduce_sum(pictures, (1, 2), keepdims=True) / area
    toned = mean * tf.exp(draws[0] * strength * 0.5) + (pictures - mean) * tf.exp(draws[1] * strength)
    toned = tf.clip_by_value(toned, 0.02, 1.0) ** tf.exp(draws[2] * strength * 0.6)
    return toned * inside


def like_a_photo(pictures: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Make Fashion-MNIST look as if a phone photo had been converted.

    Tones are inverted in half of them (a photo of white cloth), standardised as :mod:`bot.vision.pixels` does,
    overlaid with cloth patterns and shading; the outline is bitten into and rests of background stay.
    """
    count = tf.shape(pictures)[0]
    seeds = tf.random.experimental.stateless_split(seed, 7)
    draws = tf.random.stateless_uniform((6, count, 1, 1), seeds[0])
    inside = tf.cast(pictures > 0.04, tf.float32)
    area = tf.reduce_sum(inside, (1, 2), keepdims=True) + 1e-3
    mean = tf.reduce_sum(pictures, (1, 2), keepdims=True) / area
    spread = tf.sqrt(tf.reduce_sum(inside * (pictures - mean) ** 2, (1, 2), keepdims=True) / area)
    polarity = tf.where(draws[0] < 0.5, -1.0, 1.0)
    tones = 0.62 + polarity * (pictures - mean) * 0.17 / tf.maximum(spread, 0.06)
    pattern = _blobs(count, 14, seeds[1]) * draws[1] * 0.5 + _blobs(count, 5, seeds[2]) * draws[2] * 0.5
    tones = tf.clip_by_value(tones + pattern * tf.cast(draws[3] < 0.6, tf.float32), 0.1, 1.0)
    bites = tf.cast(_blobs(count, 6, seeds[3]) > 0.42, tf.float32) * tf.cast(draws[4] < 0.3, tf.float32)
    rest = tf.cast(_blobs(count, 6, seeds[4]) > 0.44, tf.float32) * tf.cast(draws[5] < 0.3, tf.float32)
    noise = tf.random.stateless_normal(tf.shape(pictures), seeds[5], stddev=0.03)
    return tf.clip_by_value(tones * inside * (1 - bites) + rest * (1 - inside) * 0.5 + noise * inside, 0.0, 1.0)


def _blobs(count: tf.Tensor, cells: int, seed: tf.Tensor) -> tf.Tensor:
    """Smooth noise -0.5..0.5 of ``cells`` by ``cells`` random values a picture: [count, 28, 28]."""
    coarse = tf.random.stateless_uniform((count, cells, cells, 1), seed, -0.5, 0.5)
    return tf.image.resize(coarse, (SIDE, SIDE), method="bilinear")[..., 0]
