"""The segmenter: what it is, and how it learns from pixels that may be one of several groups."""

from __future__ import annotations

from itertools import repeat

import numpy as np
import pytest

pytest.importorskip("tensorflow")

import keras
from keras import layers

from bot.vision.garment import SIDE, Group
from bot.vision.segmenter import TfliteSegmenter
from training.data.pixel_groups import ANYTHING, BACKGROUND, NO_CLOTHING, allowed
from training.networks.schedule import by_steps
from training.networks.segmenter import GROUP_WEIGHTS, QUIET_PIXELS, Losses, segmenter, to_tflite, train

PIXELS = 64
"""In a picture of the tiny network."""


def tiny() -> keras.Model:
    """Gives every group a ninth of every pixel, until it has learnt."""
    photo = keras.Input((8, 8, 3))
    outputs = layers.Conv2D(len(Group), 1, kernel_initializer="zeros", activation="softmax")
    return keras.Model(photo, outputs(layers.Rescaling(1 / 255)(photo)))


def learnt(network: keras.Model, sets: int | np.ndarray, steps: int) -> Losses:
    """Train on one gray picture whose pixels may be this."""
    pixels = np.full((1, 8, 8, 3), 120, np.uint8)
    pixels_may_be = np.broadcast_to(np.asarray(sets, np.uint16), (1, 8, 8))
    *_, (step, losses) = train(network, repeat((pixels, pixels_may_be)), by_steps(steps))
    assert step == steps
    return losses


def shares(network: keras.Model) -> np.ndarray:
    return np.asarray(network(np.full((1, 8, 8, 3), 120, np.float32)))[0, 0, 0]


def dice(clothing: float, is_clothing: int, is_none: int) -> float:
    """One minus Dice by hand, where each pixel is clothing with the same probability."""
    above = 2 * clothing * is_clothing + QUIET_PIXELS
    return 1 - above / (clothing * (is_clothing + is_none) + is_clothing + QUIET_PIXELS)


@pytest.mark.parametrize(
    ("sets", "pixels", "clothing", "none"),
    [
        (allowed(Group.UPPER, Group.OUTER), np.log(9 / 2), PIXELS, 0),
        (allowed(Group.UPPER), GROUP_WEIGHTS[Group.UPPER] * np.log(9), PIXELS, 0),
        (NO_CLOTHING, np.log(9 / 2), 0, PIXELS),
        (BACKGROUND, np.log(9), 0, PIXELS),
        (ANYTHING & ~allowed(Group.BACKGROUND, Group.BAG), np.log(9 / 7), 0, 0),
        (ANYTHING, 0.0, 0, 0),
    ],
)
def test_both_losses_by_hand(sets: int, pixels: float, clothing: int, none: int) -> None:
    losses = learnt(tiny(), sets, 1)
    assert losses.pixels == pytest.approx(pixels, abs=1e-4)
    assert losses.dice == pytest.approx(dice(7 / 9, clothing, none), abs=1e-4)


def test_a_picture_of_several_sets() -> None:
    sets = np.full((8, 8), ANYTHING)
    sets[:4] = allowed(Group.SHOE)
    sets[6:] = BACKGROUND
    losses = learnt(tiny(), sets, 1)
    assert losses.pixels == pytest.approx((32 * GROUP_WEIGHTS[Group.SHOE] + 16) / 64 * np.log(9), abs=1e-4)
    assert losses.dice == pytest.approx(dice(7 / 9, 32, 16), abs=1e-4)


def test_two_steps_favour_what_is_allowed_and_take_no_side_in_it() -> None:
    network = tiny()
    learnt(network, allowed(Group.UPPER, Group.OUTER), 2)
    after = shares(network)
    assert after[Group.UPPER] == pytest.approx(after[Group.OUTER], abs=1e-6)
    others = [after[group] for group in Group if group not in (Group.UPPER, Group.OUTER)]
    assert after[Group.UPPER] > 1 / 9 > max(others)


def test_of_what_may_be_anything_nothing_is_learnt() -> None:
    network = tiny()
    learnt(network, ANYTHING, 2)
    np.testing.assert_allclose(shares(network), 1 / 9, atol=1e-5)


def test_the_file_says_what_the_network_says() -> None:
    keras.utils.set_random_seed(3)
    network = segmenter()
    pixels = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE, 3)).astype(np.uint8)

    expected = np.asarray(network(pixels[None].astype(np.float32), training=False))[0]
    served = TfliteSegmenter(to_tflite(network), interpreters=1).segment(pixels)

    assert served.shape == expected.shape == (SIDE, SIDE, len(Group))
    np.testing.assert_allclose(served.sum(-1), 1, atol=1e-4)
    np.testing.assert_allclose(served, expected, atol=0.05)
