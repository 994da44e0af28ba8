"""Which files a command line means, and their bytes: without ever waiting for one.

A file may be anything: a folder, a pipe that nobody writes to, a bomb. What is named is always tried; in folders only
what is called like a picture.
"""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import PurePath
from typing import Final

from bot.vision.photo import MAX_BYTES, PhotoError, PhotoProblem

STANDARD_INPUT: Final = "-"

PICTURES: Final = frozenset(
    "avif bmp bw dds dib gif heic heics heif heifs hif icns ico j2k jfif jp2 jpe jpeg jpf jpg jpx pbm pcx pgm png pnm "
    "ppm psd qoi ras rgb rgba sgi sun tga tif tiff webp".split()
)
"""How the names of pictures end, in lower case."""


class Unreadable(StrEnum):
    """Why a path leads to no bytes; the value is the name of the text that says so."""

    OS_ERROR = "os_error"
    NO_PATH = "no_path"
    FOLDER = "folder"
    NO_FILE = "no_file"


_MESSAGES: Final = {
    Unreadable.OS_ERROR: "This file cannot be read: {reason}.",
    Unreadable.NO_PATH: "This is not a path.",
    Unreadable.FOLDER: "This folder cannot be looked into.",
    Unreadable.NO_FILE: "This is not a regular file.",
}


class UnreadableFileError(Exception):
    """A path that leads to no bytes; ``str()`` says why.

    Attributes:
        kind: why, for texts in other languages.
        reason: what the system says, if it says anything.
    """

    def __init__(self, kind: Unreadable, reason: str = "") -> None:
        super().__init__(_MESSAGES[kind].format(reason=reason))
        self.kind = kind
        self.reason = reason


def files_of(paths: Iterable[str]) -> Iterator[str]:
    """The files that paths mean, in order; folders are walked in the order of names, recursively."""
    for path in paths:
        if path != STANDARD_INPUT and os.path.isdir(path):
            yield from _in_folder(path)
        else:
            yield path


def _in_folder(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        yield folder  # it gets its line, which says why
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _in_folder(entry.path)
        elif PurePath(entry.name).suffix[1:].lower() in PICTURES:
            yield entry.path


def read(path: str) -> bytes:
    """Read a file, or standard input, at most :data:`~bot.vision.photo.MAX_BYTES` of it.

    Raises:
        UnreadableFileError: it cannot be opened, or is no regular file.
        PhotoError: it is too large.
    """
    try:
        return _standard_input() if path == STANDARD_INPUT else _file(path)
    except OSError as error:
        raise UnreadableFileError(Unreadable.OS_ERROR, error.strerror or str(error)) from error
    except ValueError as error:
        raise UnreadableFileError(Unreadable.NO_PATH) from error


def _file(path: str) -> bytes:
    _check(os.stat(path))  # some devices act on being opened
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as file:
        _check(os.fstat(file.fileno()))
        return file.read(MAX_BYTES) or b""


def _standard_input() -> bytes:
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PhotoError(PhotoProblem.TOO_MANY_BYTES)
    return data


def _check(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableFileError(Unreadable.FOLDER)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError(Unreadable.NO_FILE)
    if status.st_size > MAX_BYTES:
        raise PhotoError(PhotoProblem.TOO_MANY_BYTES)
