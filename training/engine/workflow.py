"""From a plan to a published model, the same way for every recipe."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.datasets import Split
from bot.registry.files import write_durably
from bot.registry.folder import StoredModel
from bot.registry.layout import COLOR_CLASSIFIER_FILE, KERAS_FILE, MODEL_FILE
from bot.registry.loaded import photo_networks
from bot.registry.model_set import ModelSet
from bot.registry.publishing import AfterStep, completed
from bot.settings import Settings
from bot.vision.classifier import Classifier
from training.cli.admin import note_to_share, share_with_replicas
from training.data.corrections import Corrections
from training.data.fashion_mnist import FashionMnist
from training.engine import lesson
from training.engine.comparison import Examiner, live_set
from training.engine.corrected import (
    LEARNT_FROM,
    CorrectedAnswers,
    CorrectionExamination,
    accepted_corrections,
    correction_note,
    digest_of,
    not_gained,
    nothing_new,
)
from training.engine.devices import is_chief, is_shared, shared_steps, strategy_for
from training.engine.live_figures import LiveFigures, live_figures
from training.engine.presets import MADE_BY_A_PRESET, TAKEN_BY_A_PRESET, Plan
from training.errors import DONE, UNFIT
from training.evaluation.gate import PRESETS_THAT_ONLY_FILL, Decision, decide, unfit_reasons, what_is_lost
from training.evaluation.measure import (
    Classifies,
    Figures,
    Measurement,
    PhotoExaminer,
    answers,
    as_pixels,
    load_classifier,
    measure,
)
from training.evaluation.network_set import NetworkSet
from training.evaluation.worn import WORN, Answering, WornScores, worn_entries
from training.model_card.card import Trained, make_card
from training.networks.convert import from_keras_file, to_keras_file, to_tflite
from training.networks.runtimes import runtime_problems
from training.runs.folders import CACHE, Run, peak_memory_mib
from training.runs.history import Entry, Event, Models, best_figures
from training.runs.languages import Language
from training.runs.publish import publish
from training.runs.report import figures_table, overfitting_sentence, recall_table, write_page, write_pictures

_BATCH = 500


@dataclass(frozen=True, slots=True, eq=False)
class TrainingJob:
    """What the command line asks for.

    Attributes:
        run: what to train, and where to record it.
        models: where to publish.
        pictures: Fashion-MNIST.
        data_dir: for recipes that read photos.
        settings: for the corrections' database.
        root: the folder that holds ``bot/``.
        photo_examination: makes what scores a model on photos, or None where there are none.
        worn_examination: scores a set on people in streets and on bags, or gives None where there are no photos.
        after_step: called after each step of publishing.
        publish: whether the model may go live.
        force: whatever the gate says.
    """

    run: Run
    models: Models
    pictures: FashionMnist
    data_dir: Path
    settings: Settings
    root: Path
    photo_examination: Callable[..., PhotoExaminer | None]
    worn_examination: Callable[..., WornScores | None]
    after_step: AfterStep
    publish: bool = True
    force: bool = False


def run_job(job: TrainingJob) -> int:
    """Trains, converts, measures, judges, publishes and reports; returns the exit status.

    Raises:
        UnfitModelError: the model cannot be converted, or the bot would refuse it.
        TrainingError: bad input.
        KeyboardInterrupt: the run can be resumed.
    """
    run, started = job.run, time.monotonic()
    if run.plan.trials:
        return _search(job)
    if (model := job.models.published_by(run.id)) is not None:
        return _end_of_a_published_run(job, model)
    _warn_of_force(job)
    corrections = (
        Corrections() if run.plan.preset in PRESETS_THAT_ONLY_FILL else accepted_corrections(job.settings, job.root)
    )
    live = job.models.live()
    corrected = CorrectionExamination(corrections, job.models.networks_folder)
    told_before = corrected.ask(live_set(live)) if live and len(corrections) else None
    if run.plan.refresh and live and job.publish and not job.force:
        answers_now = told_before or CorrectedAnswers((), ())
        if reason := nothing_new(corrections, live, answers_now):
            return _end_without_news(job, reason)
    trained = _train(job, corrections)
    if not is_chief():
        run.log("this worker's part is done; the first one publishes")
        return DONE
    run.interruption.check()
    run.log("converting and measuring ...")
    run.stage("converting", 0, 1)
    tflite = to_tflite(trained.model)
    classifier = load_classifier(tflite)
    live = job.models.live()
    start = {KERAS_FILE: to_keras_file(trained.model if trained.start is None else trained.start)}
    taught = {} if trained.color is None else {COLOR_CLASSIFIER_FILE: trained.color}
    new = completed(job.models, ModelSet({}, {MODEL_FILE: tflite} | taught, start))
    run.stage("converting", 1, 1)
    examined = _examiner(job)
    examinations = examined.of_set(held_out=trained.held_out, color=trained.color)
    measurement = measure(classifier, examinations, trained.thresholds, partial(run.stage, "measuring"))
    unfit = unfit_reasons(
        tflite,
        answers(classifier, examinations.test),
        _network_answers(trained.model, examinations.test),
        examinations.test.labels,
    )
    unfit += runtime_problems(new.networks)
    before = live_figures(live, examined.of_set(held_out=trained.held_out))
    told_now = corrected.ask(NetworkSet(classifier, photo_networks(new.networks), trained.thresholds))
    gained = not_gained(told_before, told_now) if run.plan.refresh else ()
    decision = _judge(job, measurement, trained.thresholds, unfit, before, gained)
    notes = [*trained.notes, *([correction_note(told_before, told_now)] if len(corrections) else [])]
    card = make_card(run.plan, trained, measurement, tflite, len(job.pictures.held_out))
    card |= worn_entries(measurement.worn, {**card, **new.card}, live.card if live else {})
    new = replace(new, card={**card, "run": run.name, "run_id": run.id, "data": dict(run.data), **new.card})
    seconds = round(time.monotonic() - started)
    entry = _entry(job, trained, decision, new, measurement, before, seconds)
    entry = _publish_or_record(job, decision, new, entry, live)
    _report(job, trained, notes, classifier, measurement, decision, entry, started)
    return UNFIT if decision.unfit and not decision.publish else DONE


def _end_of_a_published_run(job: TrainingJob, model: StoredModel) -> int:
    """A run that was stopped between going live and its report: it is done, and publishes no second version."""
    run = job.run
    job.models.complete_history()
    run.log(f"{model.version}, which this run made, went live before the run was stopped.")
    run.finish(
        {"state": Event.PUBLISHED.value, "version": model.version, "figures": asdict(Figures.from_card(model.card))}
    )
    return DONE


def _end_without_news(job: TrainingJob, reason: str) -> int:
    """There is nothing that people do not get already: nothing is trained, nothing is published."""
    job.run.log(reason)
    job.run.log("Nothing was trained or published. --force refreshes all the same.")
    job.run.finish({"state": "nothing new", "reasons": [reason]})
    return DONE


def _warn_of_force(job: TrainingJob) -> None:
    """Says before the work, while one can still stop, what a recipe for teaching takes away."""
    live = job.models.live()
    if job.force and job.publish and live and job.run.plan.preset in PRESETS_THAT_ONLY_FILL:
        for loss in what_is_lost(live.card, {}):
            job.run.log(f"--force: {loss}")
        job.run.log(f"--force: {live.version} comes back with: python -m training rollback {live.version}")


def _search(job: TrainingJob) -> int:
    """Tries settings and says which were good; publishes nothing."""
    from training.engine.trials import judge_for
    from training.engine.tune import search, table
    from training.runs.progress import open_terminal

    run = job.run
    trials = search(run, judge_for(run, job.pictures, job.data_dir, job.models.networks_folder))
    if trials:
        open_terminal().table("Trials, best first", table(trials))
        run.log(f"Table and picture: {run.folder}")
        run.log(f"Train with the best settings: python -m training --from-trial {run.name}")
        best = trials[0]
        run.finish({"state": "searched", "trials": len(trials), "best": dict(best.settings), "score": best.score})
    return DONE


def _train(job: TrainingJob, corrections: Corrections) -> Trained:
    plan, run, pictures = job.run.plan, job.run, job.pictures
    if plan.preset == "lesson":
        steps = shared_steps(strategy_for(plan), plan.learning_rate) if is_shared(plan) else None
        held_out = bool(plan.patience)  # which epoch to keep is chosen, and nothing is chosen by the test set
        learnt, measured = (pictures.rest(), pictures.held_out_split()) if held_out else (pictures.train, pictures.test)
        model = lesson.train(plan, run, learnt, measured, steps)
        return Trained(model, epochs=run.kept_epoch(), held_out=held_out)
    live = job.models.live()
    if plan.refresh and live:
        run.initial_weights = starting_weights(live, plan)
    else:
        version = live.version if live else "the shipped set"
        run.log(f"{MADE_BY_A_PRESET}; {TAKEN_BY_A_PRESET.format(version=version)}")
    from training.engine.photo_recipe import train

    trained = train(
        plan, run, pictures, data_dir=job.data_dir, models_dir=job.models.networks_folder, corrections=corrections
    )
    learnt_from = {LEARNT_FROM: digest_of(corrections)} if plan.refresh and corrections.learnt else {}
    return replace(trained, extra={**trained.extra, **learnt_from})


def starting_weights(live: StoredModel, plan: Plan) -> list[NDArray[np.float32]]:
    """What a refresh goes on from, in Keras's order.

    Raises:
        TrainingError: the file is missing, damaged, foreign, or of another network than the plan's.
    """
    from training.engine.fit import build, set_weights

    weights: list[NDArray[np.float32]] = from_keras_file(live.folder / KERAS_FILE).get_weights()
    set_weights(build(plan.width, "float32"), weights)
    return weights


def _examiner(job: TrainingJob) -> Examiner:
    return Examiner(
        pictures=job.pictures,
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


def _with_worn(job: TrainingJob, new: ModelSet, live: StoredModel | None) -> ModelSet:
    """The set whose card says, too, what it answers of people in streets and of bags, where nobody has asked yet."""
    if WORN[0] in new.card:
        return new
    answering = Answering(Classifier(new.model, interpreters=1), new.version, new.card["thresholds"])
    progress = partial(job.run.stage, "looking at people and bags")
    worn = job.worn_examination(job.data_dir, photo_networks(new.networks), answering, progress)
    return replace(new, card={**new.card, **worn_entries(worn, new.card, live.card if live else {})})


def _judge(
    job: TrainingJob,
    measurement: Measurement,
    thresholds: Mapping[str, float],
    unfit: tuple[str, ...],
    before: LiveFigures | None,
    gained: tuple[str, ...],
) -> Decision:
    """Compares with the live model, measured again now, and with the best there was."""
    live = job.models.live()
    fresh = {} if live is None or before is None else {live.version: before.figures}
    return decide(
        job.run.plan.preset,
        measurement.figures(),
        before.figures if before else None,
        best_figures(job.models, fresh, job.run.data),
        unfit=unfit,
        lost=(*gained, *(what_is_lost(live.card, thresholds) if live else ())),
        force=job.force,
    )


def _entry(
    job: TrainingJob,
    trained: Trained,
    decision: Decision,
    new: ModelSet,
    measurement: Measurement,
    before: LiveFigures | None,
    seconds: int,
) -> Entry:
    """What the history says of a model that is not published; publishing fills in the rest."""
    recall = measurement.photos.recall_by_name() if measurement.photos else {}
    old = before.recall if before else {}
    return Entry(
        Event.NOT_PUBLISHED,
        new.version,
        preset=job.run.plan.preset,
        run=job.run.name,
        sha256=str(new.card["sha256"]),
        forced=decision.overridden,
        reasons=decision.reasons,
        worse=decision.worse_figures,
        figures=measurement.figures(),
        before=before.figures if before else Figures(),
        recall={name: (old[name], value) for name, value in recall.items() if name in old},
        refreshed=job.run.plan.refresh,
        corrections=trained.corrections,
        seconds=seconds,
        data=job.run.data,
    )


def _publish_or_record(
    job: TrainingJob, decision: Decision, new: ModelSet, entry: Entry, live: StoredModel | None
) -> Entry:
    """Publishes or not, and records which.

    Args:
        job: what the command line asks for.
        decision: the gate's.
        new: what was trained.
        entry: what the history shall say.
        live: what it was measured against.
    """
    run, models = job.run, job.models
    goes_live = job.publish and decision.publish
    new = _with_worn(job, new, live) if goes_live else new
    run.interruption.check()  # from here on it goes live, and is finished when it is resumed
    if goes_live:
        note_to_share(models, job.settings, job.root)
        entry = publish(models, new, entry, instead_of=live.version if live else None, after_step=job.after_step)
        if told := share_with_replicas(models, job.settings, job.root):
            run.log(told)
    elif job.publish:
        models.record(entry)
    for name, network in new.networks.items():
        write_durably(run.folder / name, network)
    return entry


def _report(
    job: TrainingJob,
    trained: Trained,
    notes: Sequence[str],
    classifier: Classifies,
    measurement: Measurement,
    decision: Decision,
    entry: Entry,
    started: float,
) -> None:
    from training.runs.progress import open_terminal

    run = job.run
    ending = _ending(job, decision, entry)
    recall = recall_table(
        {name: old for name, (old, _) in entry.recall.items()}, {name: new for name, (_, new) in entry.recall.items()}
    )
    terminal = open_terminal()
    terminal.table("Old and new side by side", figures_table(decision))
    if recall:
        terminal.table("Recall on photos, old and new", recall)
    for reason in decision.reasons:
        run.log(f"- {reason}")
    write_pictures(run, measurement)
    in_english = [*notes, *_course_notes(job, classifier, Language.EN)]
    page = write_page(run, measurement, decision, ending, in_english, recall)
    for note in [*notes, *_course_notes(job, classifier, Language.ZH_HANT)]:
        run.log(note)
    run.log(ending)
    run.log(f"Curves, confusion matrix and figures: {page}")
    seconds = round(time.monotonic() - started)
    run.log(f"It took {seconds // 60} min {seconds % 60} s.")
    run.finish(
        {
            "state": entry.event.value if job.publish else "done",
            "version": entry.version,
            "forced": entry.forced,
            "reasons": list(decision.reasons),
            "figures": asdict(measurement.figures()),
            "train_accuracy": measurement.train_accuracy,
            "corrections": trained.corrections,
            "seconds": seconds,
            "peak_memory_mib": peak_memory_mib(),
        }
    )


def _ending(job: TrainingJob, decision: Decision, entry: Entry) -> str:
    test = f"{entry.figures.test_accuracy:.2%} on the test images" if entry.figures.test_accuracy is not None else ""
    if not job.publish:
        verdict = "would be published" if decision.publish else "would not be published"
        return f"{entry.version}: {test}; {verdict} (--no-publish)."
    if entry.event is Event.PUBLISHED:
        forced = ", by force" if entry.forced else ""
        return f"{entry.version} is live{forced}: {test}."
    fit = "unfit to publish" if decision.unfit else "no better than what is there"
    return f"{entry.version} is not published, {fit}: {test}."


def _course_notes(job: TrainingJob, classifier: Classifies, language: Language) -> list[str]:
    """What the course's experiments are about; nothing for other recipes."""
    plan, run, pictures = job.run.plan, job.run, job.pictures
    if plan.preset != "lesson":
        return []
    first = classifier.probabilities(as_pixels(pictures.test.images[:1]))[0]
    notes = lesson.course_lines(pictures.train, pictures.test, first, language)
    records = run.metrics()
    if plan.target_accuracy is not None:
        notes.append(lesson.target_sentence(records, plan.target_accuracy, language))
    if not plan.patience and (sentence := overfitting_sentence(records, language)):  # else it is no test accuracy
        notes.append(sentence)
    if not plan.normalise:
        notes.append(lesson.without_normalising_sentence(records[-1], language))
    return notes
