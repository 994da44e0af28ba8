"""Run folders: what was trained, with what, how it went, and where it can be taken up again.

runs/2026-08-01-lesson-1/
    lock                which process works on it
    settings.json       the plan, the versions, the command, the commit, the data's fingerprint
    start.json          what a refresh started from
    metrics.csv         a row an epoch
    log.txt             what was said, with times
    checkpoints/        the state after the last whole epoch
    events/             for TensorBoard
    outcome.json        how it ended: figures, published or why not
    *.png               pictures, once it has ended
"""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import json
import platform
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from bot.registry.files import append_durably, replace_durably
from bot.registry.locks import FileLock
from training.errors import RunError, TrainingError
from training.plan import Plan
from training.presets import plan_from_json
from training.runs.checkpoints import Checkpoint, load_checkpoint, save_checkpoint
from training.runs.early_stopping import best_epoch, has_stopped
from training.runs.interruption import Interruption
from training.runs.lock import is_locked, lock_run
from training.runs.pace import in_words

RUNS_DIR: Final = Path(__file__).resolve().parents[2] / "runs"
CACHE: Final = "cache"
"""Folder beside the runs that keeps what was found in photos of the list; corrections are never kept."""

START: Final = "start.json"
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


@dataclass(frozen=True, slots=True)
class Start:
    """What a refresh started from, before its first step.

    Attributes:
        val_loss: on pictures that are not trained on.
        val_accuracy: the same, 0..1.
    """

    val_loss: float
    val_accuracy: float


class ProgressListener:
    """Is told how a run goes; this one stays silent. :class:`training.runs.progress.TerminalProgress` draws it."""

    def begin(self, epochs: int, done: int) -> None:
        """Training begins with ``done`` of ``epochs`` epochs already behind it."""

    def part(self, fraction: float, loss: float | None = None, accuracy: float | None = None) -> None:
        """``fraction`` (0..1) of the current epoch is done."""

    def epoch(self, record: EpochRecord) -> None:
        """An epoch is done."""

    def stage(self, name: str, done: int, total: int) -> None:
        """``done`` of ``total`` of something beside the epochs are done: photos looked at, models measured."""

    def say(self, line: str) -> None:
        """Something worth a line."""

    def end(self) -> None:
        """Training is over."""


