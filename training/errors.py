"""What can go wrong, each with the sentence an admin can act on and the exit status of the command line."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import ClassVar

DONE = 0
BAD_INPUT = 2
UNFIT = 3
INTERRUPTED = 130


class TrainingError(Exception):
    """Bad input or a bad environment; ``str`` of it is one line that says what to do."""

    exit_status: ClassVar[int] = BAD_INPUT


class MissingPackageError(TrainingError):
    """Something that only training needs is not installed."""


class RunError(TrainingError):
    """A run folder that is not there, or cannot be gone on with."""


class UnfitModelError(TrainingError):
    """The new model must not serve: it does not convert, load or agree with itself."""

    exit_status: ClassVar[int] = UNFIT


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_FOLDER = {errno.ENOTDIR, errno.EEXIST}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def explain_os_error(error: OSError, fallback: Path | None = None) -> str:
    """One line for an error of the operating system: what failed, where, and what to do.

    Args:
        error: as raised.
        fallback: named when the error itself names no file.
    """
    where = error.filename if isinstance(error.filename, str) else fallback
    place = f" {where}" if where else ""
    if error.errno in _FULL:
        return f"No room to write{place}: the disk (or its quota) is full. Free some space and run it again."
    if error.errno in _FORBIDDEN:
        return f"No permission to write or read{place}: change its owner or mode, or name another folder."
    if error.errno in _NO_FOLDER:
        return f"{where or 'What was named'} is a file, or below one, and must be a folder: name another."
    return f"{error.strerror or error}{':' + place if place else ''}."
