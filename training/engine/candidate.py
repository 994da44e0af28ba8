"""What was trained, as the files that would serve: converted, measured and judged beside what is live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from bot.datasets import Split, as_pixels
from bot.registry.folder import StoredModel
from bot.registry.layout import COLOR_CLASSIFIER_FILE, KERAS_FILE, MODEL_FILE
from bot.registry.model_set import ModelSet
from bot.registry.publishing import completed
from bot.vision.classifier import Classifier
from training.engine.comparison import Examiner
from training.engine.job import TrainingJob
from training.engine.live_figures import LiveFigures, live_figures
from training.evaluation.gate import PRESETS_THAT_ONLY_FILL, Decision, decide, unfit_reasons, what_is_lost
from training.evaluation.measure import Measurement, answers, load_classifier, measure
from training.evaluation.worn import worn_entries
from training.model_card.card import Trained, make_card
from training.networks.convert import to_keras_file, to_tflite
from training.networks.runtimes import runtime_problems
from training.runs.folders import CACHE
from training.runs.history import best_figures

_BATCH = 100


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """What was trained, as the files that would serve.

    Attributes:
        trained: the Keras networks.
        model_set: all networks, those that were not trained out of the live set; its card knows nothing of them yet.
        classifier: answers from the file.
    """

    trained: Trained
    model_set: ModelSet
    classifier: Classifier


@dataclass(frozen=True, slots=True, eq=False)
class Examined:
    """What a candidate is worth, beside what serves.

    Attributes:
        measurement: by the files.
        before: what the live set is worth today; None without one.
        unfit: why the bot would refuse it; empty when it would not.
    """

    measurement: Measurement
    before: LiveFigures | None
    unfit: tuple[str, ...]


def convert(job: TrainingJob, trained: Trained) -> Candidate:
    """Convert what was trained, and complete it with the networks that were not.

    Raises:
        UnfitModelError: the model cannot be converted.
    """
    job.run.log("converting and measuring ...")
    job.run.stage("converting", 0, 1)
    tflite = to_tflite(trained.model)
    classifier = load_classifier(tflite)
    start = {KERAS_FILE: to_keras_file(trained.model if trained.start is None else trained.start)}
    taught = {} if trained.color is None else {COLOR_CLASSIFIER_FILE: trained.color}
    new = completed(job.models, ModelSet({}, {MODEL_FILE: tflite} | taught, start))
    job.run.stage("converting", 1, 1)
    return Candidate(trained, new, classifier)


def examine(job: TrainingJob, candidate: Candidate, live: StoredModel | None) -> Examined:
    """Measure a candidate, and what is live on the same pictures."""
    trained, classifier = candidate.trained, candidate.classifier
    examined = _examiner(job)
    examinations = examined.of_set(held_out=trained.held_out, color=trained.color)
    measurement = measure(classifier, examinations, trained.thresholds, partial(job.run.stage, "measuring"))
    unfit = unfit_reasons(
        candidate.model_set.model,
        answers(classifier, examinations.test),
        _network_answers(trained.model, examinations.test),
        examinations.test.labels,
    )
    unfit += runtime_problems(candidate.model_set.networks)
    return Examined(measurement, live_figures(live, examined.of_set(held_out=trained.held_out)), unfit)


def judge(job: TrainingJob, candidate: Candidate, examined: Examined, gained: tuple[str, ...]) -> Decision:
    """Compare with the live model, measured again now, and with the best there was.

    Args:
        job: what the command line asks for.
        candidate: what was trained.
        examined: what it is worth.
        gained: why a refresh brings nobody anything; empty where it does.
    """
    live, before = job.models.live(), examined.before
    fresh = {} if live is None or before is None else {live.version: before.figures}
    return decide(
        job.run.plan.preset,
        examined.measurement.figures(),
        before.figures if before else None,
        best_figures(job.models, fresh, job.run.data),
        unfit=examined.unfit,
        lost=(*gained, *(what_is_lost(live.card, candidate.trained.thresholds) if live else ())),
        force=job.force,
    )


def with_card(job: TrainingJob, candidate: Candidate, examined: Examined, live: StoredModel | None) -> ModelSet:
    """The set, with the card that describes it."""
    new, run, measurement = candidate.model_set, job.run, examined.measurement
    card = make_card(run.plan, candidate.trained, measurement, new.model, len(job.fashion_mnist.held_out))
    card |= worn_entries(measurement.worn, {**card, **new.card}, live.card if live else {})
    return replace(new, card={**card, "run": run.name, "run_id": run.id, "data": dict(run.data), **new.card})


def _examiner(job: TrainingJob) -> Examiner:
    return Examiner(
        fashion_mnist=job.fashion_mnist,
        data_dir=job.data_dir,
        models_dir=job.models.networks_folder,
        cache=job.run.folder.parent / CACHE,
        photo_examination=job.photo_examination,
        worn_examination=None if job.run.plan.preset in PRESETS_THAT_ONLY_FILL else job.worn_examination,
        stage=job.run.stage,
    )


def _network_answers(model: Any, pictures: Split) -> np.ndarray:
    """The Keras model's probabilities: float32 [n, 10]."""
    pixels = as_pixels(pictures.images)
    parts = [np.asarray(model(pixels[at : at + _BATCH], training=False)) for at in range(0, len(pixels), _BATCH)]
    return np.concatenate(parts)
