import json
from pathlib import Path

import numpy as np
import pytest

from bot.course.recorded_runs import (
    TEST_IMAGES,
    TRAIN_IMAGES,
    CourseNetwork,
    Lessons,
    course_pixels,
    softmax,
    weights_of,
)
from bot.datasets import load_test, load_train
from bot.settings import PROJECT_ROOT
from tests.conftest import needs

RECORDED = PROJECT_ROOT / "models" / "lesson"


@pytest.fixture(scope="module")
def recorded() -> Lessons:
    needs((RECORDED / "5-epochs.json").is_file(), "record the course: python -m training.cli.record_lessons")
    return Lessons.read(RECORDED)


def write(folder: Path, name: str, accuracies: list[float], **plan: object) -> None:
    epochs = [
        {"epoch": number, "loss": 0.5, "accuracy": accuracy, "val_loss": 0.4 / number, "val_accuracy": 0.8}
        for number, accuracy in enumerate(accuracies, start=1)
    ]
    plan = {"neurons": 128, "normalise": True, "batch_size": 32} | plan
    (folder / f"{name}.json").write_text(json.dumps({"plan": plan, "epochs": epochs}))


def test_runs_are_found_by_what_they_did(tmp_path: Path) -> None:
    write(tmp_path, "5-epochs", [0.8, 0.9])
    write(tmp_path, "50-epochs", [0.8, 0.9, 0.96])
    write(tmp_path, "plain", [0.7, 0.75], normalise=False)
    write(tmp_path, "wide", [0.8, 0.9], neurons=512)
    write(tmp_path, "narrow", [0.8, 0.85], neurons=8)
    lessons = Lessons.read(tmp_path)
    assert lessons.short is not None
    assert lessons.long is not None
    assert lessons.not_normalised is not None
    assert [run.neurons for run in lessons.widths] == [8, 128, 512]
    stop = lessons.long.first_above(0.95)
    assert stop is not None
    assert stop.number == 3
    assert lessons.short.first_above(0.95) is None
    assert lessons.long.turning_point.number == 3
    assert lessons.short.weights == 101_770 == weights_of(128)
    assert lessons.short.seconds is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"epochs": []}', '{"plan": {}, "epochs": [{}]}', "\x00"])
def test_a_damaged_file_is_left_out(tmp_path: Path, content: str) -> None:
    write(tmp_path, "50-epochs", [0.8])
    for name in ("5-epochs.json", "photos.json", "weights.npz"):
        (tmp_path / name).write_text(content)
    lessons = Lessons.read(tmp_path)
    assert list(lessons.runs) == ["50-epochs"]
    assert lessons.network is None
    assert lessons.photos is None


def test_nothing_recorded_is_no_error(tmp_path: Path) -> None:
    assert Lessons.read(tmp_path / "nowhere") == Lessons()


def test_a_foreign_network_is_refused(tmp_path: Path) -> None:
    wrong = np.zeros((784, 3), np.float32)
    with pytest.raises(ValueError, match="not the course's network"):
        CourseNetwork(wrong, wrong, wrong, wrong)
    np.savez(tmp_path / "weights.npz", hidden_kernel=wrong, hidden_bias=wrong, output_kernel=wrong, output_bias=wrong)
    assert Lessons.read(tmp_path).network is None


def test_softmax_gives_shares() -> None:
    shares = softmax(np.array([1000.0, 999.0, -1000.0], np.float32))
    assert shares.sum() == pytest.approx(1)
    assert shares[0] / shares[1] == pytest.approx(np.e, rel=1e-4)


def test_a_photo_in_the_courses_way_keeps_its_background() -> None:
    pixels = course_pixels(np.full((40, 60, 3), 200, np.uint8))
    assert pixels.shape == (28, 28)
    assert pixels.dtype == np.float32
    assert pixels.min() == pytest.approx(200 / 255)


def test_the_recorded_runs_serve_every_step(recorded: Lessons) -> None:
    assert recorded.short is not None
    assert recorded.long is not None
    assert recorded.long.last.number == 50
    assert recorded.not_normalised is not None
    assert len(recorded.widths) >= 4
    assert recorded.network is not None
    assert recorded.network.weights == recorded.short.weights
    assert recorded.photos is not None


def test_the_recorded_network_is_the_recorded_run(recorded: Lessons, fashion_mnist_dir: Path) -> None:
    assert recorded.network is not None
    assert recorded.short is not None
    test = load_test(fashion_mnist_dir)
    answers = recorded.network.scores(test.images[:2000].astype(np.float32) / 255).argmax(axis=1)
    assert (answers == test.labels[:2000]).mean() == pytest.approx(recorded.short.last.test_accuracy, abs=0.02)


def test_the_number_of_training_images_is_the_data_sets(fashion_mnist_dir: Path) -> None:
    assert len(load_train(fashion_mnist_dir)) == TRAIN_IMAGES
    assert len(load_test(fashion_mnist_dir)) == TEST_IMAGES
