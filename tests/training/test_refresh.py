"""A refresh from the command line: from the published weights, with people's corrections, through the gate."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("tensorflow")

from bot.corrections.photos import encode_for_keeping
from bot.corrections.storage import open_storage
from bot.corrections.types import NewCorrection, Status
from bot.vision.photo import Photo
from bot.vision.prediction import Prediction, Verdict
from bot.vision.verdicts import Thresholds
from tests.training.small import card_of, entry_of, files_of, pictures
from tests.training.small_world import RECIPE, small_world
from training import both_worlds, fit, gather, networks
from training.cli import Workshop, main
from training.convert import from_keras_file, to_keras_file, to_tflite
from training.history import KERAS_MODEL, Event, Models
from training.presets import REFRESH_EPOCHS
from training.publish import ModelFiles, publish

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of TensorFlow, with many names

PEOPLE = 8
"""Enough for somebody to be learnt from and somebody to be measured on."""


def small_network(*_: object) -> object:
    return networks.residual_network((8, 8, 8), (0, 0, 0))


def photo_of_a_shirt() -> Photo:
    pixels = np.full((240, 180, 3), 235, np.uint8)
    cv2.fillPoly(
        pixels,
        [np.array([[40, 60], [70, 40], [110, 40], [140, 60], [155, 110], [130, 115], [130, 210], [50, 210], [50, 115],
                   [25, 110]])],
        (40, 60, 150),
    )  # fmt: skip
    return Photo(pixels)


@pytest.fixture
def corrected(tmp_path: Path) -> list[bytes]:
    """Photos that people corrected with consent; an admin accepted all but the last."""
    storage = open_storage(None, "k" * 32, root=tmp_path)
    storage.prepare()
    kept = encode_for_keeping(photo_of_a_shirt())
    answer = Prediction((0.0, 0.1, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0), Verdict.SURE)
    ids = []
    for user in range(1, PEOPLE + 2):
        storage.corrections.grant_consent(user, "1")
        new = NewCorrection(kept, 6, answer, "old", box=(25, 40, 155, 210))
        ids.append(storage.corrections.record_correction(user, new))
    for each in storage.corrections.pending():
        storage.corrections.decide(each.id, Status.REJECTED if each.id == max(ids) else Status.ACCEPTED)
    storage.close()
    return [kept]


@pytest.fixture
def models(tmp_path: Path) -> Models:
    """A models folder with a small model of a ``standard`` run."""
    models = Models(tmp_path / "models")
    network = small_network()
    tflite = to_tflite(networks.published(network, 1.0))
    files = ModelFiles(tflite, to_keras_file(network), card_of(tflite, "old"))
    publish(models, files, entry_of(files))
    return models


@pytest.fixture
def train(tmp_path: Path, models: Models, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command line over a small world, with the real store of corrections."""
    nobody = gather.CalibrationPhotos([], [])
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setattr(both_worlds, "gather", lambda *_: (small_world(), nobody))
    monkeypatch.setattr(both_worlds, "recipe_for", lambda plan: replace(RECIPE, epochs=plan.epochs, peak_rate=0.01))
    monkeypatch.setattr(both_worlds, "calibrate", lambda *_: (1.0, Thresholds()))
    monkeypatch.setattr(fit, "build", small_network)
    workshop = Workshop(load_pictures=lambda *_: pictures(), photo_examination=lambda _: None, root=tmp_path)
    folders = ("--models-dir", str(models.folder), "--runs-dir", str(tmp_path / "runs"))
    return lambda *arguments: main([*arguments, *folders], workshop)


def test_corrections_are_learnt_from_counted_and_not_kept(
    train: Callable[..., int], models: Models, corrected: list[bytes], tmp_path: Path
) -> None:
    assert train("--force") == 0
    live = models.live()
    assert live.version != "old"
    assert live.card["refreshed"]
    assert live.card["epochs"] == REFRESH_EPOCHS
    assert live.card["corrections"] == PEOPLE

    (folder,) = (tmp_path / "runs").glob("*/report.md")
    page = folder.read_text(encoding="utf-8")
    assert "Corrections: " in page
    assert "learnt from (right before and now: " in page
    assert "kept apart to measure (right before and now: " in page
    assert f"{PEOPLE} " not in page.partition("Corrections: ")[2].partition(" learnt")[0]  # somebody is kept apart

    for path in [path for root in ("runs", "models") for path in (tmp_path / root).rglob("*") if path.is_file()]:
        assert corrected[0][:400] not in path.read_bytes(), path


def test_starts_from_the_published_weights(train: Callable[..., int], models: Models) -> None:
    before = from_keras_file(models.live().folder / KERAS_MODEL).get_weights()
    assert train("--epochs", "1", "--force") == 0
    after = from_keras_file(models.live().folder / KERAS_MODEL).get_weights()
    assert any(np.any(one != other) for one, other in zip(before, after, strict=True))
    kernels = [(one, other) for one, other in zip(before, after, strict=True) if one.ndim > 1]
    for one, other in kernels:
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.9  # random ones would have nothing in common


def test_is_measured_against_the_best_that_was_ever_live(
    train: Callable[..., int], models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    old = models.live()
    better, again = (
        files_of(1, "better"),
        ModelFiles(old.model_path.read_bytes(), (old.folder / KERAS_MODEL).read_bytes(), dict(old.card)),
    )
    publish(models, better, entry_of(better, held_out_accuracy=0.99))
    publish(models, again, entry_of(again))
    live = models.live()
    assert train("--epochs", "1") == 0
    assert models.live() == live
    entry = models.history()[-1]
    assert entry.event is Event.NOT_PUBLISHED
    assert [reason for reason in entry.reasons if "worse than better, more than the allowed 0.3" in reason]
    told = capsys.readouterr().out
    assert "is not published, no better than what is there" in told
    assert "Corrections" not in told  # nobody corrected anything


def test_a_refresh_needs_the_weights(
    train: Callable[..., int], models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    (models.live().folder / KERAS_MODEL).unlink()
    assert train() == 2
    assert "to start from; train from scratch with --preset standard." in capsys.readouterr().err
    assert [entry.version for entry in models.history()] == ["old"]


def test_a_published_refresh_can_be_refreshed(train: Callable[..., int], models: Models) -> None:
    assert train("--epochs", "1", "--force") == 0
    live = models.live()
    assert json.loads((live.folder / "card.json").read_text(encoding="utf-8"))["preset"] == "standard"
    assert len(from_keras_file(live.folder / KERAS_MODEL).get_weights()) == len(small_network().get_weights())
