"""How two networks become one distribution."""

import numpy as np
import pytest

from bot.vision.fusion import Weights, fuse, fuse_all
from bot.vision.labels import CLASS_COUNT, NO_CLOTHING, OTHER_CLOTHING

EQUAL = Weights(model_weight=1.0, color_weight=1.0)


def answer(top: float, label: int = 3) -> np.ndarray:
    probabilities = np.full(CLASS_COUNT, (1 - top) / (CLASS_COUNT - 1))
    probabilities[label] = top
    return probabilities


def seen(top: float, label: int = 3, other_clothing: float = 0.0, nothing: float = 0.0) -> np.ndarray:
    return np.append(answer(top, label) * (1 - other_clothing - nothing), [other_clothing, nothing])


def everything(model: np.ndarray, color: np.ndarray | None, weights: Weights) -> float:
    told = fuse(model, color, weights)
    return sum(told.classes) + told.other_clothing + told.nothing


def test_shares_sum_to_one_whatever_the_networks_say() -> None:
    random = np.random.default_rng(1)
    for _ in range(50):
        model, color = random.dirichlet(np.full(10, 0.1)), random.dirichlet(np.full(12, 0.1))
        weights = Weights(random.uniform(0, 2), random.uniform(0, 2), random.uniform(-3, 3))
        assert everything(model, color, weights) == pytest.approx(1)
        assert everything(model, None, weights) == pytest.approx(1)


@pytest.mark.parametrize("label", [5, OTHER_CLOTHING, NO_CLOTHING])
def test_certainties_that_contradict_break_nothing(label: int) -> None:
    color = np.eye(12)[label]
    told = fuse(np.eye(10)[2], color, EQUAL)

    assert np.isfinite([*told.classes, told.other_clothing, told.nothing]).all()
    assert everything(np.eye(10)[2], color, EQUAL) == pytest.approx(1)


def test_without_colour_the_model_is_heard_alone_and_knows_of_nothing_outside() -> None:
    told = fuse(answer(0.7), None, Weights(model_weight=0.3, outside_bias=2.0))

    assert told.classes == pytest.approx(tuple(answer(0.7)))
    assert (told.other_clothing, told.nothing, told.outside) == (0.0, 0.0, 0.0)


def test_a_network_without_weight_is_not_heard_on_the_ten() -> None:
    model, color = answer(0.7, label=3), seen(0.6, label=6)

    assert fuse(model, color, Weights(1.0, 0.0)).classes == pytest.approx(tuple(answer(0.7, label=3)), abs=1e-5)
    assert fuse(model, color, Weights(0.0, 1.0)).classes == pytest.approx(tuple(answer(0.6, label=6)), abs=1e-5)


def test_the_network_in_colour_decides_between_two_candidates() -> None:
    torn = np.array([0.45, 0.01, 0.02, 0.01, 0.02, 0.01, 0.44, 0.01, 0.02, 0.01])

    told = fuse(torn, seen(0.8, label=6), EQUAL)

    assert int(np.argmax(told.classes)) == 6
    assert max(told.classes) > 0.8


def test_two_that_agree_are_surer_than_one() -> None:
    assert max(fuse(answer(0.7), seen(0.7), EQUAL).classes) > 0.9


def test_the_share_outside_is_the_word_of_the_network_in_colour() -> None:
    color = seen(0.9, other_clothing=0.3, nothing=0.1)

    for model in (answer(0.99), answer(0.2, label=8)):
        told = fuse(model, color, Weights())
        assert told.outside == pytest.approx(0.4, abs=1e-4)
        assert told.other_clothing == pytest.approx(0.3, abs=1e-4)
        assert told.nothing == pytest.approx(0.1, abs=1e-4)
        assert sum(told.classes) == pytest.approx(0.6, abs=1e-4)


def test_the_outside_bias_is_added_to_its_log_odds() -> None:
    color = seen(0.9, other_clothing=0.3, nothing=0.1)

    for bias in (-1.5, 0.0, 0.7):
        told = fuse(answer(0.8), color, Weights(outside_bias=bias))
        odds = told.outside / (1 - told.outside)
        assert np.log(odds) == pytest.approx(np.log(0.4 / 0.6) + bias, abs=1e-4)
        assert told.other_clothing / told.nothing == pytest.approx(3, rel=1e-3)


def test_many_are_joined_as_each_alone() -> None:
    random = np.random.default_rng(2)
    models, colors = random.dirichlet(np.ones(10), 5), random.dirichlet(np.ones(12), 5)

    told = fuse_all(models, colors, Weights())

    assert told.shape == (5, 12)
    assert told.sum(1) == pytest.approx(np.ones(5))
    for row, model, color in zip(told, models, colors, strict=True):
        one = fuse(model, color, Weights())
        assert row == pytest.approx(np.array([*one.classes, one.other_clothing, one.nothing]))


def test_many_without_colour() -> None:
    told = fuse_all(np.stack([answer(0.5), answer(0.9, label=1)]), None, Weights())

    assert told.shape == (2, 12)
    assert (told[:, CLASS_COUNT:] == 0).all()
    assert told.argmax(1).tolist() == [3, 1]


def test_a_card_may_lack_weights_or_know_more() -> None:
    read = Weights.from_card({"model_weight": 0.25, "outside_bias": -0.5, "sure": 0.9, "of_next_year": 1.0})

    assert read == Weights(model_weight=0.25, color_weight=Weights().color_weight, outside_bias=-0.5)
    assert Weights.from_card({}) == Weights()
