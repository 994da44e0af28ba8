"""The search over hyperparameters: its table, its resuming, its sharing between processes."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.training.small import SMALL_DEPENDENCIES, pictures
from training.cli.main import Dependencies, main
from training.engine.trial_settings import settings_of_trial
from training.presets import STANDARD, plan_for
from training.runs.folders import Run, list_runs

ROOT = Path(__file__).resolve().parents[3]
SMALL = Dependencies(**SMALL_DEPENDENCIES)

pytestmark = [pytest.mark.timeout(900), pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    run = Run.create(tmp_path, plan_for("lesson", trials=3), events=False)
    yield run
    run.close()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_tries_settings_and_sorts_them(run: Run) -> None:
    from training.engine.tune import search, table

    asked: list[Mapping[str, float]] = []

    def judge(settings: Mapping[str, float], name: str) -> float:
        asked.append(settings)
        return settings["neurons"] / 1000

    trials = search(run, judge)
    assert len(asked) == len(trials) == 3
    assert all(16 <= each["neurons"] <= 512 and 1e-4 <= each["learning_rate"] <= 1e-2 for each in asked)
    assert [trial.score for trial in trials] == sorted((each["neurons"] / 1000 for each in asked), reverse=True)
    assert table(trials)[0] == ("trial", "held out", "learning rate", "neurons")
    assert len(rows(run.folder / "trials.csv")) == 3
    assert (run.folder / "trials.png").stat().st_size > 5000
    assert settings_of_trial("best", run.folder.parent) == ("lesson", dict(trials[0].settings))


def test_an_interrupted_search_goes_on(run: Run) -> None:
    from training.engine.tune import search

    names: list[str] = []

    def interrupted(settings: Mapping[str, float], name: str) -> float:
        names.append(name)
        if len(names) == 2:
            raise KeyboardInterrupt
        return 0.5

    with pytest.raises(KeyboardInterrupt):
        search(run, interrupted)

    def judge(settings: Mapping[str, float], name: str) -> float:
        names.append(name)
        return 0.6

    trials = search(Run.open(run.folder, events=False), judge)
    assert sorted(trial.score for trial in trials) == [0.5, 0.6, 0.6]
    assert names[1] == names[2]  # the trial that was interrupted, under its name


def test_a_failed_trial_is_told_and_the_search_goes_on(run: Run) -> None:
    from training.engine.tune import search, table

    calls: list[str] = []

    def judge(settings: Mapping[str, float], name: str) -> float:
        calls.append(name)
        if len(calls) == 1:
            raise ValueError("diverged")
        return 0.5

    trials = search(run, judge)
    assert [trial.score for trial in trials] == [0.5, 0.5, None]
    assert table(trials)[-1][1] == "failed"


def test_the_larger_recipes_vary_width_rate_and_augmentation() -> None:
    from training.engine.tune import space

    assert set(space(STANDARD).values) == {"learning_rate", "width", "augmentation"}


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = ("--models-dir", str(tmp_path / "models"), "--runs-dir", str(tmp_path / "runs"))
    assert main(["--preset", "lesson", "--tune", "2", "--epochs", "1", *folders], SMALL) == 0
    told = capsys.readouterr().out
    assert told.index("trial 1 of 2: epochs 1, learning_rate ") < told.index("trial 2 of 2: ")
    assert "Trials, best first" in told
    (run,) = list_runs(tmp_path / "runs")
    assert run.outcome["state"] == "searched"
    assert run.outcome["score"] > 0.5
    assert not (tmp_path / "models" / "classifier.tflite").exists()
    assert main(["runs", *folders], SMALL) == 0
    assert "searched" in capsys.readouterr().out


def test_a_chief_and_a_worker_share_a_search(tmp_path: Path) -> None:
    port = free_port()
    shared = {"KERASTUNER_ORACLE_IP": "127.0.0.1", "KERASTUNER_ORACLE_PORT": str(port)}
    lesson = ("--preset", "lesson", "--tune", "2", "--epochs", "1", "--models-dir", tmp_path / "models")
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.training.small_training", *lesson, "--runs-dir", tmp_path / name],
            cwd=ROOT,
            env=os.environ | shared | {"KERASTUNER_TUNER_ID": name},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for name in ("chief", "worker")
    ]
    try:
        told = [process.communicate()[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0, 0], told
    (folder,) = (tmp_path / "chief").iterdir()
    assert len(rows(folder / "trials.csv")) == 2
    assert json.loads((folder / "outcome.json").read_text())["trials"] == 2
    assert len(list((tmp_path / "worker").rglob("last.npz"))) == 2  # the worker trained, the chief handed out


def test_a_trial_of_the_larger_recipes_is_scored_on_held_out_images_and_photos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the score is held-out pictures, half photos of people who are not learnt from."""
    from bot.registry.layout import SHIPPED_MODELS
    from tests.training.small_training_set import PLAN, small_training_set
    from training.data import gather
    from training.engine import fit, trials
    from training.networks import classifier

    data = pictures()
    run = Run.create(tmp_path, replace(PLAN, trials=1, epochs=1), events=False)
    strangers = gather.CalibrationPhotos(
        [Path("a"), Path("b"), Path("c")], [frozenset({0}), frozenset(), frozenset({1})], [True] * 3
    )
    monkeypatch.setattr(gather, "gather", lambda *_: (small_training_set(), strangers))
    monkeypatch.setattr(trials, "_as_the_bot_sees", lambda paths, _: data.test.images[: len(paths)] / 255)
    monkeypatch.setattr(fit, "build", lambda *_: classifier.residual_network((8, 8, 8), (0, 0, 0)))
    score = trials.judge_for(run, data, tmp_path, SHIPPED_MODELS)({"learning_rate": 0.05}, "trial-1")
    assert 0 <= score <= 1
    assert (run.folder / "trials" / "trial-1" / "checkpoints" / "last.npz").exists()
