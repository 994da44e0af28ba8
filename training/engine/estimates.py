"""How long a training will take, from how long the last one of its kind took here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from training.plan import LessonPlan, PhotoPlan, Plan
from training.runs.folders import list_runs, read_metrics


@dataclass(frozen=True, slots=True)
class Cost:
    """What a kind of training takes, seconds.

    Attributes:
        epoch: one pass.
        rest: everything else: finding garments, converting, measuring.
    """

    epoch: float
    rest: float


_TWO_CORES: Final = MappingProxyType(
    {"lesson": Cost(4.2, 100), "standard": Cost(83, 460), "best": Cost(130, 300)}  # benchmarks/README.md
)
_REFRESH: Final = Cost(25, 330)
"""Reckoned from its parts: an epoch is a quarter of one, and fewer photos are looked at than from scratch."""

_TEACHER_EPOCH: Final = 290.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a training will take.

    Attributes:
        seconds: all of it.
        source: where the figure comes from, for people.
    """

    seconds: float
    source: str


def estimate(plan: Plan, runs_dir: Path, epochs_done: int = 0) -> Estimate:
    """How long a plan will take from where it stands.

    Args:
        plan: what would be computed.
        runs_dir: where earlier runs are kept.
        epochs_done: whole epochs behind it.
    """
    cost, source = _as_before(plan, runs_dir)
    if plan.trials:
        return Estimate(plan.trials * plan.epochs * cost.epoch + cost.rest, source)
    epochs = max(0, plan.epochs - epochs_done)
    teacher = plan.teacher_epochs * _TEACHER_EPOCH if isinstance(plan, PhotoPlan) and epochs_done == 0 else 0.0
    return Estimate(epochs * cost.epoch + teacher + cost.rest, source)


def _as_before(plan: Plan, runs_dir: Path) -> tuple[Cost, str]:
    """The cost of the youngest run of the same kind that ended here, or what two cores were measured to take."""
    for summary in reversed(list_runs(runs_dir)):
        if summary.plan is None or _kind(summary.plan) != _kind(plan) or "seconds" not in summary.outcome:
            continue
        seconds = [row.seconds for row in read_metrics(runs_dir / summary.name / "metrics.csv") if row.seconds]
        if seconds:
            rest = max(0.0, float(summary.outcome["seconds"]) - sum(seconds))
            return Cost(sum(seconds) / len(seconds), rest), f"as {summary.name} took here"
    if plan.refresh:
        return _REFRESH, "reckoned for two cores; no refresh has ended here yet"
    return _TWO_CORES[plan.preset], "as measured on two cores; nothing of the kind has ended here yet"


def _kind(plan: Plan) -> tuple[object, ...]:
    own = plan.neurons if isinstance(plan, LessonPlan) else (plan.width, bool(plan.teacher_epochs))
    return plan.preset, plan.refresh, plan.devices, own
