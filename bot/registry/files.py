"""Files that are either old or new and whole, whenever the machine stops."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_SPARE_BYTES: Final = 32 * 1024 * 1024


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Lets an error say which file, or folder, could not be written: that of a full disk does not."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def write_durably(path: Path, data: bytes) -> None:
    """Writes a file and waits until it is on the disk; not atomic, for files that nothing points to yet."""
    with _named(path), path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, data: bytes) -> None:
    """Puts new content in place of a file in one step: a reader sees the old bytes or the new ones, never a mixture.

    Raises:
        OSError: the file is then as it was, and nothing is left beside it.
    """
    with _named(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    try:
        with _named(path), os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def append_durably(path: Path, line: str) -> None:
    """Appends one line; a line that a crash tore earlier is ended first."""
    torn = path.exists() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    with _named(path), path.open("ab") as file:
        file.write((("\n" if torn else "") + line + "\n").encode())
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on the disk; systems that cannot do that (Windows) keep them anyway."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_writable(folder: Path, needed_bytes: int = _SPARE_BYTES) -> None:
    """Makes sure, before hours of work, that their result can be written.

    Args:
        folder: made when it is not there.
        needed_bytes: really written, so that quotas count, and removed again.

    Raises:
        OSError: it cannot be made or written, is a file, or has not that much room; the error names the folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error
    block = bytes(1024 * 1024)
    with _named(folder), tempfile.TemporaryFile(dir=folder, prefix=".room.") as file:
        for _ in range(0, needed_bytes, len(block)):
            file.write(block)
        file.flush()
