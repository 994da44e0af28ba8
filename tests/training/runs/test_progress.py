"""What an admin sees while a model trains."""

import io
import os
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from training.runs.folders import EpochRecord, epoch_line
from training.runs.pace import in_words
from training.runs.progress import Terminal, TerminalProgress, native_output_to

RECORD = EpochRecord(2, 0.4321, 0.8765, 0.5, 0.85, 0.001, 61234.0, 1.04)


def test_an_epoch_in_a_line() -> None:
    assert epoch_line(RECORD, 10) == (
        "epoch  2/10  loss 0.4321  accuracy 0.8765  val_loss 0.5000  val_accuracy 0.8500  rate 0.001"
        "  61,234 images/s  1.0 s"
    )


def test_the_bar_shows_how_far_it_is_and_the_time_left() -> None:
    screen = io.StringIO()
    listener = TerminalProgress(Console(file=screen, force_terminal=True, width=160, color_system=None))
    listener.begin(4, 1)
    listener.part(0.5, loss=0.5, accuracy=0.8)
    listener.epoch(RECORD)
    listener.end()
    told = screen.getvalue()
    assert "epoch 2/4" in told
    assert "50%" in told
    assert re.search(r"left +[-0-9]+:[-0-9:]+", told)
    assert "val_accuracy 0.8500" in told


def test_a_file_gets_lines_and_no_bar() -> None:
    screen = io.StringIO()
    listener = TerminalProgress(Console(file=screen, width=80))
    listener.begin(4, 0)
    listener.epoch(RECORD)
    listener.end()
    assert "━" not in screen.getvalue()
    assert screen.getvalue().strip().startswith("epoch 2/4")


def test_a_file_is_told_the_time_left_now_and_then() -> None:
    screen, now = io.StringIO(), [0.0]
    listener = TerminalProgress(Console(file=screen, width=80), clock=lambda: now[0])
    listener.begin(4, 0)
    for step in range(1, 101):
        now[0] += 1.0
        listener.part(step / 100)
    assert [line.rstrip() for line in screen.getvalue().splitlines()] == [
        "epoch 1/4: 30%, 6 min 10 s left",
        "epoch 1/4: 60%, 5 min 40 s left",
        "epoch 1/4: 90%, 5 min 10 s left",
    ]
    listener.epoch(EpochRecord(1, 0.5, 0.8))
    assert screen.getvalue().splitlines()[-1] == "epoch 1/4  loss 0.5000  accuracy 0.8000  5 min 0 s left"
    listener.end()


def test_what_takes_long_beside_the_epochs_has_a_bar() -> None:
    screen = io.StringIO()
    listener = TerminalProgress(Console(file=screen, force_terminal=True, width=160, color_system=None))
    for done in range(0, 5):
        listener.stage("finding garments", done, 4)
    listener.stage("measuring", 1, 4)
    listener.say("a line between")
    listener.begin(2, 0)
    listener.end()
    told = screen.getvalue()
    assert told.index("finding garments") < told.index("measuring") < told.index("epoch 1/2")
    assert "25%" in told
    assert "━" in told


def test_what_takes_long_beside_the_epochs_has_lines_in_a_file() -> None:
    screen, now = io.StringIO(), [0.0]
    listener = TerminalProgress(Console(file=screen, width=80), clock=lambda: now[0])
    for done in range(0, 101):
        listener.stage("finding garments", done, 100)
        now[0] += 0.5
    assert screen.getvalue() == "finding garments: 60%, 20 s left\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3599, "59 min 59 s"), (7620, "2 h 7 min")],
)
def test_durations_as_people_say_them(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_a_table_keeps_brackets() -> None:
    screen = io.StringIO()
    Terminal(Console(file=screen, width=120)).table("Title", [("a", "b"), ("[1, 2]", "毛衣")])
    assert "[1, 2]" in screen.getvalue()


def test_a_narrow_terminal_cuts_nothing_off() -> None:
    screen = io.StringIO()
    Terminal(Console(file=screen, width=40)).table("Title", [("a", "b"), ("photos", "2026-11-23-best-ad1458e7 " * 3)])
    assert "photos" in screen.getvalue()
    assert "…" not in screen.getvalue()


def test_native_noise_goes_to_the_file_and_our_errors_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with native_output_to(tmp_path / "native.log"):
        os.write(2, b"I0000 noise of a library\n")
        print("ours", file=sys.stderr)
    os.write(2, b"after\n")
    assert (tmp_path / "native.log").read_bytes() == b"I0000 noise of a library\n"
    assert "noise" not in capfd.readouterr().err
