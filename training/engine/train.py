"""Trains what a plan asks for, the lesson or a classifier of photos."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.registry.folder import StoredModel
from bot.registry.layout import KERAS_FILE
from bot.vision.fusion import Weights
from training.data.corrections import Corrections
from training.engine import lesson
from training.engine.corrected import LEARNT_FROM, digest_of
from training.engine.devices import is_shared, shared_steps, strategy_for
from training.engine.job import TrainingJob
from training.model_card.card import Trained
from training.networks.convert import from_keras_file
from training.plan import LessonPlan
from training.presets import MADE_BY_A_PRESET, TAKEN_BY_A_PRESET


def train(job: TrainingJob, corrections: Corrections) -> Trained:
    """Train by the plan of a job."""
    plan, run, data = job.run.plan, job.run, job.fashion_mnist
    if isinstance(plan, LessonPlan):
        steps = shared_steps(strategy_for(plan), plan.learning_rate) if is_shared(plan) else None
        held_out = bool(plan.patience)  # which epoch to keep is chosen, and nothing is chosen by the test set
        learnt, measured = (data.rest(), data.held_out_split()) if held_out else (data.train, data.test)
        model = lesson.train(plan, run, learnt, measured, steps)
        return Trained(model, epochs=run.kept_epoch(), held_out=held_out)
    live, start, weights = job.models.live(), None, None
    if plan.refresh and live:
        start = starting_weights(live, plan.width)
        thresholds = live.card.get("thresholds")
        weights = Weights.from_card(thresholds) if thresholds else None
    else:
        version = live.version if live else "the shipped set"
        run.log(f"{MADE_BY_A_PRESET}; {TAKEN_BY_A_PRESET.format(version=version)}")
    from training.engine import photo_recipe

    trained = photo_recipe.train(
        plan,
        run,
        data,
        data_dir=job.data_dir,
        models_dir=job.models.networks_folder,
        corrections=corrections,
        start=start,
        weights=weights,
    )
    learnt_from = {LEARNT_FROM: digest_of(corrections)} if plan.refresh and corrections.learnt else {}
    return replace(trained, extra={**trained.extra, **learnt_from})


def starting_weights(live: StoredModel, width: float) -> list[NDArray[np.float32]]:
    """What a refresh goes on from, in Keras's order.

    Raises:
        TrainingError: the file is missing, damaged, foreign, or of a network of another width.
    """
    from training.engine.fit import build, set_weights

    weights: list[NDArray[np.float32]] = from_keras_file(live.folder / KERAS_FILE).get_weights()
    set_weights(build(width, "float32"), weights)
    return weights
