"""A training leaves the processors to the bot."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from training.engine.priority import NICENESS, giving_way

SCRIPT = """
import os, runpy, threading, training.cli.main
def main():
    thread = threading.Thread(target=lambda: print(os.nice(0)))
    thread.start()
    thread.join()
training.cli.main.main = main
runpy.run_module("training", run_name="__main__")
"""


def test_all_threads_of_a_training_give_way() -> None:
    before = os.nice(0)
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) == min(19, before + NICENESS)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session's file, as Linux has it; the tests' own process keeps its priority."""
    monkeypatch.setattr(os, "nice", lambda more: more)
    file = tmp_path / "autogroup"
    file.write_text("/autogroup-17 nice 0\n", encoding="ascii")
    return file


def test_its_session_gives_way_to_other_sessions_meanwhile(session: Path) -> None:
    with contextlib.suppress(KeyboardInterrupt), giving_way(session):
        assert session.read_text(encoding="ascii") == "5"
        raise KeyboardInterrupt
    assert session.read_text(encoding="ascii") == "0"


def test_a_second_training_leaves_the_session_to_the_first(session: Path) -> None:
    session.write_text("/autogroup-17 nice 5\n", encoding="ascii")
    with giving_way(session):
        pass
    assert session.read_text(encoding="ascii") == "/autogroup-17 nice 5\n"


@pytest.mark.parametrize("content", [None, "", "none of it\n"])
def test_a_system_without_sessions_of_that_kind(session: Path, content: str | None) -> None:
    session.unlink()
    if content is not None:
        session.write_text(content, encoding="ascii")
    with giving_way(session):
        pass
    assert (session.read_text(encoding="ascii") if session.exists() else None) == content
