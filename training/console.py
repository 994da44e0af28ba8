"""What an admin sees while a model trains: a bar with the time left, a line an epoch, and no noise of libraries."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import TimeRemainingColumn as TimeLeftColumn
from rich.table import Table

from training.runs import EpochRecord, Watcher


class Terminal:
    """Where an admin looks."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def watcher(self) -> Watcher:
        """Shows how a run goes."""
        return ConsoleWatcher(self._console)

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


def console() -> Terminal:
    """The terminal that standard output goes to."""
    return Terminal(Console(highlight=False))


class ConsoleWatcher(Watcher):
    """Draws a run: a bar on a terminal, plain lines where the output goes to a file."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._task = TaskID(0)
        self._epochs = 0
        self._done = 0

    def begin(self, epochs: int, done: int) -> None:
        """Shows the bar, with what is already behind it."""
        self.end()
        self._epochs, self._done = epochs, done
        self._progress = Progress(
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
        )
        self._task = self._progress.add_task(self._title(), total=epochs, completed=done, figures="")
        self._progress.start()

    def part(self, fraction: float, loss: float | None = None, accuracy: float | None = None) -> None:
        """Moves the bar within an epoch."""
        if self._progress:
            figures = [] if loss is None else [f"loss {loss:.4f}"]
            figures += [] if accuracy is None else [f"accuracy {accuracy:.4f}"]
            self._progress.update(self._task, completed=self._done + fraction, figures="  ".join(figures))

    def epoch(self, record: EpochRecord) -> None:
        """Prints the epoch's line and moves the bar on."""
        self._done = record.epoch
        self._console.print(epoch_line(record, self._epochs), highlight=False, soft_wrap=True)
        if self._progress:
            self._progress.update(self._task, completed=record.epoch, description=self._title(), figures="")

    def say(self, line: str) -> None:
        """Prints a line above the bar."""
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def end(self) -> None:
        """Takes the bar away."""
        if self._progress:
            self._progress.stop()
            self._progress = None

    def _title(self) -> str:
        return f"epoch {min(self._done + 1, self._epochs)}/{self._epochs}"


def epoch_line(record: EpochRecord, epochs: int) -> str:
    """One epoch in one line."""
    width = len(str(epochs))
    parts = [f"epoch {record.epoch:>{width}}/{epochs}", f"loss {record.loss:.4f}", f"accuracy {record.accuracy:.4f}"]
    if record.val_loss is not None:
        parts.append(f"val_loss {record.val_loss:.4f}")
    if record.val_accuracy is not None:
        parts.append(f"val_accuracy {record.val_accuracy:.4f}")
    if record.learning_rate is not None:
        parts.append(f"rate {record.learning_rate:.2g}")
    if record.images_per_second is not None:
        parts.append(f"{record.images_per_second:,.0f} images/s")
    if record.seconds is not None:
        parts.append(f"{record.seconds:.1f} s")
    return "  ".join(parts)


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
