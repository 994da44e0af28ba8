"""Whole batches of 28x28 pictures, varied with vector operations on whichever backend Keras computes.

A batch has three parts: clean Fashion-MNIST (mirrored, shifted, with a square cut out), Fashion-MNIST made to
look like phone photos (turned, recoloured, badly cut out), and real photos that went through the bot's own front end.
Every function takes and gives float32 ``[n, 28, 28]`` in 0..1, and draws from the seed generator that it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from keras import ops, random

from bot.vision.classifier import SIDE

if TYPE_CHECKING:
    from keras.random import SeedGenerator

    Tensor = Any


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


def warp(pictures: Tensor, how: Warp, seeds: SeedGenerator) -> Tensor:
    """Mirror every other picture, and move each by a random affine map about its centre."""
    draws = random.uniform((6, pictures.shape[0]), -1.0, 1.0, seed=seeds)
    angle = draws[0] * (how.turn * np.pi / 180)
    scale = ops.exp(draws[1] * how.zoom)
    stretch = ops.exp(draws[2] * (how.stretch / 2))
    mirror = ops.sign(draws[3])
    # The operation wants the map from output to input; whole-pixel shifts keep clean pictures crisp.
    shift = draws[4:6] * how.shift
    if not (how.turn or how.zoom or how.stretch):
        shift = ops.round(shift)
    a0, a1 = mirror * ops.cos(angle) * scale * stretch, -ops.sin(angle) * scale / stretch
    b0, b1 = mirror * ops.sin(angle) * scale * stretch, ops.cos(angle) * scale / stretch
    centre = (SIDE - 1) / 2
    a2 = centre - a0 * centre - a1 * centre + shift[0]
    b2 = centre - b0 * centre - b1 * centre + shift[1]
    zero = ops.zeros_like(a0)
    transforms = ops.stack([a0, a1, a2, b0, b1, b2, zero, zero], axis=1)
    return ops.image.affine_transform(pictures[..., None], transforms, data_format="channels_last")[..., 0]


def cut_out(pictures: Tensor, side: int, share: float, seeds: SeedGenerator) -> Tensor:
    """Blacken a square (DeVries and Taylor 2017) in a share of the pictures.

    Args:
        pictures: the batch.
        side: side of the square, pixels; it may hang over the edge.
        share: 0..1.
        seeds: to draw from.
    """
    draws = random.uniform((3, pictures.shape[0]), seed=seeds)
    axis = ops.arange(SIDE, dtype="float32")
    rows = ops.abs(axis[None] - draws[0][:, None] * SIDE) < side / 2
    columns = ops.abs(axis[None] - draws[1][:, None] * SIDE) < side / 2
    square = rows[:, :, None] & columns[:, None, :] & (draws[2] < share)[:, None, None]
    return ops.where(square, 0.0, pictures)


def retone(pictures: Tensor, strength: float, seeds: SeedGenerator) -> Tensor:
    """Change the tones inside each garment: contrast, brightness and gamma.

    Args:
        pictures: the batch.
        strength: standard deviation of the logarithm of contrast and gamma.
        seeds: to draw from.
    """
    draws = random.normal((3, pictures.shape[0], 1, 1), seed=seeds)
    inside = ops.cast(pictures > 0.04, "float32")
    mean = ops.sum(pictures, (1, 2), keepdims=True) / _area(inside)
    toned = mean * ops.exp(draws[0] * (strength * 0.5)) + (pictures - mean) * ops.exp(draws[1] * strength)
    return ops.clip(toned, 0.02, 1.0) ** ops.exp(draws[2] * (strength * 0.6)) * inside


def like_a_photo(pictures: Tensor, seeds: SeedGenerator) -> Tensor:
    """Make Fashion-MNIST look as if a phone photo had been converted.

    Tones are inverted in half of them (a photo of white cloth), standardised as :mod:`bot.vision.pixels` does,
    overlaid with cloth patterns and shading; the outline is bitten into and rests of background stay.
    """
    count = pictures.shape[0]
    draws = random.uniform((6, count, 1, 1), seed=seeds)
    inside = ops.cast(pictures > 0.04, "float32")
    area = _area(inside)
    mean = ops.sum(pictures, (1, 2), keepdims=True) / area
    spread = ops.sqrt(ops.sum(inside * (pictures - mean) ** 2, (1, 2), keepdims=True) / area)
    polarity = ops.where(draws[0] < 0.5, -1.0, 1.0)
    tones = 0.62 + polarity * (pictures - mean) * 0.17 / ops.maximum(spread, 0.06)
    pattern = _blobs(count, 14, seeds) * draws[1] * 0.5 + _blobs(count, 5, seeds) * draws[2] * 0.5
    tones = ops.clip(tones + pattern * ops.cast(draws[3] < 0.6, "float32"), 0.1, 1.0)
    bites = ops.cast((_blobs(count, 6, seeds) > 0.42) & (draws[4] < 0.3), "float32")
    rest = ops.cast((_blobs(count, 6, seeds) > 0.44) & (draws[5] < 0.3), "float32")
    noise = random.normal(pictures.shape, stddev=0.03, seed=seeds)
    return ops.clip(tones * inside * (1 - bites) + rest * (1 - inside) * 0.5 + noise * inside, 0.0, 1.0)


def _area(inside: Tensor) -> Tensor:
    return ops.sum(inside, (1, 2), keepdims=True) + 1e-3


def _blobs(count: int, cells: int, seeds: SeedGenerator) -> Tensor:
    """Smooth noise -0.5..0.5 of ``cells`` by ``cells`` random values a picture: [count, 28, 28]."""
    coarse = random.uniform((count, cells, cells, 1), -0.5, 0.5, seed=seeds)
    return ops.image.resize(coarse, (SIDE, SIDE), "bilinear", data_format="channels_last")[..., 0]
