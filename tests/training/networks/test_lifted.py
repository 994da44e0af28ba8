"""Weights taken out of a served file are the ones that serve, and go back into the same bytes."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("tensorflow")

import keras

from bot.registry.layout import COLOR_CLASSIFIER_FILE, SHIPPED_MODELS
from bot.vision.color_classifier import SIDE, TfliteColorClassifier
from tests.conftest import needs
from training.errors import TrainingError
from training.networks.color_classifier import color_classifier, from_tflite, split, to_tflite
from training.networks.lifted import lifted_weights, put_into

ROUNDING = 0.03
"""What products of 8 bits may change of a share."""


@pytest.fixture(scope="module")
def shipped() -> bytes:
    path = SHIPPED_MODELS / COLOR_CLASSIFIER_FILE
    needs(path.is_file(), "put models/color_classifier.tflite back")
    return path.read_bytes()


@pytest.fixture(scope="module")
def lifted(shipped: bytes) -> keras.Model:
    """The network with the weights of the shipped file; no test changes it."""
    return from_tflite(shipped)


def views(count: int) -> np.ndarray:
    noise = np.random.default_rng(0).integers(0, 255, (count, 5, 5, 3))
    return np.kron(noise, np.ones((1, SIDE // 5, SIDE // 5, 1))).astype(np.uint8)


def shares(network: keras.Model, seen: np.ndarray) -> np.ndarray:
    return np.asarray(keras.ops.softmax(network(seen.astype(np.float32), training=False)))


def test_the_network_answers_as_the_file_does(shipped: bytes, lifted: keras.Model) -> None:
    served, seen = TfliteColorClassifier(shipped, interpreters=1), views(6)
    of_file = np.stack([served.classify(view) for view in seen])
    np.testing.assert_allclose(shares(lifted, seen), of_file, atol=ROUNDING)


def test_converted_again_it_answers_the_same(lifted: keras.Model) -> None:
    once = to_tflite(lifted)
    again = TfliteColorClassifier(to_tflite(from_tflite(once)), interpreters=1)
    served = TfliteColorClassifier(once, interpreters=1)
    for view in views(3):
        np.testing.assert_allclose(again.classify(view), served.classify(view), atol=1e-5)


def test_both_parts_together_are_the_network(lifted: keras.Model) -> None:
    network, seen = lifted, views(2)
    front, tail = split(network)
    np.testing.assert_allclose(
        np.asarray(tail(front(seen.astype(np.float32)))), np.asarray(network(seen.astype(np.float32))), atol=1e-4
    )
    assert 0 < sum(each.numpy().size for each in tail.weights) < sum(each.numpy().size for each in network.weights)


def test_another_network_is_refused() -> None:
    view = keras.Input((SIDE, SIDE, 3))
    other = keras.Model(view, keras.layers.Dense(12)(keras.layers.GlobalAveragePooling2D()(view)))
    with pytest.raises(TrainingError, match="of another kind"):
        from_tflite(to_tflite(other))
    with pytest.raises(TrainingError, match="of another kind"):
        put_into(color_classifier(), [])


def test_a_damaged_file_is_one_clear_line() -> None:
    with pytest.raises(TrainingError, match="cannot be read") as caught:
        lifted_weights(b"no model")
    assert "\n" not in str(caught.value)
