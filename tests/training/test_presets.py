"""Plans: a preset with what was named, and back from the settings that a run keeps."""

import json

import pytest

from training.errors import TrainingError
from training.presets import BEST, LESSON, PRESETS, STANDARD, changes_of, plan_for, plan_from_json


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("refresh", [False, True])
def test_a_plan_comes_back_from_a_runs_settings(preset: str, refresh: bool) -> None:
    plan = plan_for(preset, refresh=refresh, epochs=7, seed=3)
    assert plan_from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_settings_of_other_versions_of_the_program_are_understood() -> None:
    """Once the batches of the network for photos stood beside its plan, and every plan had the lesson's fields."""
    former = {"preset": "standard", "epochs": 1, "batch_size": 228, "learning_rate": 0.015, "neurons": 128}
    assert plan_from_json(former | {"refresh": True}) == plan_for("standard", refresh=True)
    assert plan_from_json({"preset": "lesson", "epochs": 5, "width": 1.0, "a_new_one": 1}) == LESSON
    with pytest.raises(TrainingError, match="no preset 'huge'"):
        plan_from_json({"preset": "huge", "epochs": 5})


def test_what_differs_from_the_preset_is_told() -> None:
    assert [changes_of(plan) for plan in PRESETS.values()] == [[], [], []]
    assert changes_of(plan_for("standard", refresh=True)) == ["refresh True"]
    assert changes_of(plan_for("standard", epochs=4, augmentation=0.5)) == ["epochs 4", "augmentation 0.5"]


def test_what_a_preset_does_not_have_is_refused() -> None:
    with pytest.raises(TrainingError, match="--preset standard has no neurons"):
        plan_for("standard", neurons=64)


def test_a_teacher_is_trained_by_a_plan_of_its_own() -> None:
    teacher = BEST.of_the_teacher()
    assert (teacher.epochs, teacher.teacher_epochs, teacher.width) == (100, 0, BEST.width)
    assert STANDARD.teacher_epochs == 0
