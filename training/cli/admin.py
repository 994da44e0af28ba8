"""What an admin does beside training: look at runs and models, bring one back."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from bot.registry.history import Entry, Event
from bot.settings import Settings
from training.presets import changes_of
from training.runs.folders import RunSummary, list_runs
from training.runs.history import Models, figure_text
from training.runs.store import note_to_share, share_with_replicas


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


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """Columns of text, as wide as a terminal shows them; the first row is the heading."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    rule = ["-" * width for width in (*widths[:-1], _width(rows[0][-1]))]  # the last column may hold long sentences
    ruled = [*rows[:1], rule, *rows[1:]]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in ruled
    )


def _run_row(summary: RunSummary) -> tuple[str, ...]:
    plan, last, figures = summary.plan, summary.last, summary.outcome.get("figures", {})
    outcome = str(summary.outcome.get("state", "")).replace("_", " ")
    state = summary.state if summary.state != "done" else outcome or "done"
    return (
        summary.name,
        state,
        f"{summary.epochs_done}/{plan.epochs}" if plan else "-",
        figure_text(last.loss if last else None),
        figure_text(last.accuracy if last else None),
        figure_text(last.val_accuracy if last else None),
        figure_text(figures.get("test_accuracy")),
        figure_text(figures.get("balanced_accuracy")),
        str(plan.seed) if plan else "-",
        ", ".join(changes_of(plan)) if plan else "",
    )


def _entry_row(entry: Entry) -> tuple[str, ...]:
    said = "; ".join(entry.reasons)
    return (
        entry.time[:16].replace("T", " "),
        entry.event.value.replace("_", " ") + (" by force" if entry.forced and entry.event is Event.PUBLISHED else ""),
        entry.version,
        entry.run or "-",
        figure_text(entry.figures.test_accuracy),
        figure_text(entry.figures.held_out_accuracy),
        figure_text(entry.figures.balanced_accuracy),
        said,
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
