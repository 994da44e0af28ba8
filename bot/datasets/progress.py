"""A progress bar for a terminal, and a few plain lines where there is none."""

import time
from types import TracebackType
from typing import Final, Self, TextIO

_WIDTH: Final = 30
_EVERY_S: Final = 0.1


class ProgressBar:
    """Shows a :data:`~bot.datasets.fetch.Progress`: call it, and leave its ``with`` block when done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar = stream.isatty()
        self._name = ""
        self._shown = 0.0

    def __call__(self, name: str, done: int, total: int) -> None:
        """Shows how far ``name`` is."""
        now, complete = time.monotonic(), done >= total
        if name != self._name:
            self._end_line()
            self._name, self._shown = name, 0.0
            if not self._bar:
                self._stream.write(f"fetching {name}\n")
        if self._bar and (complete or now - self._shown >= _EVERY_S):
            self._shown = now
            share = done / total if total else 1.0
            self._stream.write(f"\r{name} [{'#' * round(share * _WIDTH):<{_WIDTH}}] {share:4.0%}")
        self._stream.flush()

    def _end_line(self) -> None:
        if self._bar and self._name:
            self._stream.write("\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_line()
        self._name = ""
