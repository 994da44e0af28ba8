"""``python -m training runs``: what became of each run, two runs side by side, and runs deleted; also as JSON."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from training.cli.admin import show_runs, text_table
from training.errors import RunError, TrainingError
from training.runs.folders import Run, RunSummary, check_runs_dir, list_runs, read_metrics
from training.runs.history import MEASURED_ON, Models, figure_text
from training.runs.lock import is_locked

RUNS_TAKEN: Final = {"list": "no name", "show": "one run", "compare": "two runs", "delete": "runs"}
"""What follows each of the actions."""

_SHORT: Final = 12
_UNKNOWN: Final = "unknown"


def run_command(args: argparse.Namespace, models: Models) -> None:
    """Carries out ``runs`` and what follows it.

    Raises:
        TrainingError: a run or the folder is not there, or too many or too few are named.
    """
    check_runs_dir(args.runs_dir)
    names, runs_dir = args.names, args.runs_dir
    match args.action, len(names):
        case ("list", 0):
            if args.json:
                print(runs_as_json(runs_dir, models))
            else:
                show_runs(runs_dir, models)
        case ("show", 1):
            print(show_run(names[0], runs_dir, as_json=args.json))
        case ("compare", 2):
            print(compare_runs(names[0], names[1], runs_dir, as_json=args.json))
        case ("delete", _):
            for name in delete_runs(names, runs_dir, even_resumable=args.yes):
                print(f"{name} is deleted.")
        case _:
            raise TrainingError(
                f"`runs {args.action}` takes {RUNS_TAKEN[args.action]} (see python -m training runs --help)"
            )


def runs_as_json(runs_dir: Path, models: Models) -> str:
    """All runs and the history of what was published, as one JSON value."""
    live = models.live()
    value = {
        "runs": [_as_json(summary, runs_dir) for summary in list_runs(runs_dir)],
        "history": [asdict(entry) for entry in models.history()],
        "live": live.version if live else None,
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def show_run(name: str, runs_dir: Path, *, as_json: bool = False) -> str:
    """Everything about one run.

    Raises:
        RunError: there is no such run, or it is damaged.
    """
    folder = _folder(name, runs_dir)
    summary, settings = _summary(folder), _settings(folder)
    records = read_metrics(folder / "metrics.csv")
    if as_json:
        value = {**_as_json(summary, runs_dir), "epochs": [asdict(record) for record in records]}
        return json.dumps(value, ensure_ascii=False, indent=2)
    data = settings.get("data") or {}
    facts = [
        ("run", summary.name),
        ("state", _state(summary)),
        ("created", str(settings.get("created", "-"))),
        ("command", " ".join(["python -m training", *settings.get("command", [])])),
        ("commit", str(settings.get("commit") or _UNKNOWN)),
        *((f"data: {part}", str(digest)[:_SHORT]) for part, digest in data.items()),
        *((setting, str(value)) for setting, value in (summary.plan.to_json() if summary.plan else {}).items()),
        *(("reason", str(reason)) for reason in summary.outcome.get("reasons", ())),
        *((name, figure_text(value)) for name, value in (summary.outcome.get("figures") or {}).items()),
        *(
            (name, str(summary.outcome[name]))
            for name in ("version", "seconds", "corrections")
            if name in summary.outcome
        ),
    ]
    width = max(len(name) for name, _ in facts)
    told = "\n".join(f"{name:<{width}}  {value}" for name, value in facts)
    if records:
        columns = list(asdict(records[0]))
        told += "\n\n" + text_table([columns, *([_value(each) for each in asdict(row).values()] for row in records)])
    if (folder / "report.md").exists():
        told += f"\n\n{folder / 'report.md'}"
    return told


def compare_runs(first: str, second: str, runs_dir: Path, *, as_json: bool = False) -> str:
    """Two runs side by side: the settings in which they differ, and the figures that can be compared.

    A figure can be when both runs measured it on the same data.

    Raises:
        RunError: there is no such run, or it is damaged.
    """
    folders = [_folder(name, runs_dir) for name in (first, second)]
    one, two = (_summary(folder) for folder in folders)
    plans = [summary.plan.to_json() if summary.plan else {} for summary in (one, two)]
    data = [_settings(folder).get("data") or {} for folder in folders]
    commits = [_settings(folder).get("commit") for folder in folders]
    differing = {name: [plan.get(name) for plan in plans] for name in plans[0] | plans[1] if _differ(name, *plans)}
    if commits[0] != commits[1]:
        differing["commit"] = commits
    figures = {name: _compared(name, one.outcome, two.outcome, *data) for name in MEASURED_ON}
    if as_json:
        return json.dumps({"runs": [one.name, two.name], "settings": differing, "figures": figures}, indent=2)
    rows = [
        ("", one.name, two.name, "difference"),
        ("state", _state(one), _state(two), ""),
        *((name, _value(values[0]), _value(values[1]), "") for name, values in differing.items()),
        *(
            (name, figure_text(each["first"]), figure_text(each["second"]), _difference(each))
            for name, each in figures.items()
            if (each["first"], each["second"]) != (None, None)
        ),
    ]
    return text_table(rows)


def delete_runs(names: Sequence[str], runs_dir: Path, *, even_resumable: bool = False) -> list[str]:
    """Deletes runs, all or none; what was published stays published.

    Args:
        names: of the runs.
        runs_dir: where they are.
        even_resumable: also those that could still be gone on with.

    Returns:
        The names of what was deleted.

    Raises:
        RunError: none is named, one is not there, is running, or could still be resumed.
    """
    if not names:
        raise RunError("Name what to delete: python -m training runs delete RUN...")
    folders = [_folder(name, runs_dir) for name in dict.fromkeys(names)]
    states = {summary.name: summary.state for summary in list_runs(runs_dir)}
    for folder in folders:
        if is_locked(folder):
            raise RunError(f"{folder.name} is running: stop it first.")
        if states[folder.name] == "resumable" and not even_resumable:
            raise RunError(f"{folder.name} can still be gone on with (--resume {folder.name}); delete it with --yes.")
    for folder in folders:
        going = folder.rename(folder.with_name(f".deleted-{folder.name}"))  # no half a run is ever seen
        shutil.rmtree(going)
    return [folder.name for folder in folders]


def _folder(name: str, runs_dir: Path) -> Path:
    """The folder of a run, by its name or its path, always right below ``runs_dir``."""
    folder = runs_dir / Path(name).name
    if not (folder / "settings.json").is_file():
        raise RunError(f"There is no run {name!r} in {runs_dir}; see `python -m training runs`.")
    return folder


def _summary(folder: Path) -> RunSummary:
    Run.open(folder, events=False)  # says what is wrong with a damaged one
    return next(summary for summary in list_runs(folder.parent) if summary.name == folder.name)


def _settings(folder: Path) -> Mapping[str, Any]:
    settings: Mapping[str, Any] = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    return settings


def _as_json(summary: RunSummary, runs_dir: Path) -> dict[str, Any]:
    return {
        "name": summary.name,
        "state": summary.state,
        "epochs_done": summary.epochs_done,
        "settings": {} if summary.state == "damaged" else dict(_settings(runs_dir / summary.name)),
        "last": asdict(summary.last) if summary.last else None,
        "outcome": dict(summary.outcome),
    }


def _state(summary: RunSummary) -> str:
    outcome = str(summary.outcome.get("state", "")).replace("_", " ")
    return outcome if summary.state == "done" and outcome else summary.state


def _differ(name: str, one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    return bool(one.get(name) != two.get(name))


def _compared(
    name: str, one: Mapping[str, Any], two: Mapping[str, Any], data: Mapping[str, str], other: Mapping[str, str]
) -> dict[str, Any]:
    """A figure of two outcomes, and whether it was measured on the same data."""
    first, second = ((outcome.get("figures") or {}).get(name) for outcome in (one, two))
    part = MEASURED_ON[name]
    same = None if part not in data or part not in other else data[part] == other[part]
    difference = second - first if same and first is not None and second is not None else None
    return {"first": first, "second": second, "same_data": same, "difference": difference}


def _difference(compared: Mapping[str, Any]) -> str:
    if compared["first"] is None or compared["second"] is None:
        return ""
    if compared["difference"] is not None:
        return f"{compared['difference']:+.4f}"
    return "other data" if compared["same_data"] is False else "data unknown"


def _value(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
