"""A training leaves the processors to the bot."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from training.priority import LOWEST, giving_way

SCRIPT = """
import os, runpy, threading, training.cli
def shown():
    idle = hasattr(os, "SCHED_IDLE") and os.sched_getscheduler(0) == os.SCHED_IDLE
    print(os.nice(0), idle)
def main():
    thread = threading.Thread(target=shown)
    thread.start()
    thread.join()
training.cli.main = main
runpy.run_module("training", run_name="__main__")
"""


def test_a_training_has_the_lowest_priority_in_all_its_threads() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(LOWEST), str(sys.platform == "linux")]


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session's file, as Linux has it; the tests' own process keeps its priority."""
    monkeypatch.setattr(os, "nice", lambda more: more)
    monkeypatch.setattr(os, "sched_setscheduler", lambda *_: None, raising=False)
    file = tmp_path / "autogroup"
    file.write_text("/autogroup-17 nice 0\n", encoding="ascii")
    return file


def test_its_session_gives_way_to_other_sessions_meanwhile(session: Path) -> None:
    with contextlib.suppress(KeyboardInterrupt), giving_way(session):
        assert session.read_text(encoding="ascii") == "19"
        raise KeyboardInterrupt
    assert session.read_text(encoding="ascii") == "0"


def test_a_second_training_leaves_the_session_to_the_first(session: Path) -> None:
    session.write_text("/autogroup-17 nice 19\n", encoding="ascii")
    with giving_way(session):
        pass
    assert session.read_text(encoding="ascii") == "/autogroup-17 nice 19\n"


@pytest.mark.parametrize("content", [None, "", "none of it\n"])
def test_a_system_without_sessions_of_that_kind(session: Path, content: str | None) -> None:
    session.unlink()
    if content is not None:
        session.write_text(content, encoding="ascii")
    with giving_way(session):
        pass
    assert (session.read_text(encoding="ascii") if session.exists() else None) == content
