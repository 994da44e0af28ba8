"""The mean of the weights before and after a training."""

import numpy as np
import pytest

pytest.importorskip("tensorflow")

import keras

from training.networks.interpolation import interpolate


def test_a_share_of_the_first_weights_is_kept() -> None:
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    start = [np.array([[1.0], [2.0]], np.float32), np.array([3.0], np.float32)]
    network.set_weights([np.array([[5.0], [6.0]], np.float32), np.array([7.0], np.float32)])
    interpolate(network, start, 0.75)
    np.testing.assert_allclose(network.get_weights()[0], [[2.0], [3.0]])
    np.testing.assert_allclose(network.get_weights()[1], [4.0])


def test_what_did_not_change_stays_the_same_to_the_last_bit() -> None:
    network = keras.Sequential([keras.Input((50,)), keras.layers.Dense(20)])
    weights = network.get_weights()
    interpolate(network, weights, 0.7)
    for one, other in zip(network.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(one, other)
