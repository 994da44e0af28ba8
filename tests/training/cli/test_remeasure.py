"""A card's figures, measured again on the file beside it."""

import json
from pathlib import Path

import pytest

from bot.registry.model_set import sha256
from tests.training.small import files_of, pictures, put_live
from training.cli import remeasure as module
from training.cli.remeasure import Calibrated, remeasure
from training.errors import TrainingError
from training.evaluation.metrics import Interval
from training.evaluation.street import PhotoCounts, street_scores
from training.evaluation.worn import BagScores, WornScores
from training.networks.sharpening import Sharpening
from training.runs.history import Models


@pytest.fixture
def models(tmp_path: Path) -> Models:
    models = Models(tmp_path / "models")
    old = {"held_out": {"accuracy": 0.99}, "calibration": {"temperature": 1.5, "ece": 0.5}, "epochs": 7}
    put_live(models, files_of(3, "first", **old))
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


def test_tells_of_people_and_bags_what_the_card_gets(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = street_scores(
        [PhotoCounts(True, False, sure=True, kinds=2, found=1, found_and_right=1, garments=1, meeting=1)]
    )
    seen = WornScores(street, BagScores(59, 0.5, 0.25, Interval(0.4, 0.6)))
    monkeypatch.setattr(module, "examine_worn", lambda *_: seen)
    figures = remeasure(models.live(), pictures(), tmp_path).figures()
    card = json.loads((models.folder / "card.json").read_text())
    assert figures.bags_named == card["bags"]["named"] == 0.5
    assert figures.street_top == card["street"]["top"] == street.top


def test_calibrated_anew_the_file_and_its_card_change_together(models: Models, tmp_path: Path) -> None:
    other = files_of(4, "x").model
    sharpening = Sharpening(temperature=1.25, strength=0.6, power=24.0, lead=4.7)

    measurement = remeasure(
        models.live(), pictures(), tmp_path, Calibrated(other, sharpening, {"sure": 0.9, "likely": 0.7})
    )

    live = models.live()
    assert live is not None
    assert live.model_path.read_bytes() == other
    card = json.loads((models.folder / "card.json").read_text())
    assert card["sha256"] == sha256(other) == card["networks"]["classifier.tflite"]["sha256"]
    assert card["bytes"] == len(other)
    assert card["thresholds"] == {"sure": 0.9, "likely": 0.7}
    assert card["calibration"] == {
        "temperature": 1.25, "strength": 0.6, "power": 24.0, "lead": 4.7, "ece": measurement.ece,
        "measured_on": "test images",
    }  # fmt: skip
    assert card["epochs"] == 7


def test_not_on_a_file_of_another_card(models: Models, tmp_path: Path) -> None:
    path = models.folder / "classifier.tflite"
    path.write_bytes(files_of(4, "x").model)
    with pytest.raises(TrainingError, match="not the card"):
        remeasure(models.live(), pictures(), tmp_path)


def test_not_without_the_photos_that_the_card_speaks_of(tmp_path: Path) -> None:
    models = Models(tmp_path / "others")
    put_live(models, files_of(3, "first", photos={"images": 5}))
    with pytest.raises(TrainingError, match="photos are not in"):
        remeasure(models.live(), pictures(), tmp_path)
