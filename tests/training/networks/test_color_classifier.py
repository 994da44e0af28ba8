"""The network in colour: what it is, and how it learns from views that may be one of several classes."""

from __future__ import annotations

from itertools import repeat

import numpy as np
import pytest

pytest.importorskip("tensorflow")

import keras
from keras import layers

from bot.vision.color_classifier import OUTPUTS, SIDE, TfliteColorClassifier
from bot.vision.labels import DRESS, NO_CLOTHING, OTHER_CLOTHING, SHOES
from training.networks.color_classifier import FROZEN, IMAGENET, color_classifier, to_tflite, train
from training.networks.schedule import by_steps


def tiny() -> keras.Model:
    """Gives every output a twelfth, until it has learnt; its first layers are as ImageNet's would be."""
    view = keras.Input((4, 4, 3))
    edges = layers.Conv2D(4, 1, name=FROZEN)(layers.Rescaling(1 / 255)(view))
    return keras.Model(view, layers.Dense(OUTPUTS, kernel_initializer="zeros")(layers.GlobalAveragePooling2D()(edges)))


def learnt(network: keras.Model, outcomes: set[int], steps: int) -> tuple[float, float]:
    """Train on one gray view that may be this: the mean loss, and the share of allowed answers."""
    answer = np.zeros((2, OUTPUTS), np.float32)
    answer[:, sorted(outcomes)] = 1
    batch = np.full((2, 4, 4, 3), 120, np.uint8), answer
    *_, (step, loss, right) = train(network, repeat(batch), by_steps(steps), rate=1e-2)
    assert step == steps
    return loss, right


def shares(network: keras.Model) -> np.ndarray:
    return np.asarray(keras.ops.softmax(network(np.full((1, 4, 4, 3), 120, np.float32))))[0]


@pytest.mark.parametrize("outcomes", [{0}, set(SHOES), {DRESS, OTHER_CLOTHING}, {0, NO_CLOTHING}])
def test_the_loss_by_hand(outcomes: set[int]) -> None:
    loss, right = learnt(tiny(), outcomes, 1)
    assert loss == pytest.approx(np.log(OUTPUTS / len(outcomes)), abs=1e-4)
    assert right == (0 in outcomes)  # of twelve equal answers the first is given


def test_two_steps_favour_what_is_allowed_and_take_no_side_in_it() -> None:
    network = tiny()
    learnt(network, set(SHOES), 2)
    after = shares(network)
    shoes = after[list(SHOES)]
    assert shoes.min() == pytest.approx(shoes.max(), abs=1e-6)
    assert shoes.min() > 1 / OUTPUTS > np.delete(after, SHOES).max()


def test_edges_and_textures_stay_as_imagenet_left_them() -> None:
    network = tiny()
    frozen = network.get_layer(FROZEN)
    before = [weights.copy() for weights in frozen.get_weights()]
    learnt(network, {3}, 2)
    for old, new in zip(before, frozen.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert network.layers[-1].get_weights()[0].any()


def test_every_output_has_its_classes_of_imagenet() -> None:
    assert len(IMAGENET) == OUTPUTS
    assert not IMAGENET[NO_CLOTHING]
    named = [each for row in IMAGENET for each in row]
    assert len(named) == len(set(named))


def test_the_file_says_what_the_network_says() -> None:
    keras.utils.set_random_seed(3)
    network = color_classifier()
    view = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE, 3)).astype(np.uint8)

    logits = np.asarray(network(view[None].astype(np.float32), training=False))
    served = TfliteColorClassifier(to_tflite(network), interpreters=1).classify(view)

    assert logits.shape == (1, OUTPUTS)
    assert served.sum() == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(served, np.asarray(keras.ops.softmax(logits))[0], atol=0.02)
