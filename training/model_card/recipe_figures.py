"""What the model card says of how the classifier was trained: its recipe, and the run that made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from training.model_card.contents import Materials
from training.plan import PhotoPlan, Plan
from training.presets import BEST, PRESETS, changes_of
from training.runs.folders import TEACHER, EpochRecord, Run, read_metrics

LONGEST_PLAN: Final = 1000
"""Epochs."""

RATE_TOLERANCE: Final = 0.003
"""Of the highest learning rate: a step before the epoch's end."""


def recipe_figures(materials: Materials) -> dict[str, Any]:
    """What was trained and how; without the run, what the preset says."""
    from training.data.gather import WHOLE
    from training.networks.classifier import channels

    card, run, size = materials.card, materials.run, materials.size
    plan = run.plan if run else PRESETS.get(card.preset or "")
    if not isinstance(plan, PhotoPlan):
        plan = BEST
    return {
        "options": _options(card.preset, run),
        "device": (run.device or None) if run else None,
        "variants": WHOLE.variants,
        "channels": list(channels(plan.width)),
        "weights": None if size is None else size.weights,
        "multiplications": None if size is None else size.multiplications,
        "clean": plan.clean,
        "cut": plan.cut_clean,
        "randomised": plan.randomised,
        "photos": plan.photos,
        "outliers": plan.outliers,
        "peak_rate": plan.learning_rate,
        "decay": plan.decay,
        "smoothing": plan.smoothing,
        "average": plan.average,
        "teacher": _teacher(plan),
        "curve": _curve(run),
    }


def _options(preset: str | None, run: Run | None) -> str:
    """What to type after ``python -m training`` to make the model again."""
    options = f"--preset {preset}"
    if run is not None:
        options += f" --seed {run.plan.seed}"
        if any(each.startswith("epochs") for each in changes_of(run.plan)):
            options += f" --epochs {run.plan.epochs}"
    return options


def _teacher(plan: PhotoPlan) -> dict[str, Any] | None:
    """How the published network learnt from a larger one; None where it did not."""
    from training.networks.classifier import TEACHER_WIDTHS

    if not plan.teacher_epochs:
        return None
    return {
        "channels": list(TEACHER_WIDTHS),
        "epochs": plan.teacher_epochs,
        "share": plan.distillation,
        "temperature": plan.distillation_temperature,
    }


def _curve(run: Run | None) -> dict[str, Any] | None:
    """How the run went; None where it is not at hand."""
    if run is None or not (records := run.metrics()):
        return None
    last = records[-1]
    before = read_metrics(run.folder / TEACHER / run.metrics_path.name)
    return {
        "epochs": last.epoch,
        "seconds": _seconds(records),
        "teacher_epochs": len(before),
        "teacher_seconds": _seconds(before),
        "rate": float(np.median([record.images_per_second or 0 for record in records])),
        "accuracy": last.accuracy,
        "held_out_accuracy": last.val_accuracy,
        "other_plan": _other_plan(records, run.plan),
    }


def _seconds(records: Sequence[EpochRecord]) -> float:
    return sum(record.seconds or 0 for record in records)


def _other_plan(records: Sequence[EpochRecord], plan: Plan) -> Mapping[str, int | None] | None:
    """Owns up to epochs whose learning rate was planned for a run of another length."""
    if not isinstance(plan, PhotoPlan):
        return None
    rates = {record.epoch: record.learning_rate for record in records if record.learning_rate is not None}
    others = [epoch for epoch, rate in rates.items() if not _fits(rate, epoch, plan)]
    if not others:
        return None
    lengths = (replace(plan, epochs=epochs) for epochs in range(max(others), LONGEST_PLAN))
    planned = (other.epochs for other in lengths if all(_fits(rates[epoch], epoch, other) for epoch in others))
    return {"count": len(others), "last": max(others), "epochs": next(planned, None), "then": plan.epochs}


def _fits(rate: float, epoch: int, plan: PhotoPlan) -> bool:
    """Whether this is the one-cycle rate at the end of an epoch (:meth:`training.engine.fit.Trainer.rate`)."""
    done = epoch / plan.epochs
    falling = (done - plan.warm_up) / (1 - plan.warm_up)
    expected = done / plan.warm_up if done < plan.warm_up else (1 + np.cos(np.pi * falling)) / 2
    return abs(rate / plan.learning_rate - float(expected)) < RATE_TOLERANCE
