"""The bot is measured beside a training that somebody starts in the chat: by the buttons, again and again."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.beside_chat_training import Rounds, report
from tests.conftest import ROOT


@pytest.mark.slow
def test_measures_photos_with_and_without_a_training(
    photos_dir: Path, fashion_mnist_dir: Path, published_model: Path
) -> None:
    folders = ("--data-dir", photos_dir, "--models-dir", published_model.parent)
    command = [sys.executable, "-m", "benchmarks.beside_chat_training", *map(str, folders), "--rounds", "3"]
    ended = subprocess.run(
        [*command, "--photos", "1"], cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )
    assert ended.returncode in (0, 1), ended.stderr  # three photos on a busy machine may be slow
    _, alone, beside, median, p95, share, rounds = ended.stdout.splitlines()
    assert alone.split()[-1] == beside.split()[-1] == "3"
    assert median.startswith("median: ")
    assert p95.startswith("p95: ")
    assert "the training had" in share
    assert rounds.startswith("3 rounds")


def test_the_ratios_are_of_all_photos_and_the_intervals_of_whole_rounds() -> None:
    found = Rounds(
        alone=[[0.1, 0.1, 0.2], [0.1, 0.1, 0.2]], beside=[[0.1, 0.1, 0.2], [0.3, 0.3, 0.6]], processor=[0.4, 0.4]
    )
    assert found.ratio(0.5) == pytest.approx(2.5)  # the middle of .1, .1, .2, .3, .3, .6
    assert found.interval(0.5) == pytest.approx((1, 3))
    assert "the training had 50 % of a processor" in report(found)
    assert "median: 2.50 times (1.00 to 3.00), at most 1.1" in report(found)
