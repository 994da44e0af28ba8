"""A refresh from the command line: from the published weights, with people's corrections, through the gate."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("tensorflow")

from bot.registry.history import Event
from bot.registry.layout import KERAS_FILE, NETWORK_FILES
from bot.registry.model_set import ModelSet
from bot.storage.photos import encode_for_keeping
from bot.storage.storage import open_storage
from bot.storage.types import NewCorrection, Status
from bot.vision.fusion import Weights
from bot.vision.photo import Photo
from bot.vision.prediction import Prediction, Verdict
from tests.training.small import SMALL_DEPENDENCIES, Printed, Train, card_of, entry_of, files_of, put_live, set_of
from tests.training.small_training_set import PLAN, small_training_set
from training import presets
from training.cli.main import Dependencies, main
from training.data import gather
from training.data.replay import Replay
from training.engine import candidate, fit, photo_recipe
from training.errors import UNFIT
from training.evaluation.metrics import Interval
from training.evaluation.network_set import NetworkSet
from training.evaluation.street import StreetScores
from training.evaluation.worn import BagScores, WornScores
from training.networks import classifier
from training.networks.convert import from_keras_file, to_keras_file, to_tflite
from training.networks.sharpening import Sharpening
from training.presets import REFRESH_EPOCHS
from training.runs.history import Models
from training.runs.publish import publish

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of TensorFlow, with many names

STREET = StreetScores(
    images=4, top=0.75, interval=Interval(0.5, 1.0), refused=0.25, right_when_sure=1.0, found=0.5, found_and_right=0.5,
    precision=0.5,
)  # fmt: skip
PEOPLE = 8
"""Enough for somebody to be learnt from and somebody to be measured on."""


def small_network(*_: object) -> object:
    return classifier.residual_network((8, 8, 8), (0, 0, 0))


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


@pytest.fixture(scope="module")
def old() -> ModelSet:
    """A small model of a ``standard`` run."""
    network = small_network()
    tflite = to_tflite(classifier.published(network, Sharpening()))
    return set_of(tflite, to_keras_file(network), card_of(tflite, "old"))


@pytest.fixture
def models(tmp_path: Path, old: ModelSet) -> Models:
    """A models folder with that model."""
    models = Models(tmp_path / "models")
    publish(models, old, entry_of(old))
    return models


@pytest.fixture
def train(tmp_path: Path, models: Models, monkeypatch: pytest.MonkeyPatch) -> Train:
    """The command line over small data sets, with the real store of corrections."""
    nobody = gather.CalibrationPhotos([], [], [])
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setattr(photo_recipe, "gather", lambda *_: (small_training_set(), nobody))
    monkeypatch.setattr(presets, "PRESETS", presets.PRESETS | {"standard": PLAN})
    monkeypatch.setattr(photo_recipe, "calibrate", lambda *_: (Sharpening(), {"sure": 0.8, "likely": 0.5}))
    monkeypatch.setattr(fit, "build", small_network)
    monkeypatch.setattr(photo_recipe, "cached_replay", lambda *_: Replay([], np.zeros((0, 12), np.float32)))
    monkeypatch.setattr(photo_recipe, "refreshed", lambda published, *_: published)
    folders = ("--models-dir", str(models.folder), "--runs-dir", str(tmp_path / "runs"))
    return lambda *arguments: main([*arguments, *folders], Dependencies(**SMALL_DEPENDENCIES, root=tmp_path))


def test_corrections_are_learnt_from_counted_and_not_kept(
    train: Train, models: Models, corrected: list[bytes], tmp_path: Path
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


def test_starts_from_the_published_weights(train: Train, models: Models) -> None:
    before = from_keras_file(models.live().folder / KERAS_FILE).get_weights()
    assert train("--epochs", "1", "--force") == 0
    after = from_keras_file(models.live().folder / KERAS_FILE).get_weights()
    assert any(np.any(one != other) for one, other in zip(before, after, strict=True))
    kernels = [(one, other) for one, other in zip(before, after, strict=True) if one.ndim > 1]
    for one, other in kernels:
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.9  # random ones would have nothing in common


def test_hears_the_networks_as_the_published_set_does(
    train: Train, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, heard = models.live(), []
    limits = {"sure": 0.9, "likely": 0.5, "model_weight": 0.1, "color_weight": 1.5, "outside_bias": 0.5}
    card = {**live.card, "version": "heard", "thresholds": limits}
    put_live(models, set_of(live.model_path.read_bytes(), (live.folder / KERAS_FILE).read_bytes(), card))

    def calibrate(*given: Any) -> tuple[Sharpening, dict[str, float]]:
        heard.append(given[-1])
        return Sharpening(), limits

    monkeypatch.setattr(photo_recipe, "calibrate", calibrate)
    assert train("--epochs", "1", "--force") == 0
    assert heard == [Weights(0.1, 1.5, 0.5)]


def test_is_measured_against_the_best_that_was_ever_live(
    train: Train, models: Models, corrected: list[bytes], capsys: Printed
) -> None:
    old = models.live()
    better, again = (
        files_of(1, "better"),
        set_of(old.model_path.read_bytes(), (old.folder / KERAS_FILE).read_bytes(), dict(old.card)),
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


def test_what_is_not_found_again_is_left_out_and_counted(
    train: Train, corrected: list[bytes], tmp_path: Path, capsys: Printed
) -> None:
    storage = open_storage(None, "k" * 32, root=tmp_path)
    places = {PEOPLE: (0, 0, 60, 60), PEOPLE - 1: (100, 150, 180, 240)}
    answer = Prediction((0.0, 0.1, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0), Verdict.SURE)
    for user, box in places.items():
        elsewhere = storage.corrections.record_correction(user, NewCorrection(corrected[0], 6, answer, "old", box=box))
        storage.corrections.decide(elsewhere, Status.ACCEPTED)
    storage.close()
    assert train("--force") == 0
    (report,) = (tmp_path / "runs").glob("*/report.md")
    assert "Left out: 2, whose garment is not found again." in report.read_text(encoding="utf-8")


def test_with_nothing_to_learn_nothing_is_trained(train: Train, models: Models, capsys: Printed) -> None:
    live = models.live()
    assert train() == 0
    assert "Nothing to learn: there are no accepted corrections" in capsys.readouterr().out
    assert models.live() == live
    assert [entry.version for entry in models.history()] == ["old"]


def test_what_was_learnt_already_is_not_learnt_again(
    train: Train, models: Models, corrected: list[bytes], capsys: Printed
) -> None:
    assert train("--force") == 0
    live = models.live()
    assert train() == 0
    assert f"Nothing new to learn: {live.version} has learnt from these" in capsys.readouterr().out
    assert models.live() == live


def test_a_refresh_that_gains_nothing_is_not_published(train: Train, models: Models, corrected: list[bytes]) -> None:
    live = models.live()
    assert train() == 0
    assert models.live() == live
    entry = models.history()[-1]
    assert entry.event is Event.NOT_PUBLISHED
    assert any("before: nothing is gained" in reason for reason in entry.reasons)


def test_a_refresh_needs_the_weights(train: Train, models: Models, capsys: Printed) -> None:
    (models.live().folder / KERAS_FILE).unlink()
    assert train() == 2
    assert "to start from; train from scratch with --preset standard." in capsys.readouterr().err
    assert [entry.version for entry in models.history()] == ["old"]


def test_a_published_refresh_can_be_refreshed(train: Train, models: Models) -> None:
    assert train("--epochs", "1", "--force") == 0
    live = models.live()
    assert json.loads((live.folder / "card.json").read_text(encoding="utf-8"))["preset"] == "standard"
    assert len(from_keras_file(live.folder / KERAS_FILE).get_weights()) == len(small_network().get_weights())


def test_a_refreshed_set_is_described_whole(train: Train, models: Models) -> None:
    assert train("--epochs", "1", "--force") == 0
    live = models.live()
    assert set(live.card["networks"]) == set(NETWORK_FILES)
    assert live.problem() is None
    assert not {"street", "bags"} & set(live.card), "nobody has measured this set"


def test_a_refreshed_set_is_measured_on_people_and_bags(
    train: Train, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def examine(data_dir: Path, live: NetworkSet, progress: Callable[[int, int], None]) -> WornScores:
        progress(1, 2)
        assert live.networks.classify(np.zeros((160, 160, 3), np.uint8)).shape == (12,)
        asked.append((live.thresholds, live.version))
        return WornScores(STREET, BagScores(59, 0.5, 0.25, Interval(0.4, 0.6)))

    monkeypatch.setitem(SMALL_DEPENDENCIES, "worn_examination", examine)
    assert train("--epochs", "1", "--force") == 0
    live = models.live()
    assert live.card["bags"]["named"] == 0.5
    assert live.card["bags"]["interval"] == [0.4, 0.6]
    assert live.card["street"]["images"] == 4
    assert [thresholds for thresholds, _ in asked] == [{"sure": 0.8, "likely": 0.5}, {}], "and the live set, to compare"
    assert models.history()[-1].figures.street_top == STREET.top


def test_a_set_with_a_network_that_one_runtime_lacks_is_unfit(
    train: Train,
    models: Models,
    corrected: list[bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: Printed,
) -> None:
    problem = "segmenter.tflite: MEAN version 99: tflite-runtime 2.14.0 has versions 1 to 2"
    monkeypatch.setattr(candidate, "runtime_problems", lambda networks: (problem,))
    assert train("--epochs", "1") == UNFIT
    assert problem in capsys.readouterr().out
    assert models.live().version == "old"
