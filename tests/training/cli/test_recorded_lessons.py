"""What is committed under models/lesson, as the bot reads it, against the data it was measured on."""

import json
from pathlib import Path

import numpy as np
import pytest

from bot.datasets import as_pixels, load_test
from training.cli.record_lessons import EXPERIMENTS, WEIGHTS
from training.engine.lesson import RECORDED
from training.evaluation.measure import load_classifier

LARGEST_WEIGHTS = 500_000


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_is_recorded(name: str) -> None:
    record = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    plan = record["plan"]
    assert {key: plan[key] for key in EXPERIMENTS[name]} == EXPERIMENTS[name]
    assert [row["epoch"] for row in record["epochs"]] == list(range(1, plan["epochs"] + 1))
    assert record["parameters"] == 785 * plan["neurons"] + 10 * (plan["neurons"] + 1)
    assert np.array(record["file"]["confusion"]).sum() == 10_000
    assert sum(record["file"]["first_probabilities"]) == pytest.approx(1, abs=1e-3)


def test_five_epochs_learn_and_fifty_learn_by_heart() -> None:
    five, fifty = (json.loads((RECORDED / f"{name}.json").read_text()) for name in ("5-epochs", "50-epochs"))
    assert five["epochs"][-1]["accuracy"] == pytest.approx(0.89, abs=0.01)
    assert five["file"]["test_accuracy"] == pytest.approx(0.875, abs=0.015)
    assert five["overfitting"] is None
    assert fifty["epochs"][-1]["accuracy"] == pytest.approx(0.96, abs=0.01)
    assert fifty["file"]["test_accuracy"] == pytest.approx(0.88, abs=0.01)
    assert fifty["overfitting"].startswith("過擬合（overfitting）")


@pytest.mark.parametrize(("file", "name"), [("weights.npz", "5-epochs"), ("weights-50-epochs.npz", "50-epochs")])
def test_the_weights_give_the_recorded_accuracy(file: str, name: str, fashion_mnist_dir: Path) -> None:
    path = RECORDED / file
    assert path.stat().st_size <= LARGEST_WEIGHTS
    with np.load(path, allow_pickle=False) as arrays:
        first, first_bias, second, second_bias = (arrays[each].astype(np.float32) for each in WEIGHTS)
    test = load_test(fashion_mnist_dir)
    pixels = test.images.reshape(len(test), -1).astype(np.float32) / 255
    answers = (np.maximum(pixels @ first + first_bias, 0) @ second + second_bias).argmax(axis=1)
    recorded = json.loads((RECORDED / f"{name}.json").read_text())["epochs"][-1]["val_accuracy"]
    assert float((answers == test.labels).mean()) == pytest.approx(recorded, abs=0.002)


def test_the_file_of_fifty_epochs_is_fit(fashion_mnist_dir: Path) -> None:
    """It agrees less with its network than other models do: many pictures lie between two classes."""
    pytest.importorskip("tensorflow")
    from training.engine.lesson import build_network
    from training.evaluation.gate import unfit_reasons
    from training.evaluation.measure import answers
    from training.networks.convert import to_tflite

    network = build_network(128)
    with np.load(RECORDED / "weights-50-epochs.npz", allow_pickle=False) as arrays:
        network.set_weights([arrays[each].astype(np.float32) for each in WEIGHTS])
    test, file = load_test(fashion_mnist_dir), to_tflite(network)
    of_file = answers(load_classifier(file), test)
    of_network = network.predict(as_pixels(test.images), verbose=0)
    agreement = float((of_file.argmax(axis=1) == of_network.argmax(axis=1)).mean())
    assert agreement < 0.995
    assert unfit_reasons(file, of_file, of_network, test.labels) == ()


def test_the_network_to_download_is_the_recorded_one(fashion_mnist_dir: Path) -> None:
    record = json.loads((RECORDED / "5-epochs.json").read_text(encoding="utf-8"))["file"]
    content = (RECORDED / "5-epochs.tflite").read_bytes()
    classifier, test = load_classifier(content), load_test(fashion_mnist_dir)
    pixels = as_pixels(test.images)
    said = classifier.probabilities(pixels)
    assert len(content) == record["bytes"]
    assert said[0] == pytest.approx(record["first_probabilities"], abs=1e-4)
    assert float((said.argmax(axis=1) == test.labels).mean()) == pytest.approx(record["test_accuracy"], abs=0.001)
