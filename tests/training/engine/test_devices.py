"""One batch, several devices, the same weights."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.ports import free_port
from tests.training.small import SMALL_DEPENDENCIES
from training.cli.main import Dependencies, main
from training.engine.devices import is_chief, is_shared
from training.errors import TrainingError
from training.presets import plan_for
from training.runs.checkpoints import Checkpoint, load_checkpoint
from training.runs.folders import list_runs

ROOT = Path(__file__).resolve().parents[3]
LESSON = ("--preset", "lesson", "--epochs", "2", "--no-publish")

pytestmark = [pytest.mark.timeout(900), pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def cluster(index: int, *ports: int) -> str:
    workers = [f"127.0.0.1:{port}" for port in ports]
    return json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}})


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.training.small_training", *LESSON, *arguments, "--runs-dir", folder],
        cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def last_checkpoint(runs_dir: Path) -> Checkpoint:
    (run,) = list_runs(runs_dir)
    assert run.state == "done"
    return load_checkpoint(runs_dir / run.name / "checkpoints" / "last.npz")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """What one device computes."""
    folder = tmp_path_factory.mktemp("alone")
    small = Dependencies(**SMALL_DEPENDENCIES)
    assert main([*LESSON, "--runs-dir", str(folder)], small) == 0
    return last_checkpoint(folder)


def assert_same(got: Checkpoint, expected: Checkpoint) -> None:
    assert got.values == expected.values
    for name, array in expected.arrays.items():
        np.testing.assert_allclose(got.arrays[name], array, rtol=1e-3, atol=1e-5, err_msg=name)


def test_two_devices_of_one_machine(alone: Checkpoint, tmp_path: Path) -> None:
    process = start(tmp_path, "--devices", "2")
    told, _ = process.communicate()
    assert process.returncode == 0, told
    assert_same(last_checkpoint(tmp_path), alone)


def test_two_machines_by_tf_config(alone: Checkpoint, tmp_path: Path) -> None:
    ports = free_port(), free_port()
    folders = [tmp_path / "first", tmp_path / "second"]
    processes = [start(folder, TF_CONFIG=cluster(index, *ports)) for index, folder in enumerate(folders)]
    try:
        told = [process.communicate()[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0, 0], told
    assert_same(last_checkpoint(folders[0]), alone)
    assert list_runs(folders[1]) == []  # only the first one records
    assert "the first one publishes" in told[1]


def test_who_records() -> None:
    assert is_chief({})
    assert is_chief({"TF_CONFIG": ""})
    assert is_chief({"TF_CONFIG": cluster(0, 1, 2)})
    assert not is_chief({"TF_CONFIG": cluster(1, 1, 2)})
    with_chief = {"cluster": {"chief": ["a:1"], "worker": ["b:1"]}, "task": {"type": "worker", "index": 0}}
    assert not is_chief({"TF_CONFIG": json.dumps(with_chief)})
    assert is_chief({"TF_CONFIG": json.dumps(with_chief | {"task": {"type": "chief", "index": 0}})})


def test_what_is_shared() -> None:
    lesson = plan_for("lesson")
    assert not is_shared(lesson, {})
    assert not is_shared(lesson, {"TF_CONFIG": cluster(0, 1)})
    assert is_shared(lesson, {"TF_CONFIG": cluster(0, 1, 2)})
    assert is_shared(plan_for("lesson", devices=2), {})


@pytest.mark.parametrize("broken", ["{", "[]"])
def test_a_broken_tf_config_is_one_line(
    broken: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TF_CONFIG", broken)
    with pytest.raises(TrainingError):
        is_chief()
    assert main(["--preset", "lesson"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
