"""What ``--tune`` found, read back for ``--from-trial``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bot.registry.files import replace_durably
from training.errors import TrainingError
from training.runs.folders import list_runs

TRIALS: Final = "trials.json"
"""File in a search's folder: its trials, best first."""

BEST: Final = "best"


def write_trials(folder: Path, trials: Sequence[Mapping[str, Any]]) -> None:
    """Keeps a search's trials, best first, each with ``number``, ``settings`` and ``score``."""
    replace_durably(folder / TRIALS, (json.dumps(list(trials), indent=2) + "\n").encode())


def settings_of_trial(named: str, runs_dir: Path) -> tuple[str, dict[str, float]]:
    """The recipe and the settings of a trial.

    Args:
        named: ``RUN/3``, ``3`` or ``best`` of the youngest search, or ``RUN`` for its best.
        runs_dir: where runs are kept.

    Raises:
        TrainingError: there is no such search or trial, or the trial failed.
    """
    searches = {run.name: run.plan.preset for run in list_runs(runs_dir) if run.plan and run.plan.trials}
    name, _, number = named.rstrip("/").rpartition("/")
    if not name and number in searches:
        name, number = number, BEST
    name = Path(name).name or next(reversed(searches), "")
    if name not in searches:
        known = ", ".join(searches) or "none; make one: python -m training --tune 10"
        raise TrainingError(f"There is no search {name or named!r} in {runs_dir}; there are: {known}.")
    try:
        trials = json.loads((runs_dir / name / TRIALS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise TrainingError(f"{name} has not ended; go on with: python -m training --resume {name}") from None
    good = [trial for trial in trials if trial["score"] is not None]
    chosen = good[:1] if number in ("", BEST) else [trial for trial in good if str(trial["number"]) == number]
    if not chosen:
        numbers = ", ".join(str(trial["number"]) for trial in good) or "none"
        raise TrainingError(f"{name} has no trial {number!r} that succeeded; there are, best first: {numbers}.")
    return searches[name], dict(chosen[0]["settings"])
