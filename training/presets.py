"""The plans that ``--preset`` names, and what a command line or a refresh makes of one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from training.errors import TrainingError
from training.plan import LessonPlan, PhotoPlan, Plan

TARGET_EPOCHS: Final = 50
"""Epochs that ``--target-accuracy`` may take unless ``--epochs`` says otherwise, as in the course."""

REFRESH_EPOCHS: Final = 1
"""A refresh takes at most ten minutes on two cores, finding the garments of new photos included. A second epoch may
teach it more of what people corrected, and leaves little of that time (models/tried.md)."""

REFRESH_RATE: Final = 0.1
"""A refresh learns at this share of its preset's rate: it adds to what the weights know, and does not start over."""

REFRESH_DISTILLATION: Final = 0.9
"""How much the published network's answers count in a refresh, against the labels."""

REFRESH_SHARE: Final = 0.25
"""Of Fashion-MNIST in a refresh: it knows those pictures, and has to be done in minutes. What people corrected is
learnt by the network in colour above all."""

MADE_BY_A_PRESET: Final = "a preset makes the 28x28 model anew"
TAKEN_BY_A_PRESET: Final = (
    "segmenter.tflite and color_classifier.tflite are those of {version}; python -m training segmenter and"
    " color-classifier make these"
)
"""Which parts of a set a preset makes, and which it takes from the published one."""

LESSON: Final = LessonPlan(preset="lesson", epochs=5, learning_rate=1e-3)
"""The course's own program: 784-128-10, Adam at Keras's default rate."""

STANDARD: Final = PhotoPlan(preset="standard", epochs=14, learning_rate=0.15)
"""The published model within half an hour on two cores."""

BEST: Final = PhotoPlan(preset="best", epochs=220, learning_rate=0.15, width=1.3, teacher_epochs=100)
"""The best we know how to make: about ten minutes on a GPU, 16 hours on two cores, resumable."""

PRESETS: Final[Mapping[str, Plan]] = MappingProxyType({plan.preset: plan for plan in (LESSON, STANDARD, BEST)})


def plan_for(preset: str, *, refresh: bool = False, **changes: Any) -> Plan:
    """The plan of a preset with what the command line named.

    Args:
        preset: its name.
        refresh: go on from the published weights.
        changes: by the names of the plan's fields; None is no change.

    Raises:
        TrainingError: an unknown preset, a value out of range, or a field that this preset does not have.
    """
    if preset not in PRESETS:
        raise TrainingError(f"There is no preset {preset!r}; choose one of {', '.join(PRESETS)}.")
    plan = PRESETS[preset]
    named = {name: value for name, value in changes.items() if value is not None}
    if strange := named.keys() - {field.name for field in dataclasses.fields(plan)}:
        raise TrainingError(f"--preset {preset} has no {', '.join(sorted(strange))}.")
    defaults: dict[str, Any] = {}
    if "target_accuracy" in named:
        defaults["epochs"] = TARGET_EPOCHS
    if refresh:
        defaults |= {"refresh": True, "epochs": REFRESH_EPOCHS, "learning_rate": plan.learning_rate * REFRESH_RATE}
        if isinstance(plan, PhotoPlan):
            defaults |= {"teacher_epochs": 0, "distillation": REFRESH_DISTILLATION, "share": REFRESH_SHARE}
    return dataclasses.replace(plan, **defaults | named)


def plan_from_json(values: Mapping[str, Any]) -> Plan:
    """Reads what ``to_json`` of a plan wrote.

    What other versions of this program wrote beside it is left out, and what they did not write is the preset's.

    Raises:
        TrainingError: an unknown preset, or a value out of range.
    """
    preset = str(values["preset"])
    known = {field.name for field in dataclasses.fields(PRESETS.get(preset, LessonPlan))} - {"preset"}
    return plan_for(preset, **{name: value for name, value in values.items() if name in known})


def changes_of(plan: Plan) -> list[str]:
    """What differs from the preset, or from a refresh of its kind, as ``name value``."""
    usual = plan_for(plan.preset, refresh=plan.refresh).to_json() | {"refresh": False}
    changed = {name: value for name, value in plan.to_json().items() if usual[name] != value and name != "seed"}
    return [f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in changed.items()]
