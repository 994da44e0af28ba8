"""What an admin sees while a model trains."""

import io
import os
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from training.console import ConsoleWatcher, Terminal, epoch_line, native_output_to
from training.runs import EpochRecord

RECORD = EpochRecord(2, 0.4321, 0.8765, 0.5, 0.85, 0.001, 61234.0, 1.04)


def test_an_epoch_in_a_line() -> None:
    assert epoch_line(RECORD, 10) == (
        "epoch  2/10  loss 0.4321  accuracy 0.8765  val_loss 0.5000  val_accuracy 0.8500  rate 0.001"
        "  61,234 images/s  1.0 s"
    )


def test_the_bar_shows_how_far_it_is_and_the_time_left() -> None:
    screen = io.StringIO()
    watcher = ConsoleWatcher(Console(file=screen, force_terminal=True, width=160, color_system=None))
    watcher.begin(4, 1)
    watcher.part(0.5, loss=0.5, accuracy=0.8)
    watcher.epoch(RECORD)
    watcher.end()
    told = screen.getvalue()
    assert "epoch 2/4" in told
    assert "50%" in told
    assert re.search(r"left +[-0-9]+:[-0-9:]+", told)
    assert "val_accuracy 0.8500" in told


def test_a_file_gets_lines_and_no_bar() -> None:
    screen = io.StringIO()
    watcher = ConsoleWatcher(Console(file=screen, width=80))
    watcher.begin(4, 0)
    watcher.epoch(RECORD)
    watcher.end()
    assert "━" not in screen.getvalue()
    assert screen.getvalue().strip().startswith("epoch 2/4")


def test_a_table_keeps_brackets() -> None:
    screen = io.StringIO()
    Terminal(Console(file=screen, width=120)).table("Title", [("a", "b"), ("[1, 2]", "毛衣")])
    assert "[1, 2]" in screen.getvalue()


def test_a_narrow_terminal_cuts_nothing_off() -> None:
    screen = io.StringIO()
    Terminal(Console(file=screen, width=40)).table("Title", [("a", "b"), ("photos", "2026-11-23-best-ad1458e7 " * 3)])
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
