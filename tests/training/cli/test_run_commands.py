"""One run in full, two side by side, runs deleted: for people and for programs."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.training.small import pictures
from training.cli.main import main
from training.data.fashion_mnist import FashionMnist
from training.presets import plan_for
from training.runs.folders import EpochRecord, Run
from training.runs.provenance import data_fingerprint, git_commit

DATA = {"test": "a" * 64, "held_out": "b" * 64, "photos": "c" * 64}
FIGURES = {"test_accuracy": 0.95, "held_out_accuracy": 0.94, "balanced_accuracy": 0.85, "photo_ece": None}


def make_run(runs_dir: Path, *, data: object = None, figures: object = None, **changes: object) -> Run:
    about = {"commit": "f" * 40} | ({"data": data} if data else {})
    run = Run.create(runs_dir, plan_for("standard", **changes), command=["--epochs", "2"], about=about, events=False)
    run.log_epoch(EpochRecord(1, 0.5, 0.8, 0.6, 0.79))
    if figures:
        run.finish({"state": "published", "version": "v1", "figures": figures, "reasons": ["it was asked for"]})
    return run


def runs(runs_dir: Path, *arguments: str) -> int:
    return main(["runs", *arguments, "--runs-dir", str(runs_dir), "--models-dir", str(runs_dir / "no-models")])


def test_shows_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = make_run(tmp_path, data=DATA, figures=FIGURES, epochs=2)
    assert runs(tmp_path, "show", run.name) == 0
    told = capsys.readouterr().out
    for fact in (
        "published",
        "f" * 40,
        "aaaaaaaaaaaa",
        "--epochs 2",
        "0.95",
        "it was asked for",
        "val_accuracy",
        "0.79",
    ):
        assert fact in told
    assert runs(tmp_path, "show", run.name, "--json") == 0
    value = json.loads(capsys.readouterr().out)
    assert value["settings"]["data"] == DATA
    assert value["outcome"]["figures"] == FIGURES
    assert [epoch["val_loss"] for epoch in value["epochs"]] == [0.6]


def test_lists_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = make_run(tmp_path, figures=FIGURES)
    stopped = make_run(tmp_path)
    assert runs(tmp_path, "--json") == 0
    value = json.loads(capsys.readouterr().out)
    assert [(each["name"], each["state"]) for each in value["runs"]] == [
        (done.name, "done"),
        (stopped.name, "resumable"),
    ]
    assert (value["history"], value["live"]) == ([], None)


def test_compares_what_can_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Figures on other photos, or on data that nobody wrote down, get no difference."""
    one = make_run(tmp_path, data=DATA, figures=FIGURES, width=0.5)
    other = FIGURES | {"test_accuracy": 0.9375, "balanced_accuracy": 0.99}
    two = make_run(tmp_path, data=DATA | {"photos": "d" * 64}, figures=other, width=0.75)
    old = make_run(tmp_path, figures=FIGURES)
    assert runs(tmp_path, "compare", one.name, two.name) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["width"].split() == ["width", "0.5", "0.75"]
    assert "seed" not in lines, "only what differs"
    assert lines["test_accuracy"].split()[-1] == "-0.0125"
    assert "other data" in lines["balanced_accuracy"]
    assert runs(tmp_path, "compare", one.name, old.name, "--json") == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures["test_accuracy"] == {"first": 0.95, "second": 0.95, "same_data": None, "difference": None}


def test_deletes_what_is_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done, stopped = make_run(tmp_path, figures=FIGURES), make_run(tmp_path)
    kept = make_run(tmp_path, figures=FIGURES)
    for names in (["no-such-run", done.name], [done.name, stopped.name], [".."], []):
        assert runs(tmp_path, "delete", *names) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
        assert done.folder.exists(), "all or none"
    stopped.lock()
    assert runs(tmp_path, "delete", stopped.name, "--yes") == 2
    assert "running" in capsys.readouterr().err
    stopped.close()
    assert runs(tmp_path, "delete", done.name, stopped.name, "--yes") == 0
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]


@pytest.mark.parametrize("arguments", [("show",), ("compare", "one"), ("show", "no-such-run"), ("frobnicate",)])
def test_what_cannot_be_shown(tmp_path: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert runs(tmp_path, *arguments) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_fingerprint_is_of_the_data() -> None:
    data = pictures()
    before = data_fingerprint(data)
    assert data_fingerprint(pictures()) == before
    data.test.images[0, 0, 0] += 1
    changed = data_fingerprint(FashionMnist(data.train, data.test, np.arange(99)))
    assert {part for part, digest in changed.items() if digest != before[part]} == {"test", "held_out"}


def test_the_commit_is_of_the_program_alone(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    assert git_commit(project) is None
    for command in (
        ("init", "-q"),
        ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a", "--allow-empty"),
    ):
        subprocess.run(["git", "-C", tmp_path, *command], check=True)
    assert git_commit(project) is None, "the folder around it is somebody else's"
    assert len(git_commit(tmp_path) or "") == 40
