"""A run belongs to one process at a time."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.registry import locks
from tests.conftest import ROOT
from training.errors import RunError
from training.runs import lock
from training.runs.lock import is_locked, lock_run

HOLD = "import sys; from pathlib import Path; from training.runs.lock import lock_run;"
HOLD += "lock = lock_run(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"


def test_a_lock_is_held_until_its_process_ends_however_it_ends(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "held\n"
        assert is_locked(tmp_path)
        with pytest.raises(RunError, match=f"running in process {process.pid}"):
            lock_run(tmp_path)
    finally:
        process.kill()
        process.communicate()
    assert not is_locked(tmp_path)
    held = lock_run(tmp_path)
    assert (tmp_path / lock.LOCK).read_text() == f"{os.getpid()}\n"
    assert is_locked(tmp_path)
    held.release()
    assert not is_locked(tmp_path)


def test_a_file_system_without_locks_keeps_nobody_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(locks.fcntl, "flock", refuse)
    lock_run(tmp_path).release()
    assert not is_locked(tmp_path)


def test_no_folder_is_not_locked(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "nowhere")
