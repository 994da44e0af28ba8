"""A whole ``python -m training`` for a store of corrections, and what it changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks.corrections.cases import cases, drawn, fill, is_right, right_of_cases, right_of_others
from benchmarks.corrections.people import people, people_kept
from bot.settings import PROJECT_ROOT
from training.engine.comparison import live_set
from training.runs.history import Models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.registry.history import Entry

LIMIT_S: Final = 600.0
MOST_MIB: Final = 2048


class RefreshFailedError(Exception):
    """The training ended without a set."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a benchmark plays.

    Attributes:
        data_dir: has the photos.
        models_dir: has the set to begin with; left as it is.
        runs_dir: gets the runs, and what training keeps of photos, which is used again.
        corrections: at most so many.
    """

    data_dir: Path
    models_dir: Path
    runs_dir: Path
    corrections: int


def refresh_all(scene: Scene, *, poison: float = 0.0, whole_gate: bool = False) -> list[list[str]]:
    """Fill a store, accept everything, refresh by force, and compare.

    Args:
        scene: where.
        poison: share of the corrections that is mislabelled.
        whole_gate: those kept for calibration correct, and the gate judges by all validation photos.

    Returns:
        The rows of a table.

    Raises:
        RefreshFailedError: there is no set to begin with, or the training failed.
    """
    with tempfile.TemporaryDirectory(prefix="corrections-") as folder:
        root = Path(folder)
        shutil.copytree(scene.models_dir, root / "models", ignore=shutil.ignore_patterns("live", "pictures"))
        models = Models(root / "models")
        if (old := models.live()) is None:
            raise RefreshFailedError(f"There is no model in {scene.models_dir}.")
        networks, chosen = live_set(old), people_kept() if whole_gate else people()
        corrected = drawn(list(cases(chosen, networks, scene.data_dir)), scene.corrections)
        bad = fill(root, corrected, poison, networks)
        print(f"{len(corrected)} corrections, {bad} of them mislabelled", flush=True)
        before = {
            "corrected": [is_right(case.named, case.outcomes) for case in corrected],
            "other photos of the same people": right_of_others(chosen.others, networks, scene.data_dir),
        }
        started = time.monotonic()
        child = [sys.executable, "-m", "benchmarks.corrections.refresh"]
        child += ["whole-gate" if whole_gate else "without-their-photos", str(root), "--force"]
        child += ["--models-dir", str(models.folder), "--data-dir", str(scene.data_dir)]
        if subprocess.run([*child, "--runs-dir", str(scene.runs_dir)], cwd=PROJECT_ROOT, check=False).returncode != 0:
            raise RefreshFailedError("The refresh failed.")
        seconds = time.monotonic() - started
        new = models.live()
        assert new is not None
        now = live_set(new)
        after = {
            "corrected": right_of_cases(corrected, now),
            "other photos of the same people": right_of_others(chosen.others, now, scene.data_dir),
        }
        entry = models.history()[-1]
        outcome: dict[str, Any] = json.loads((scene.runs_dir / str(entry.run) / "outcome.json").read_text("utf-8"))
    return [["", "photos", "before", "after"], *_rows(before, after, entry), *_told(seconds, outcome, entry)]


def within_limits(rows: Sequence[Sequence[str]]) -> bool:
    """Whether minutes and memory of a table are."""
    values = {row[0]: row[2] for row in rows}
    return float(values["minutes"]) * 60 <= LIMIT_S and float(values["memory, MiB"]) <= MOST_MIB


def _rows(before: dict[str, list[bool]], after: dict[str, list[bool]], entry: Entry) -> list[list[str]]:
    rows = [
        [name, str(len(right)), f"{np.mean(right):.3f}", f"{np.mean(after[name]):.3f}"]
        for name, right in before.items()
    ]
    old, new = vars_of(entry.before), vars_of(entry.figures)
    return rows + [[f"everybody else: {name}", "", _share(value), _share(new[name])] for name, value in old.items()]


def _told(seconds: float, outcome: dict[str, Any], entry: Entry) -> list[list[str]]:
    refused = "; ".join(entry.reasons) or "would publish it"
    return [
        ["minutes", "", f"{seconds / 60:.1f}", ""],
        ["memory, MiB", "", str(outcome.get("peak_memory_mib") or 0), ""],
        ["the gate", "", refused, ""],
    ]


def vars_of(figures: object) -> dict[str, float | None]:
    """The figures by name."""
    return {name: getattr(figures, name) for name in figures.__slots__}  # type: ignore[attr-defined]


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
