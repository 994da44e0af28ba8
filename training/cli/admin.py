"""What an admin does beside training: look at runs and models, bring one back, decide on corrections."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.settings import Settings
from bot.vision.labels import SAID_NAMES
from training.errors import TrainingError
from training.runs.folders import RunSummary, list_runs
from training.runs.history import Entry, Event, Models
from training.runs.store import has_store, note_to_share, open_store, share_with_replicas

if TYPE_CHECKING:
    from bot.storage.storage import AdminStorage
    from bot.storage.types import Correction


MOST_LISTED: Final = 500
"""Corrections that are listed at once."""


def show_runs(runs_dir: Path, models: Models) -> None:
    """Prints all runs side by side, then what was published."""
    runs = list_runs(runs_dir)
    if runs:
        heading = ("run", "state", "epochs", "loss", "accuracy", "val", "test", "photos", "seed", "settings")
        print(text_table([heading, *(_run_row(summary) for summary in runs)]))
    else:
        print(f"No runs in {runs_dir} yet; make one: python -m training --preset lesson")
    entries = models.history()
    if entries:
        print()
        columns = ("when", "what", "model", "run", "test", "held out", "photos", "reasons")
        print(text_table([columns, *(_entry_row(entry) for entry in entries)]))
    if live := models.live():
        print(f"\nlive: {live.version}{' (shipped)' if live.shipped else ''}")


def roll_back_and_say(models: Models, version: str | None, settings: Settings, root: Path) -> None:
    """Brings a model back and says which one is live now.

    Raises:
        TrainingError: there is no such model, or it is damaged.
    """
    from training.runs.publish import roll_back

    note_to_share(models, settings, root)
    model = roll_back(models, version)
    print(f"{model.version} is live again{' (the shipped model)' if model.shipped else ''}.")
    if told := share_with_replicas(models, settings, root):
        print(told)


def corrections(action: str, ids: Sequence[int], models: Models, settings: Settings, root: Path) -> None:
    """Lists corrections, or accepts or rejects some.

    Args:
        action: ``list``, ``accept`` or ``reject``.
        ids: which ones to decide on.
        models: the models folder; with PostgreSQL the set that replicas share is the live one.
        settings: name the database.
        root: relative paths start here.

    Raises:
        TrainingError: no such correction, none named, or no database.
    """
    from bot.storage.types import CorrectionId, Status

    if action != "list" and not ids:
        raise TrainingError(f"Name what to {action}: python -m training corrections {action} ID...")
    if not has_store(settings, root):
        if action == "list":
            print("No corrections yet: the bot has not run here, or DATABASE_URL is not set.")
            return
        raise TrainingError(f"No correction {', '.join(map(str, ids))}: the bot has not run here.")
    with open_store(settings, root) as storage:
        store = storage.corrections
        if action == "list":
            _list_corrections(storage, _live_version(storage, models))
            return
        status = Status.ACCEPTED if action == "accept" else Status.REJECTED
        missing = [number for number in ids if not store.decide(CorrectionId(number), status)]
        print(f"{len(ids) - len(missing)} {status.value}")
    if missing:
        numbers = ", ".join(map(str, missing))
        raise TrainingError(f"No correction {numbers}: undone, forgotten or expired.")


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """Columns of text, as wide as a terminal shows them; the first row is the heading."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    rule = ["-" * width for width in (*widths[:-1], _width(rows[0][-1]))]  # the last column may hold long sentences
    ruled = [*rows[:1], rule, *rows[1:]]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in ruled
    )


def _live_version(storage: AdminStorage, models: Models) -> str | None:
    live = (storage.models.latest_model() if storage.shared else None) or models.live()
    return live.version if live else None


def _list_corrections(storage: AdminStorage, live: str | None) -> None:
    from bot.storage.types import Status

    heading = ("id", "when", "the model said", "sure", "a person said", "share left for it", "live", "model")
    totals = storage.corrections.totals()
    waiting = storage.corrections.surprising(live, limit=MOST_LISTED)
    if waiting:
        print(text_table([heading, *(_correction_row(each, live) for each in waiting)]))
        print("The most surprising first. Decide on many at once: python -m training corrections accept ID ID ...")
    if (left_out := totals[Status.PENDING] - len(waiting)) > 0:
        print(f"{left_out} less surprising ones are not shown.")
    if others := storage.corrections.judged_by_others(live):
        print(
            f"{others} of those that wait stand where the set that answered put them: the live one "
            f"({live or 'there is none'}) was not asked yet, which a running bot does, or does not find the garment."
        )
    print(", ".join(f"{totals[status]} {status.value}" for status in Status))


def _correction_row(correction: Correction, live: str | None) -> tuple[str, ...]:
    left = correction.share_left_by(live)
    return (
        str(correction.id),
        f"{correction.created:%Y-%m-%d %H:%M}",
        SAID_NAMES[correction.predicted],
        f"{correction.share:.0%}",
        SAID_NAMES[correction.right],
        f"{correction.share_of_right:.0%}",
        "-" if left is None else f"{left:.0%}",
        correction.model_version,
    )


def _run_row(summary: RunSummary) -> tuple[str, ...]:
    plan, last, figures = summary.plan, summary.last, summary.outcome.get("figures", {})
    outcome = str(summary.outcome.get("state", "")).replace("_", " ")
    state = summary.state if summary.state != "done" else outcome or "done"
    return (
        summary.name,
        state,
        f"{summary.epochs_done}/{plan.epochs}" if plan else "-",
        _number(last.loss if last else None),
        _number(last.accuracy if last else None),
        _number(last.val_accuracy if last else None),
        _number(figures.get("test_accuracy")),
        _number(figures.get("balanced_accuracy")),
        str(plan.seed) if plan else "-",
        ", ".join(plan.changes()) if plan else "",
    )


def _entry_row(entry: Entry) -> tuple[str, ...]:
    said = "; ".join(entry.reasons)
    return (
        entry.time[:16].replace("T", " "),
        entry.event.value.replace("_", " ") + (" by force" if entry.forced and entry.event is Event.PUBLISHED else ""),
        entry.version,
        entry.run or "-",
        _number(entry.figures.test_accuracy),
        _number(entry.figures.held_out_accuracy),
        _number(entry.figures.balanced_accuracy),
        said,
    )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
