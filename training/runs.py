"""Run folders: what was trained, with what, how it went, and where it can be taken up again.

runs/2026-08-01-lesson-1/
    settings.json       the plan, the versions, the command
    metrics.csv         a row an epoch
    log.txt             what was said, with times
    checkpoints/        the state after the last whole epoch
    events/             for TensorBoard
    outcome.json        how it ended: figures, published or why not
    *.png               pictures, once it has ended
"""

from __future__ import annotations

import csv
import io
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.checkpoints import Checkpoint, load_checkpoint, save_checkpoint
from training.errors import RunError
from training.files import append_durably, replace_durably
from training.presets import Plan

RUNS_DIR: Final = Path(__file__).resolve().parent.parent / "runs"
TEACHER: Final = "teacher"
"""Folder inside a run for the run of the larger network that the published one learns from."""

_PACKAGES: Final = ("tensorflow", "jax", "keras", "numpy", "ai-edge-litert", "opencv-python-headless", "pillow")


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """One row of ``metrics.csv``.

    Attributes:
        epoch: counted from 1.
        loss: mean over the epoch's batches.
        accuracy: on what was trained on, over the epoch; 0..1.
        val_loss: after the epoch, on pictures that were not trained on.
        val_accuracy: the same, 0..1.
        learning_rate: at the end of the epoch.
        images_per_second: while training.
        seconds: the whole epoch.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float | None = None
    val_accuracy: float | None = None
    learning_rate: float | None = None
    images_per_second: float | None = None
    seconds: float | None = None


class Watcher:
    """Is told how a run goes; this one stays silent. :class:`training.console.ConsoleWatcher` draws it."""

    def begin(self, epochs: int, done: int) -> None:
        """Training begins with ``done`` of ``epochs`` epochs already behind it."""

    def part(self, fraction: float, loss: float | None = None, accuracy: float | None = None) -> None:
        """``fraction`` (0..1) of the current epoch is done."""

    def epoch(self, record: EpochRecord) -> None:
        """An epoch is done."""

    def say(self, line: str) -> None:
        """Something worth a line."""

    def end(self) -> None:
        """Training is over."""


class Run:
    """One training run and its folder.

    Attributes:
        folder: where everything about it is kept.
        plan: what it computes.
        watcher: who is told how it goes.
        initial_weights: where a refresh starts from; None for a training from scratch.
    """

    def __init__(self, folder: Path, plan: Plan, *, watcher: Watcher | None = None, events: bool = True) -> None:
        self.folder = folder
        self.plan = plan
        self.watcher = watcher or Watcher()
        self.initial_weights: list[NDArray[np.float32]] | None = None
        self._events: Any = None
        self._with_events = events

    @classmethod
    def create(
        cls,
        runs_dir: Path,
        plan: Plan,
        *,
        command: Sequence[str] = (),
        device: str = "",
        watcher: Watcher | None = None,
        events: bool = True,
    ) -> Run:
        """Makes the folder ``<date>-<preset>-<n>`` with its settings.

        Raises:
            OSError: the folder cannot be written.
        """
        runs_dir.mkdir(parents=True, exist_ok=True)
        now = datetime.now().astimezone()
        number = 1
        while True:
            folder = runs_dir / f"{now:%Y-%m-%d}-{plan.preset}-{number}"
            try:
                folder.mkdir()
                break
            except FileExistsError:
                number += 1
        settings = {
            "plan": plan.to_json(),
            "created": now.isoformat(timespec="seconds"),
            "command": list(command),
            "device": device,
            "versions": versions(),
        }
        replace_durably(folder / "settings.json", _json_bytes(settings))
        return cls(folder, plan, watcher=watcher, events=events)

    @classmethod
    def open(cls, folder: Path, *, watcher: Watcher | None = None, events: bool = True) -> Run:
        """Opens a run to go on with it.

        Raises:
            RunError: there is no such run, or its settings are damaged.
        """
        path = folder / "settings.json"
        try:
            plan = Plan.from_json(json.loads(path.read_text(encoding="utf-8"))["plan"])
        except FileNotFoundError:
            raise RunError(f"There is no run in {folder}; see `python -m training runs`.") from None
        except (ValueError, KeyError, TypeError) as error:
            raise RunError(f"{path} is damaged; start a new run.") from error
        return cls(folder, plan, watcher=watcher, events=events)

    @property
    def name(self) -> str:
        """What ``--resume`` calls it."""
        return self.folder.name

    @property
    def device(self) -> str:
        """What its epochs were computed on, where that is not this machine's processor."""
        settings = json.loads((self.folder / "settings.json").read_text(encoding="utf-8"))
        return str(settings.get("device", ""))

    @property
    def checkpoint_path(self) -> Path:
        """The state after the last whole epoch."""
        return self.folder / "checkpoints" / "last.npz"

    @property
    def metrics_path(self) -> Path:
        """The table with a row for each epoch."""
        return self.folder / "metrics.csv"

    def resume_state(self) -> Checkpoint | None:
        """Where to go on, or None for the beginning; later rows of the table are taken back.

        Raises:
            RunError: the checkpoint is damaged.
        """
        checkpoint = load_checkpoint(self.checkpoint_path)
        done = checkpoint.epoch if checkpoint else 0
        rows = self.metrics()
        if any(row.epoch > done for row in rows):
            self._write_metrics([row for row in rows if row.epoch <= done])
        return checkpoint

    def epochs_done(self) -> int:
        """Whole epochs behind the run.

        Raises:
            RunError: the checkpoint is damaged.
        """
        checkpoint = load_checkpoint(self.checkpoint_path)
        return checkpoint.epoch if checkpoint else 0

    def finish_epoch(self, record: EpochRecord, checkpoint: Checkpoint) -> None:
        """Records an epoch and saves the state after it; a stop in between takes the epoch back as a whole."""
        self.log_epoch(record)
        save_checkpoint(self.checkpoint_path, checkpoint)

    def log_epoch(self, record: EpochRecord) -> None:
        """Adds an epoch to the table and to TensorBoard's events, and tells the watcher."""
        self._write_metrics([*self.metrics(), record])
        if self._with_events:
            self._write_events(record)
        self.watcher.epoch(record)

    def metrics(self) -> list[EpochRecord]:
        """The epochs so far."""
        return read_metrics(self.metrics_path)

    def log(self, line: str, *, quietly: bool = False) -> None:
        """Writes a line to the log and, unless quietly, to the watcher."""
        append_durably(self.folder / "log.txt", f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {line}")
        if not quietly:
            self.watcher.say(line)

    def finish(self, outcome: Mapping[str, Any]) -> None:
        """Records how the run ended."""
        replace_durably(self.folder / "outcome.json", _json_bytes(dict(outcome)))
        self.close()

    def close(self) -> None:
        """Closes the event file."""
        if self._events is not None:
            self._events.close()
            self._events = None

    def _write_metrics(self, rows: Sequence[EpochRecord]) -> None:
        text = io.StringIO()
        writer = csv.DictWriter(text, [field.name for field in fields(EpochRecord)], lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: "" if value is None else value for key, value in asdict(row).items()} for row in rows)
        replace_durably(self.metrics_path, text.getvalue().encode())

    def _write_events(self, record: EpochRecord) -> None:
        import tensorflow as tf

        if self._events is None:
            self._events = tf.summary.create_file_writer(str(self.folder / "events"))
        with self._events.as_default(step=record.epoch):
            for name, value in asdict(record).items():
                if name != "epoch" and value is not None:
                    tf.summary.scalar(name, value)
        self._events.flush()


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One line of ``python -m training runs``.

    Attributes:
        name: of its folder.
        plan: what it computes; None when its settings cannot be read.
        epochs_done: whole epochs.
        state: ``done``, ``resumable``, or ``damaged``.
        last: the last epoch's row.
        outcome: as :meth:`Run.finish` recorded it; empty before.
    """

    name: str
    plan: Plan | None
    epochs_done: int
    state: str
    last: EpochRecord | None
    outcome: Mapping[str, Any]


def list_runs(runs_dir: Path) -> list[RunSummary]:
    """All runs, oldest first; folders without settings are no runs."""
    folders = [path.parent for path in runs_dir.glob("*/settings.json")]
    return [_summary(folder) for folder in sorted(folders, key=_age)]


def latest_resumable(runs_dir: Path) -> Path:
    """The youngest run that did not end.

    Raises:
        RunError: there is none.
    """
    for summary in reversed(list_runs(runs_dir)):
        if summary.state == "resumable":
            return runs_dir / summary.name
    raise RunError(f"There is no run to resume in {runs_dir}; see `python -m training runs`.")


def read_metrics(path: Path) -> list[EpochRecord]:
    """Reads a table of epochs; no table is no epochs.

    Raises:
        RunError: the table is damaged.
    """
    if not path.exists():
        return []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return [
                EpochRecord(
                    epoch=int(row["epoch"]),
                    **{name: float(value) if value else None for name, value in row.items() if name != "epoch"},  # type: ignore[arg-type]
                )
                for row in csv.DictReader(file)
            ]
    except (ValueError, KeyError, TypeError) as error:
        raise RunError(f"{path} is damaged.") from error


def versions() -> dict[str, str]:
    """Python's version and those of the packages that decide what a run computes."""
    found = {"python": platform.python_version(), "platform": sys.platform}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def peak_memory_mib() -> int | None:
    """The most memory that this process has had, MiB; None where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "linux" else peak // 1024**2


def _summary(folder: Path) -> RunSummary:
    try:
        run = Run.open(folder, events=False)
        rows = run.metrics()
        outcome_path = folder / "outcome.json"
        outcome = json.loads(outcome_path.read_text(encoding="utf-8")) if outcome_path.exists() else {}
    except (RunError, ValueError):
        return RunSummary(folder.name, None, 0, "damaged", None, {})
    last = rows[-1] if rows else None
    return RunSummary(
        folder.name, run.plan, last.epoch if last else 0, "done" if outcome else "resumable", last, outcome
    )


def _age(folder: Path) -> tuple[float, str]:
    return (folder / "settings.json").stat().st_mtime, folder.name


def _json_bytes(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
