"""A run belongs to one process at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.registry import locks
from bot.registry.locks import FileLock, LockedError
from training.errors import RunError

LOCK: Final = "lock"
"""File in a run's folder; it holds the number of the process that has the lock."""


def lock_run(folder: Path) -> FileLock:
    """Takes the lock of a run's folder.

    Raises:
        RunError: another process has it.
        OSError: the folder cannot be written.
    """
    try:
        return FileLock.acquire(folder / LOCK)
    except LockedError as error:
        raise RunError(f"{folder.name} is running in process {error.process}: let it end, or stop it first.") from error


def is_locked(folder: Path) -> bool:
    """Whether some process, this one included, works on a run."""
    return locks.is_locked(folder / LOCK)
