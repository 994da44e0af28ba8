"""What an admin sees while a model trains: a bar with the time left, a line an epoch, and no noise of libraries."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import TimeRemainingColumn as TimeLeftColumn
from rich.table import Table

from training.runs.folders import EpochRecord, ProgressListener, epoch_line
from training.runs.pace import Pace, in_words

TOLD_EVERY_S: Final = 30.0
"""Where the output goes to a file, what takes long says so often how far it is."""


class Terminal:
    """Where an admin looks."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def listener(self) -> ProgressListener:
        """Shows how a run goes."""
        return TerminalProgress(self._console)

    @contextlib.contextmanager
    def downloads(self) -> Iterator[Callable[[str, int, int], None]]:
        """Shows a bar for each file that has to be fetched."""
        bars: dict[str, TaskID] = {}
        progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeLeftColumn(), console=self._console
        )

        def report(name: str, done: int, total: int) -> None:
            progress.start()
            if name not in bars:
                bars[name] = progress.add_task(name)
            progress.update(bars[name], completed=done, total=total)

        try:
            yield report
        finally:
            if bars:
                progress.stop()

    def table(self, title: str, rows: Sequence[Sequence[str]]) -> None:
        """Prints a table; the first row is its heading."""
        heading, *lines = rows
        table = Table(title=title, title_justify="left")
        for name in heading:
            table.add_column(name, overflow="fold")  # a long version is broken, not cut off
        for line in lines:
            table.add_row(*(escape(cell) for cell in line))
        self._console.print(table)


def open_terminal() -> Terminal:
    """The terminal that standard output goes to."""
    return Terminal(Console(highlight=False))


@dataclass(frozen=True, slots=True)
class _Stage:
    """A piece of work that a bar is shown for."""

    name: str
    pace: Pace
    bar: Progress


class TerminalProgress(ProgressListener):
    """Draws a run: bars on a terminal; where the output goes to a file, lines with the time left.

    Args:
        console: where to.
        clock: tells seconds.
    """

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._pace = Pace(0, clock=clock)
        self._told_at = clock()
        self._stage: _Stage | None = None
        self._progress: Progress | None = None
        self._task = TaskID(0)
        self._epochs = 0
        self._done = 0

    def begin(self, epochs: int, done: int) -> None:
        """Shows the bar, with what is already behind it."""
        self.end()
        self._epochs, self._done = epochs, done
        self._pace, self._told_at = Pace(epochs, done, self._clock), self._clock()
        self._progress = self._bar()
        self._task = self._progress.add_task(self._title(), total=epochs, completed=done, figures="")
        self._progress.start()

    def part(self, fraction: float, loss: float | None = None, accuracy: float | None = None) -> None:
        """Moves the bar within an epoch."""
        if self._progress:
            figures = [] if loss is None else [f"loss {loss:.4f}"]
            figures += [] if accuracy is None else [f"accuracy {accuracy:.4f}"]
            self._progress.update(self._task, completed=self._done + fraction, figures="  ".join(figures))
        self._tell(self._title(), fraction, self._pace, self._done + fraction)

    def epoch(self, record: EpochRecord) -> None:
        """Prints the epoch's line and moves the bar on."""
        self._done = record.epoch
        left = self._pace.seconds_left(record.epoch) if self._is_file and record.epoch < self._epochs else None
        line = epoch_line(record, self._epochs) + ("" if left is None else f"  {in_words(left)} left")
        self._console.print(line, highlight=False, soft_wrap=True)
        self._told_at = self._clock()
        if self._progress:
            self._progress.update(self._task, completed=record.epoch, description=self._title(), figures="")

    def stage(self, name: str, done: int, total: int) -> None:
        """Shows a bar for one piece of work, until it is done."""
        if self._stage is None or self._stage.name != name:
            self.end()
            self._stage = _Stage(name, Pace(total, done, self._clock), self._bar())
            self._told_at = self._clock()
            self._stage.bar.add_task(name, total=total, completed=done, figures="")
            self._stage.bar.start()
        self._stage.bar.update(self._stage.bar.task_ids[0], completed=done)
        self._tell(name, done / max(1, total), self._stage.pace, done)
        if done >= total:
            self.end()

    def say(self, line: str) -> None:
        """Prints a line above the bar."""
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def end(self) -> None:
        """Takes the bars away."""
        if self._stage is not None:
            self._stage.bar.stop()
            self._stage = None
        if self._progress:
            self._progress.stop()
            self._progress = None

    def _bar(self) -> Progress:
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("[dim]elapsed"),
            TimeElapsedColumn(),
            TextColumn("[dim]left"),
            TimeLeftColumn(),
            TextColumn("{task.fields[figures]}"),
            console=self._console,
            transient=True,
            disable=self._is_file,  # it would leave empty lines there
        )

    @property
    def _is_file(self) -> bool:
        return not self._console.is_terminal

    def _tell(self, name: str, share: float, pace: Pace, done: float) -> None:
        """A line now and then, where nobody sees a bar."""
        if not self._is_file or self._clock() - self._told_at < TOLD_EVERY_S:
            return
        self._told_at = self._clock()
        left = pace.seconds_left(done)
        self.say(f"{name}: {share:.0%}" + ("" if left is None else f", {in_words(left)} left"))

    def _title(self) -> str:
        return f"epoch {min(self._done + 1, self._epochs)}/{self._epochs}"


@contextlib.contextmanager
def native_output_to(path: Path) -> Iterator[None]:
    """Sends what C++ libraries write to standard error into a file; Python's own errors still reach the terminal.

    Args:
        path: appended to.
    """
    for name in ("tensorflow", "absl", "matplotlib", "jax", "h5py"):
        logging.getLogger(name).setLevel(logging.ERROR)
    sys.stderr.flush()
    terminal = os.dup(2)
    python_stderr = sys.stderr
    try:
        with path.open("ab") as file:
            os.dup2(file.fileno(), 2)
        if _writes_to_descriptor_2(python_stderr):
            sys.stderr = io.TextIOWrapper(
                os.fdopen(os.dup(terminal), "wb", 0), encoding="utf-8", errors="backslashreplace", write_through=True
            )
        yield
    finally:
        if sys.stderr is not python_stderr:
            sys.stderr.close()
            sys.stderr = python_stderr
        os.dup2(terminal, 2)
        os.close(terminal)


def quiet_libraries() -> None:
    """Asks TensorFlow to say errors only; it reads this when it is imported."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def _writes_to_descriptor_2(stream: object) -> bool:
    try:
        return stream.fileno() == 2  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False
