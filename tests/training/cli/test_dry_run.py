"""What would be learnt and how long it would take, before anything is."""

import re
from pathlib import Path

import numpy as np
import pytest

from bot.storage.photos import encode_for_keeping
from bot.storage.storage import open_storage
from bot.storage.types import NewCorrection, Status
from bot.vision.photo import Photo
from bot.vision.prediction import Prediction, Verdict
from tests.training.small import files_of, put_live
from training.cli.main import Dependencies, main
from training.engine.estimates import estimate
from training.presets import plan_for
from training.runs.folders import EpochRecord, Run
from training.runs.history import Models


@pytest.fixture
def folders(tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "runs").mkdir()
    names = ("models", "runs", "data")
    return tuple(part for name in names for part in (f"--{name}-dir", str(tmp_path / name)))


@pytest.fixture
def dependencies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dependencies:
    monkeypatch.setenv("DATABASE_URL", "")

    def never(*_: object) -> None:
        pytest.fail("the work began")

    return Dependencies(load_fashion_mnist=never, root=tmp_path)


def facts(told: str) -> dict[str, str]:
    return {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1].strip() for line in told.splitlines()}


def test_a_lesson(
    folders: tuple[str, ...], dependencies: Dependencies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_live(Models(tmp_path / "models"), files_of(4, "old", thresholds={"color_weight": 1.0}))
    before = sorted(tmp_path.rglob("*"))
    lesson = ("--dry-run", "--preset", "lesson", "--neurons", "64", *folders)
    assert main(lesson, dependencies) == 0
    told = facts(capsys.readouterr().out)
    assert told["would"] == "train lesson from scratch, 5 epochs"
    assert told["settings"] == "neurons 64"
    assert "would be fetched" in told["images"]
    assert told["takes"].startswith("about 2 min")
    assert told["then"] == "not published: lesson is for teaching, and old is live"
    assert "photos" not in told
    assert main((*lesson, "--force"), dependencies) == 0
    told = facts(capsys.readouterr().out)
    assert "in place of old" in told["then"]
    assert told["lost"]
    assert sorted(tmp_path.rglob("*")) == before, "nothing is written"


def test_a_training_from_scratch_with_corrections(
    folders: tuple[str, ...], dependencies: Dependencies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    storage = open_storage(None, None, root=tmp_path)
    storage.corrections.grant_consent(1, "1")
    for shade in (40, 80):
        photo = encode_for_keeping(Photo(np.full((40, 30, 3), shade, np.uint8)))
        prediction = Prediction((0.1,) * 10, Verdict.SURE)
        storage.corrections.record_correction(1, NewCorrection(photo, 1, prediction, "v"))
    storage.corrections.decide(storage.corrections.pending()[0].id, Status.ACCEPTED)
    storage.close()
    assert main(("--dry-run", "--preset", "standard", *folders), dependencies) == 0
    told = facts(capsys.readouterr().out)
    assert "1 accepted to learn from, 0 kept apart" in told["corrections"] or "0 accepted" in told["corrections"]
    assert "others wait" in told["corrections"]
    assert "would be fetched" in told["photos"]
    assert "there is no model" in told["then"]


def test_what_is_not_found_again_is_told_beforehand(
    folders: tuple[str, ...], dependencies: Dependencies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    storage = open_storage(None, None, root=tmp_path)
    photo = encode_for_keeping(Photo(np.full((40, 30, 3), 80, np.uint8)))
    for user, box in ((1, None), (2, (0, 0, 9, 9)), (3, (0, 0, 9, 9))):
        storage.corrections.grant_consent(user, "1")
        correction = NewCorrection(photo, 1, Prediction((0.1,) * 10, Verdict.SURE), "v", box=box)
        storage.corrections.decide(storage.corrections.record_correction(user, correction), Status.ACCEPTED)
    storage.close()
    assert main(("--dry-run", "--preset", "standard", *folders), dependencies) == 0
    told = facts(capsys.readouterr().out)
    assert "2 left out, whose garment is not found again" in told["corrections"]
    assert sum(int(number) for number in re.findall(r"(\d+) (?:accepted|kept)", told["corrections"])) == 1


def test_a_run_to_go_on_with(
    folders: tuple[str, ...], dependencies: Dependencies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run.create(tmp_path / "runs", plan_for("lesson"), events=False)
    assert main(("--dry-run", "--resume", *folders), dependencies) == 0
    assert facts(capsys.readouterr().out)["would"] == f"go on with {run.name} after 0 of 5 epochs"
    run.lock()  # it is free again
    run.close()


def test_the_time_is_that_of_the_last_run_of_the_kind(tmp_path: Path) -> None:
    plan = plan_for("lesson", epochs=10)
    assert estimate(plan, tmp_path).seconds == pytest.approx(142)
    for seconds, neurons in ((2.0, 128), (9.0, 64)):
        run = Run.create(tmp_path, plan_for("lesson", epochs=2, neurons=neurons), events=False)
        for epoch in (1, 2):
            run.log_epoch(EpochRecord(epoch, 0.5, 0.8, seconds=seconds))
        run.finish({"state": "done", "seconds": 50})
    expected = estimate(plan, tmp_path)
    assert expected.seconds == pytest.approx(10 * 2 + 46)
    assert (
        expected.source
        == "as " + next(path.name for path in tmp_path.iterdir() if path.name.endswith("-1")) + " took here"
    )
    assert estimate(plan, tmp_path, epochs_done=4).seconds == pytest.approx(6 * 2 + 46)
    assert estimate(plan_for("lesson", trials=3, epochs=2), tmp_path).seconds == pytest.approx(3 * 2 * 2 + 46)
