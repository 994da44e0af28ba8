"""A file that one process at a time holds; the system releases it when that process ends, however it ends."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import IO, Final


class LockedError(Exception):
    """Another process holds a lock.

    Attributes:
        process: its number, as text; empty where it has not written it yet.
    """

    def __init__(self, process: str) -> None:
        super().__init__(f"held by process {process}")
        self.process = process


class FileLock:
    """Held until :meth:`release`, or until the process ends."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @classmethod
    def acquire(cls, path: Path) -> FileLock:
        """Take the lock; the file then holds this process's number.

        Raises:
            LockedError: another process has it.
            OSError: the file cannot be written.
        """
        file = path.open("a+b")
        if not _lock(file):
            file.seek(0)
            process = file.read().decode("ascii", "replace").strip()
            file.close()
            raise LockedError(process)
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode())
        file.flush()
        return cls(file)

    def release(self) -> None:
        """Let others have it."""
        self._file.close()


def is_locked(path: Path) -> bool:
    """Whether some process, this one included, holds a lock."""
    try:
        file = path.open("rb+")
    except OSError:
        return False
    with contextlib.closing(file):
        return not _lock(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        """Lock a byte far behind the content, which stays readable; closing the file unlocks it."""
        file.seek(1 << 30)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0)
        return True

else:
    import fcntl

    _HELD: Final = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES}

    def _lock(file: IO[bytes]) -> bool:
        """Lock the open file; closing it unlocks it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in _HELD  # a file system without locks keeps nobody away
        return True
