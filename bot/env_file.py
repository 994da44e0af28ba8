"""Reads ``.env``, which people write with every editor there is."""

import codecs
import io
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

MAX_BYTES: Final = 1024 * 1024
"""A file of settings takes a few kilobytes."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class EnvFileError(ValueError):
    """The file cannot be read; the message is one line that says what to do and holds none of its values."""


def read_env_file(path: Path) -> Mapping[str, str]:
    """Read a file of settings: UTF-8, or UTF-16 by its mark.

    Args:
        path: of the file; it need not be there.

    Returns:
        The values by name, in the order of the file; a name that stands twice has its last value.

    Raises:
        EnvFileError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise EnvFileError(f"{path.name} cannot be read: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise EnvFileError(f"{path.name} is far too large for a file of settings")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise EnvFileError(f"{path.name} is neither UTF-8 nor marked UTF-16: save it again as UTF-8 in your editor")
    return _values(text, path.name)


def _values(text: str, name: str) -> Mapping[str, str]:
    unread = _UnreadLines()
    parser = logging.getLogger("dotenv.main")
    parser.addFilter(unread)
    try:
        values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    finally:
        parser.removeFilter(unread)
    if unread.lines:
        raise EnvFileError(f"{name}, line {unread.lines[0]}, cannot be read: write NAME=value")
    return {key: value for key, value in values.items() if value is not None}


class _UnreadLines(logging.Filter):
    """Collects the numbers of the lines that the parser warns of."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and record.args and isinstance(record.args[0], int):
            self.lines.append(record.args[0])
        return False
