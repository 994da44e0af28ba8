"""From the command line to a plan: a recipe with what was named, a refresh, or a run to go on with."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any, Final

from bot.registry.folder import StoredModel
from bot.registry.layout import MODEL_FILE
from bot.registry.model_set import ModelSet
from bot.registry.publishing import completed
from bot.vision.interpreter import ModelError
from training.engine.devices import check_devices, is_shared, is_shared_by_machines
from training.engine.trial_settings import settings_of_trial
from training.errors import RunError, TrainingError
from training.plan import LessonPlan, Plan
from training.presets import LESSON, plan_for
from training.runs.folders import ProgressListener, Run, check_runs_dir, latest_resumable
from training.runs.history import Models
from training.runs.interruption import Interruption

TRIAL_EPOCHS: Final = 4
"""Passes of a trial with ``--tune`` unless ``--epochs`` says otherwise: enough to tell good settings from bad."""

_SETTINGS_OF_A_RUN: Final = (
    "preset",
    "epochs",
    "target_accuracy",
    "neurons",
    "no_normalise",
    "seed",
    "tune",
    "devices",
    "learning_rate",
    "width",
    "augmentation",
    "patience",
    "from_trial",
)
_ONLY_LESSON: Final = ("target_accuracy", "neurons", "no_normalise")
_NOT_LESSON: Final = ("width", "augmentation")


def check_what_is_taken(models: Models) -> None:
    """See to it that the live set has what no training makes: it would be missed when the work is done.

    Raises:
        TrainingError: a network for photos is missing there, or not the one that its card describes.
    """
    try:
        completed(models, ModelSet({}, {MODEL_FILE: b""}))
    except ModelError as error:
        live = models.live()
        raise TrainingError(f"{refused(live, str(error))}." if live else str(error)) from error


def refused(live: StoredModel, problem: str) -> str:
    """What to do about a live set that is not whole."""
    return (
        f"{live.folder}: {problem}. The bot refuses this set, too; bring another back"
        " (python -m training rollback VERSION)"
    )


def plan_of(args: argparse.Namespace, models: Models) -> Plan:
    """The plan that the arguments name; without a preset, a refresh of the live model.

    Raises:
        TrainingError: they do not go together, or there is nothing to refresh.
    """
    from training.runs.progress import native_output_to

    changes: dict[str, Any] = {
        "epochs": args.epochs,
        "seed": args.seed,
        "target_accuracy": args.target_accuracy,
        "neurons": args.neurons,
        "normalise": False if args.no_normalise else None,
        "devices": args.devices,
        "trials": args.tune,
        "learning_rate": args.learning_rate,
        "width": args.width,
        "augmentation": args.augmentation,
        "patience": args.patience,
    }
    preset = args.preset or ("standard" if args.tune else None)
    if args.from_trial is not None:
        preset, changes = _with_trial(args, preset, changes)
    if preset:
        _check_options(args, preset)
        if args.tune and args.epochs is None and preset != LESSON.preset:
            changes["epochs"] = TRIAL_EPOCHS
        plan = plan_for(preset, **changes)
    else:
        live = models.live()
        if live is None:
            raise TrainingError(
                f"There is no model in {models.folder} to refresh; make one: python -m training --preset standard."
            )
        if problem := live.problem():
            raise TrainingError(f"{refused(live, problem)}, or name a --preset.")
        refreshed = str(live.card.get("preset", "standard"))
        if refreshed == LESSON.preset:
            raise TrainingError(
                "The live model is the course's, which is for teaching and is not refreshed;"
                " make one for photos: python -m training --preset standard."
            )
        if args.width is not None:
            raise TrainingError("--width is of a training from scratch: name a --preset; a refresh keeps its network.")
        _check_options(args, refreshed)
        plan = plan_for(refreshed, refresh=True, **changes | {"width": live.card.get("width")})
    if is_shared(plan) and not isinstance(plan, LessonPlan):
        raise TrainingError("--devices and TF_CONFIG share the batches of --preset lesson only.")
    with native_output_to(Path(os.devnull)):
        check_devices(plan)
    return plan


def _check_options(args: argparse.Namespace, preset: str) -> None:
    """See to it that what was named is of this preset."""
    lesson = preset == LESSON.preset
    for names, fits, whose in (
        (_ONLY_LESSON, lesson, "an experiment of --preset lesson"),
        (_NOT_LESSON, not lesson, "of networks for photos, not of --preset lesson"),
    ):
        named = [name for name in names if getattr(args, name) not in (None, False)]
        if named and not fits:
            raise TrainingError(f"--{named[0].replace('_', '-')} is {whose}.")


def run_to_resume(args: argparse.Namespace, listener: ProgressListener, interruption: Interruption) -> Run | None:
    """The run to go on with, locked; None for a new one.

    Raises:
        TrainingError: there is no such run, it has ended, or another process has it.
    """
    if args.resume is None:
        return None
    named = [name for name in _SETTINGS_OF_A_RUN if getattr(args, name) not in (None, False)]
    if named:
        flags = ", ".join("--" + name.replace("_", "-") for name in named)
        raise TrainingError(f"--resume goes on with the settings of the run; leave out {flags}.")
    if is_shared_by_machines():
        raise TrainingError("--resume does not go together with TF_CONFIG; go on with one machine.")
    check_runs_dir(args.runs_dir)
    folder = _run_folder(args.resume, args.runs_dir)
    run = Run.open(folder, listener=listener, interruption=interruption)
    run.lock()
    if (folder / "outcome.json").exists():
        run.close()
        raise RunError(f"{folder.name} has ended; there is nothing to resume.")
    return run


def _with_trial(args: argparse.Namespace, preset: str | None, changes: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The recipe and the changes with what a trial of a search had; what was named beside it wins."""
    if args.tune:
        raise TrainingError("--from-trial trains with what a search found; leave out --tune.")
    check_runs_dir(args.runs_dir)
    searched, settings = settings_of_trial(args.from_trial, args.runs_dir)
    if preset not in (None, searched):
        raise TrainingError(f"That search was of --preset {searched}, not {preset}.")
    return searched, settings | {name: value for name, value in changes.items() if value is not None}


def _run_folder(named: str, runs_dir: Path) -> Path:
    if not named:
        return latest_resumable(runs_dir)
    folder = Path(named)
    return folder if (folder / "settings.json").exists() else runs_dir / folder.name