class Run:
    """One training run and its folder.

    Attributes:
        folder: where everything about it is kept.
        plan: what it computes.
        listener: who is told how it goes.
        interruption: tells whether somebody asked to stop.
    """

    def __init__(
        self,
        folder: Path,
        plan: Plan,
        *,
        listener: ProgressListener | None = None,
        events: bool = True,
        interruption: Interruption | None = None,
    ) -> None:
        self.folder = folder
        self.plan = plan
        self.listener = listener or ProgressListener()
        self.interruption = interruption or Interruption()
        self._lock: FileLock | None = None
        self._events: Any = None
        self._with_events = events
        self._seconds: list[float] = []

    @classmethod
    def create(
        cls,
        runs_dir: Path,
        plan: Plan,
        *,
        command: Sequence[str] = (),
        device: str = "",
        about: Mapping[str, Any] = MappingProxyType({}),
        listener: ProgressListener | None = None,
        events: bool = True,
        interruption: Interruption | None = None,
        locked: bool = False,
    ) -> Run:
        """Makes the folder ``<date>-<preset>-<n>`` with its settings.

        Args:
            runs_dir: made when it is not there.
            plan: what the run computes.
            command: the arguments that it was asked for with.
            device: what computes its epochs, where that is not this machine's processor.
            about: further settings: what it is made from.
            listener: is told how it goes.
            events: whether TensorBoard's are written.
            interruption: tells whether somebody asked to stop.
            locked: no other process can have it, from before it can be seen.

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
            "id": uuid.uuid4().hex,
            "plan": plan.to_json(),
            "created": now.isoformat(timespec="seconds"),
            "command": list(command),
            "device": device,
            **about,
            "versions": versions(),
        }
        run = cls(folder, plan, listener=listener, events=events, interruption=interruption)
        if locked:
            run.lock()
        replace_durably(folder / "settings.json", _json_bytes(settings))
        return run

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        listener: ProgressListener | None = None,
        events: bool = True,
        interruption: Interruption | None = None,
    ) -> Run:
        """Opens a run to go on with it.

        Raises:
            RunError: there is no such run, or its settings are damaged.
        """
        path = folder / "settings.json"
        try:
            plan = plan_from_json(json.loads(path.read_text(encoding="utf-8"))["plan"])
        except FileNotFoundError:
            raise RunError(f"There is no run in {folder}; see `python -m training runs`.") from None
        except (ValueError, KeyError, TypeError, TrainingError) as error:
            raise RunError(f"{path} is damaged; start a new run.") from error
        return cls(folder, plan, listener=listener, events=events, interruption=interruption)

    def lock(self) -> None:
        """Keeps other processes away until :meth:`close`, or until this one ends.

        Raises:
            RunError: another process works on it.
        """
        if self._lock is None:
            self._lock = lock_run(self.folder)

    @property
    def name(self) -> str:
        """What ``--resume`` calls it."""
        return self.folder.name

    @property
    def device(self) -> str:
        """What its epochs were computed on, where that is not this machine's processor."""
        return str(self._settings().get("device", ""))

    @property
    def id(self) -> str:
        """Tells it from a run of the same name in another folder, or before it; empty for runs of older versions."""
        return str(self._settings().get("id", ""))

    @property
    def data(self) -> Mapping[str, str]:
        """The fingerprint of the data that it was made for; empty for runs of older versions."""
        return dict(self._settings().get("data") or {})

    @property
    def checkpoint_path(self) -> Path:
        """The state after the last whole epoch."""
        return self.folder / "checkpoints" / "last.npz"

    @property
    def best_checkpoint_path(self) -> Path:
        """The state after the best epoch, where the plan has patience."""
        return self.folder / "checkpoints" / "best.npz"

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
        if self.plan.patience and best_epoch(self.metrics()) == record.epoch:
            save_checkpoint(self.best_checkpoint_path, checkpoint)
        save_checkpoint(self.checkpoint_path, checkpoint)

    def has_stopped(self) -> bool:
        """Whether the plan's patience is at its end."""
        return has_stopped(self.metrics(), self.plan.patience)

    def record_start(self, start: Start) -> None:
        """Notes what a refresh starts from."""
        replace_durably(self.folder / START, _json_bytes(asdict(start)))

    def start(self) -> Start | None:
        """What it started from; None for a training from scratch."""
        try:
            return Start(**json.loads((self.folder / START).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def best_checkpoint(self) -> Checkpoint | None:
        """The state after the epoch to keep, where the plan has patience; None where the last one is kept.

        Raises:
            RunError: the checkpoint is damaged.
        """
        return load_checkpoint(self.best_checkpoint_path) if self.plan.patience else None

    def kept_epoch(self) -> int:
        """The epoch whose weights are kept."""
        records = self.metrics()
        return best_epoch(records) if self.plan.patience else records[-1].epoch if records else 0

    def log_epoch(self, record: EpochRecord) -> None:
        """Adds an epoch to the table, to the log and to TensorBoard's events, and tells the listener."""
        self._write_metrics([*self.metrics(), record])
        self.log(f"{epoch_line(record, self.plan.epochs)}{self._left(record)}", quietly=True)
        if self._with_events:
            self._write_events(record)
        self.listener.epoch(record)

    def _left(self, record: EpochRecord) -> str:
        """The time that the epochs to come will take, by those of this process."""
        self._seconds += [record.seconds] if record.seconds is not None else []
        if not self._seconds or record.epoch >= self.plan.epochs:
            return ""
        return f"  {in_words(sum(self._seconds) / len(self._seconds) * (self.plan.epochs - record.epoch))} left"

    def metrics(self) -> list[EpochRecord]:
        """The epochs so far."""
        return read_metrics(self.metrics_path)

    def log(self, line: str, *, quietly: bool = False) -> None:
        """Writes a line to the log and, unless quietly, to the listener."""
        append_durably(self.folder / "log.txt", f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {line}")
        if not quietly:
            self.listener.say(line)

    def stage(self, name: str, done: int, total: int) -> None:
        """Tells the listener how far something beside the epochs is, and stops here if somebody asked for it.

        Raises:
            KeyboardInterrupt: somebody did.
        """
        self.interruption.check()
        self.listener.stage(name, done, total)

    def finish(self, outcome: Mapping[str, Any]) -> None:
        """Records how the run ended."""
        replace_durably(self.folder / "outcome.json", _json_bytes(dict(outcome)))
        self.close()

    def close(self) -> None:
        """Closes the event file, and lets other processes have the run."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self._events is not None:
            self._events.close()
            self._events = None

    def _settings(self) -> Mapping[str, Any]:
        settings: Mapping[str, Any] = json.loads((self.folder / "settings.json").read_text(encoding="utf-8"))
        return settings

    def _write_metrics(self, rows: Sequence[EpochRecord]) -> None:
        text = io.StringIO()
        writer = csv.DictWriter(text, [field.name for field in fields(EpochRecord)], lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: "" if value is None else value for key, value in asdict(row).items()} for row in rows)
        replace_durably(self.metrics_path, text.getvalue().encode())

    def _write_events(self, record: EpochRecord) -> None:
        import tensorflow as tf

        folder = self.folder / "events"
        try:
            if self._events is None:
                self._events = tf.summary.create_file_writer(str(folder))
            with self._events.as_default(step=record.epoch):
                for name, value in asdict(record).items():
                    if name != "epoch" and value is not None:
                        tf.summary.scalar(name, value)
            self._events.flush()
        except tf.errors.OpError as error:  # of a full disk, too
            self._events = None
            raise OSError(errno.EIO, "TensorBoard's events cannot be written", str(folder)) from error


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One line of ``python -m training runs``.

    Attributes:
        name: of its folder.
        plan: what it computes; None when its settings cannot be read.
        epochs_done: whole epochs.
        state: ``done``, ``running``, ``resumable``, or ``damaged``.
        last: the last epoch's row.
        outcome: as :meth:`Run.finish` recorded it; empty before.
    """

    name: str
    plan: Plan | None
    epochs_done: int
    state: str
    last: EpochRecord | None
    outcome: Mapping[str, Any]


def check_runs_dir(runs_dir: Path) -> None:
    """Only the folder where runs are kept by default may not be there yet.

    Raises:
        TrainingError: a folder that somebody named is not there, or is a file.
    """
    if runs_dir != RUNS_DIR and not runs_dir.is_dir():
        what = "is a file, not a folder" if runs_dir.exists() else "is not there"
        raise TrainingError(f"{runs_dir} {what}; is --runs-dir mistyped?")


def list_runs(runs_dir: Path) -> list[RunSummary]:
    """All runs, oldest first; folders without settings are no runs."""
    folders = [path.parent for path in runs_dir.glob("[!.]*/settings.json")]
    return [_summary(folder) for folder in sorted(folders, key=_age)]


def latest_resumable(runs_dir: Path) -> Path:
    """The youngest run that did not end.

    Raises:
        RunError: there is none.
    """
    summaries = list_runs(runs_dir)
    for summary in reversed(summaries):
        if summary.state == "resumable":
            return runs_dir / summary.name
    running = [summary.name for summary in summaries if summary.state == "running"]
    but = f" ({', '.join(running)} still running)" if running else ""
    raise RunError(f"There is no run to resume in {runs_dir}{but}; see `python -m training runs`.")


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
    """The most memory that this program has had, MiB; None where the system does not tell (Windows).

    Linux counts in ``ru_maxrss`` what the process had that started it, up to the moment when it became this program.
    """
    with contextlib.suppress(OSError, StopIteration, ValueError):
        status = Path("/proc/self/status").read_text(encoding="ascii")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) // 1024
    try:
        import resource
    except ImportError:
        return None
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_kib // 1024 if sys.platform == "linux" else peak_kib // 1024**2


def _summary(folder: Path) -> RunSummary:
    try:
        run = Run.open(folder, events=False)
        rows = run.metrics()
        outcome_path = folder / "outcome.json"
        outcome = json.loads(outcome_path.read_text(encoding="utf-8")) if outcome_path.exists() else {}
    except (RunError, ValueError):
        return RunSummary(folder.name, None, 0, "damaged", None, {})
    last = rows[-1] if rows else None
    state = "done" if outcome else "running" if is_locked(folder) else "resumable"
    return RunSummary(folder.name, run.plan, last.epoch if last else 0, state, last, outcome)


def _age(folder: Path) -> tuple[float, str]:
    return (folder / "settings.json").stat().st_mtime, folder.name


def _json_bytes(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
