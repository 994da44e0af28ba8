"""A card's figures, measured again on the file beside it."""

import json
from pathlib import Path

import pytest

from tests.training.small import entry_of, files_of, pictures
from training.cli import remeasure as module
from training.cli.remeasure import remeasure
from training.errors import TrainingError
from training.runs.history import Models
from training.runs.publish import publish


@pytest.fixture
def models(tmp_path: Path) -> Models:
    models = Models(tmp_path / "models")
    old = {"held_out": {"accuracy": 0.99}, "calibration": {"temperature": 1.5, "ece": 0.5}, "epochs": 7}
    files = files_of(3, "first", **old)
    publish(models, files, entry_of(files))
    return models


@pytest.fixture(autouse=True)
def _no_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "photo_examination", lambda *_: None)


def test_renews_the_figures_and_keeps_the_rest(models: Models, tmp_path: Path) -> None:
    measurement = remeasure(models.live(), pictures(), tmp_path)
    card = json.loads((models.folder / "card.json").read_text())
    assert card["held_out"] == {"images": 100, "accuracy": 0.1}
    assert card["test"]["accuracy"] == measurement.test.accuracy == 0.1
    assert card["calibration"]["temperature"] == 1.5
    assert card["calibration"]["ece"] == pytest.approx(0.8, abs=1e-3)
    assert card["epochs"] == 7
    assert card["version"] == "first"


def test_not_on_a_file_of_another_card(models: Models, tmp_path: Path) -> None:
    path = models.folder / "classifier.tflite"
    path.write_bytes(files_of(4, "x").model)
    with pytest.raises(TrainingError, match="not the card"):
        remeasure(models.live(), pictures(), tmp_path)


def test_not_without_the_photos_that_the_card_speaks_of(tmp_path: Path) -> None:
    models = Models(tmp_path / "others")
    files = files_of(3, "first", photos={"images": 5})
    publish(models, files, entry_of(files))
    with pytest.raises(TrainingError, match="photos are not in"):
        remeasure(models.live(), pictures(), tmp_path)
