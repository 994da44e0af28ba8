"""What tells clothing from anything else, by names that are not those of clothing."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("tensorflow")

import keras

from bot.vision.interpreter import InterpreterPool
from bot.vision.second_opinion import SIDE
from tests.training.test_second_opinion import example
from training.clothing import BAGS, clothing_ratios, likelihood, to_tflite
from training.second_opinion import plain_view

NAMES = 1000
SHIRT, CUP, PURSE = 610, 968, 748


def calls(name: int) -> keras.Model:
    """A network that gives every view the same name, nearly always."""
    photo = keras.Input((SIDE, SIDE, 3))
    names = keras.layers.Dense(NAMES, activation="softmax")
    network = keras.Model(photo, names(keras.layers.GlobalAveragePooling2D()(photo)))
    names.set_weights([np.zeros((3, NAMES)), np.eye(NAMES)[name] * 12])
    return network


def test_names_of_garments_and_bags_are_likelier_of_clothing() -> None:
    ratios = clothing_ratios(calls(SHIRT), [example("t-shirt"), example("dress")])

    assert ratios.mean() == pytest.approx(1, abs=1e-3)
    assert ratios[SHIRT] > 100
    assert all(ratios[bag] > 50 for bag in BAGS)
    assert np.median(ratios) < 0.1


def test_what_gets_no_name_of_clothing_is_none() -> None:
    ratios = clothing_ratios(calls(SHIRT), [example()])
    views = plain_view(example())[None].astype(np.float32)

    shirt, cup, purse = (np.asarray(likelihood(calls(name), ratios)(views))[0] for name in (SHIRT, CUP, PURSE))

    assert shirt[0] == purse[0] == 1
    assert cup[0] < 0.2
    assert max(shirt[1], cup[1]) < 0.05
    assert purse[1] > 0.95


def test_the_file_says_what_the_network_does() -> None:
    ratios = clothing_ratios(calls(SHIRT), [example()])
    view = plain_view(example()).astype(np.float32)

    said = [
        InterpreterPool(to_tflite(calls(name), ratios), input_shape=(1, SIDE, SIDE, 3), output_shapes=((1, 2),)).run(
            view
        )[0]
        for name in (SHIRT, CUP, PURSE)
    ]

    assert said[0] == pytest.approx([1, 0], abs=0.05)
    assert said[1] == pytest.approx([0.1, 0], abs=0.1)
    assert said[2] == pytest.approx([1, 1], abs=0.05)
