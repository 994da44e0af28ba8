import json

import numpy as np
import pytest

from bot.course.numpy_training import TrainingSettings, initial_network
from bot.course.own_network import DamagedNetwork, OwnNetwork, packed, unpacked
from bot.course.recorded_runs import CourseNetwork, Epoch
from bot.storage.networks import MAX_WEIGHT_BYTES

EPOCHS = (Epoch(1, 0.5, 0.8, 0.45, 0.82), Epoch(2, 0.4, 0.85, 0.42, 0.84))


def pixels(count: int = 20) -> np.ndarray:
    return np.random.default_rng(5).random((count, 28, 28), np.float32)


def network(neurons: int = 32) -> CourseNetwork:
    return initial_network(neurons, np.random.default_rng(7))


def test_it_comes_back_from_json_and_bytes_as_it_was() -> None:
    own = OwnNetwork(TrainingSettings(neurons=32, epochs=2, target_accuracy=0.95), network(), EPOCHS)
    record = json.loads(json.dumps(own.record))
    again = OwnNetwork.read(packed(own.network), record)
    assert again.settings == own.settings
    assert again.epochs == EPOCHS
    np.testing.assert_allclose(again.probabilities(pixels()), own.probabilities(pixels()), atol=2e-3)


def test_sixteen_bits_are_enough_and_not_too_many() -> None:
    assert len(packed(network(128))) == 2 * (784 * 128 + 128 + 128 * 10 + 10)
    assert len(packed(network(512))) <= MAX_WEIGHT_BYTES


def test_what_sixteen_bits_cannot_hold_stays_a_number() -> None:
    wild = network(8)
    wild.hidden_kernel[0, :2] = 1e9, np.nan
    assert np.isfinite(unpacked(packed(wild), 8).hidden_kernel).all()


def test_a_network_that_learnt_0_to_255_is_asked_so() -> None:
    settings = TrainingSettings(neurons=32, normalise=False)
    own = OwnNetwork(settings, network(), EPOCHS)
    np.testing.assert_allclose(own.probabilities(pixels()), network().probabilities(pixels() * 255), atol=1e-6)


def test_its_run_is_told_like_the_courses_own() -> None:
    run = OwnNetwork(TrainingSettings(neurons=32, epochs=2), network(), EPOCHS).run
    assert (run.neurons, run.last, run.turning_point.number) == (32, EPOCHS[-1], 2)


@pytest.mark.parametrize(
    ("weights", "record"),
    [
        (b"short", {}),
        (packed(network(8)), {"settings": {"neurons": 32}, "epochs": []}),
        (packed(network(8)), {"settings": {"neurons": 8}, "epochs": []}),
        (packed(network(8)), {"settings": {"neurons": 8}, "epochs": [{"number": 1}]}),
        (packed(network(8)), {"settings": {"neurons": 8, "colour": "red"}, "epochs": []}),
        (b"\x00\x7c" * (len(packed(network(8))) // 2), {"settings": {"neurons": 8}, "epochs": []}),
    ],
)
def test_what_is_damaged_is_told_apart(weights: bytes, record: dict[str, object]) -> None:
    with pytest.raises(DamagedNetwork):
        OwnNetwork.read(weights, record)
