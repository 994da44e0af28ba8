"""The bot is measured beside a real training: both are started, and both are ended."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.beside_training import Waits, report
from tests.conftest import ROOT


def benchmark(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.beside_training", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)


@pytest.mark.slow
def test_measures_the_bot_alone_and_beside_a_training(photos_dir: Path, published_model: Path) -> None:
    folders = ("--data-dir", photos_dir, "--models-dir", published_model.parent)
    ended = benchmark(*folders, "--preset", "lesson", "--photos", 4)
    assert ended.returncode in (0, 1), ended.stderr  # four photos on a busy machine may be slow
    _, alone, beside, ratio = ended.stdout.splitlines()
    assert alone.split()[-1] == beside.split()[-1] == "4"
    assert "times the idle one" in ratio


def test_a_training_that_does_not_start_is_one_clear_line(photos_dir: Path, published_model: Path) -> None:
    folders = ("--data-dir", photos_dir, "--models-dir", published_model.parent)
    ended = benchmark(*folders, "--preset", "fashion", "--photos", 2)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith("beside_training: the training ended: There is no preset 'fashion'")


def test_the_ratio_is_of_the_slowest_answers() -> None:
    found = Waits(alone=[0.1] * 99 + [9.0], beside=[0.1] * 90 + [0.3] * 10, load=0.0)
    assert found.ratio == pytest.approx(3)
    assert "3.00 times" in report(found)
