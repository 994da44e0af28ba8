"""From a plan to a published model, the same way for every recipe."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.dataset import Split
from bot.settings import Settings
from bot.vision.eyes import open_finder
from training import lesson
from training.admin import has_store, open_store, share_with_replicas
from training.card import Trained, make_card
from training.convert import from_keras_file, to_keras_file, to_tflite
from training.corrections import Candidate, Corrections, readable, split_by_person, what_they_changed
from training.devices import is_chief, is_shared, shared_steps, strategy_for
from training.errors import DONE, UNFIT, UnfitModelError
from training.gate import Decision, decide, unfit_reasons
from training.history import KERAS_MODEL, Entry, Event, Models, StoredModel, best_figures
from training.measure import (
    Classifies,
    Examinations,
    Figures,
    Measurement,
    PhotoExaminer,
    answers,
    as_pixels,
    load_classifier,
    measure,
)
from training.pictures import Pictures
from training.publish import AfterStep, ModelFiles, publish
from training.report import figures_table, overfitting_sentence, write_page, write_pictures
from training.runs import Run, peak_memory_mib

_BATCH = 500


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What the command line asks for.

    Attributes:
        run: what to train, and where to record it.
        models: where to publish.
        pictures: Fashion-MNIST.
        data_dir: for recipes that read photos.
        settings: for the corrections' database.
        root: the folder that holds ``bot/``.
        photo_examination: makes what scores a model on photos, or None where there are none.
        after_step: called after each step of publishing.
        publish: whether the model may go live.
        force: whatever the gate says.
    """

    run: Run
    models: Models
    pictures: Pictures
    data_dir: Path
    settings: Settings
    root: Path
    photo_examination: Callable[[Path], PhotoExaminer | None]
    after_step: AfterStep
    publish: bool = True
    force: bool = False


def carry_out(order: Order) -> int:
    """Trains, converts, measures, judges, publishes and reports; returns the exit status.

    Raises:
        UnfitModelError: the model cannot be converted, or the bot would refuse it.
        TrainingError: bad input.
        KeyboardInterrupt: the run can be resumed.
    """
    run, started = order.run, time.monotonic()
    if run.plan.trials:
        return _search(order)
    trained = _train(order)
    if not is_chief():
        run.log("this worker's part is done; the first one publishes")
        return DONE
    run.log("converting and measuring ...")
    tflite = to_tflite(trained.model)
    classifier = load_classifier(tflite)
    examinations = _examinations(order, trained)
    measurement = measure(classifier, examinations, trained.thresholds)
    unfit = unfit_reasons(
        tflite,
        answers(classifier, examinations.test),
        _network_answers(trained.model, examinations.test),
        examinations.test.labels,
    )
    decision = _judge(order, measurement, unfit, examinations)
    notes = [*trained.notes, *_correction_notes(order, trained, classifier)]
    files = ModelFiles(
        tflite,
        to_keras_file(trained.model if trained.start is None else trained.start),
        make_card(run.plan, trained, measurement, tflite, len(order.pictures.held_out)),
    )
    entry = _settle(order, decision, files, measurement)
    _report(order, notes, classifier, measurement, decision, entry, started)
    return UNFIT if decision.unfit and not decision.publish else DONE


def _search(order: Order) -> int:
    """Tries settings and says which were good; publishes nothing."""
    from training.console import console
    from training.trials import judge_for
    from training.tune import search, table

    run = order.run
    trials = search(run, judge_for(run, order.pictures, order.data_dir))
    if trials:
        console().table("Trials, best first", table(trials))
        run.log(f"Table and picture: {run.folder}")
        best = trials[0]
        run.finish({"state": "searched", "trials": len(trials), "best": dict(best.settings), "score": best.score})
    return DONE


def _train(order: Order) -> Trained:
    plan, run, pictures = order.run.plan, order.run, order.pictures
    if plan.preset == "lesson":
        steps = shared_steps(strategy_for(plan), plan.learning_rate) if is_shared(plan) else None
        model = lesson.train(plan, run, pictures.train, pictures.test, steps)
        return Trained(model, epochs=len(run.metrics()), held_out=False)
    if plan.refresh and (live := order.models.live()):
        run.initial_weights = from_keras_file(live.folder / KERAS_MODEL).get_weights()
    from training.both_worlds import train

    corrections = _accepted_corrections(order)
    trained = train(plan, run, pictures, data_dir=order.data_dir, corrections=corrections)
    return replace(trained, used=corrections)


def _accepted_corrections(order: Order) -> Corrections:
    """What people corrected, with consent, and an admin accepted; read from the store and kept nowhere else."""
    if not has_store(order.settings, order.root):
        return Corrections()
    with open_store(order.settings, order.root) as storage:
        return split_by_person(readable(storage.corrections.accepted_photos()))


def _correction_notes(order: Order, trained: Trained, new: Classifies) -> list[str]:
    """How many corrections were used and what they changed; to be asked before the new model is published."""
    if not len(trained.used):
        return []
    live = order.models.live()
    old = Candidate(load_classifier(live.model_path.read_bytes()), live.card.get("thresholds") or {}) if live else None
    return [what_they_changed(trained.used, open_finder(), old, Candidate(new, trained.thresholds))]


def _examinations(order: Order, trained: Trained) -> Examinations:
    pictures = order.pictures
    return Examinations(
        test=pictures.test,
        trained_on=pictures.rest() if trained.held_out else pictures.train,
        held_out=pictures.held_out_split() if trained.held_out else None,
        photos=order.photo_examination(order.data_dir),
    )


def _network_answers(model: Any, pictures: Split) -> np.ndarray:
    """The Keras model's probabilities: float32 [n, 10]."""
    pixels = as_pixels(pictures.images)
    parts = [np.asarray(model(pixels[at : at + _BATCH], training=False)) for at in range(0, len(pixels), _BATCH)]
    return np.concatenate(parts)


def _judge(order: Order, measurement: Measurement, unfit: tuple[str, ...], examinations: Examinations) -> Decision:
    """Compares with the live model, measured again now, and with the best there was."""
    live = order.models.live()
    fresh = {} if live is None else {live.version: _figures_now(live, examinations)}
    return decide(
        order.run.plan.preset,
        measurement.figures(),
        fresh.get(live.version) if live else None,
        best_figures(order.models, fresh),
        unfit=unfit,
        force=order.force,
    )


def _figures_now(model: StoredModel, examinations: Examinations) -> Figures:
    """A published model's figures with today's eyes: the way from photo to pixels may have changed since."""
    try:
        classifier = load_classifier(model.model_path.read_bytes())
    except UnfitModelError:
        return model.figures
    held_out = examinations.held_out if model.figures.held_out_accuracy is not None else None
    thresholds = model.card.get("thresholds") or {}
    return measure(classifier, replace(examinations, trained_on=None, held_out=held_out), thresholds).figures()


def _settle(order: Order, decision: Decision, files: ModelFiles, measurement: Measurement) -> Entry:
    """Publishes or not, and records which."""
    run, models = order.run, order.models
    entry = Entry(
        Event.NOT_PUBLISHED,
        files.version,
        preset=run.plan.preset,
        run=run.name,
        sha256=str(files.card["sha256"]),
        forced=decision.overridden,
        reasons=decision.reasons,
        figures=measurement.figures(),
    )
    if order.publish and decision.publish:
        entry = publish(models, files, entry, after_step=order.after_step)
        share_with_replicas(files, order.settings, order.root)
    elif order.publish:
        models.record(entry)
    (run.folder / "classifier.tflite").write_bytes(files.tflite)
    return entry


def _report(
    order: Order,
    notes: Sequence[str],
    classifier: Classifies,
    measurement: Measurement,
    decision: Decision,
    entry: Entry,
    started: float,
) -> None:
    from training.console import console

    run = order.run
    ending = _ending(order, decision, entry)
    notes = [*notes, *_course_notes(order, classifier, measurement)]
    terminal = console()
    terminal.table("Old and new side by side", figures_table(decision))
    for reason in decision.reasons:
        run.log(f"- {reason}")
    write_pictures(run, measurement)
    page = write_page(run, measurement, decision, ending, notes)
    for note in notes:
        run.log(note)
    run.log(ending)
    run.log(f"Curves, confusion matrix and figures: {page}")
    seconds = round(time.monotonic() - started)
    run.log(f"It took {seconds // 60} min {seconds % 60} s.")
    run.finish(
        {
            "state": entry.event.value if order.publish else "done",
            "version": entry.version,
            "forced": entry.forced,
            "reasons": list(decision.reasons),
            "figures": asdict(measurement.figures()),
            "train_accuracy": measurement.train_accuracy,
            "seconds": seconds,
            "peak_memory_mib": peak_memory_mib(),
        }
    )


def _ending(order: Order, decision: Decision, entry: Entry) -> str:
    test = f"{entry.figures.test_accuracy:.2%} on the test images" if entry.figures.test_accuracy is not None else ""
    if not order.publish:
        verdict = "would be published" if decision.publish else "would not be published"
        return f"{entry.version}: {test}; {verdict} (--no-publish)."
    if entry.event is Event.PUBLISHED:
        forced = ", by force" if entry.forced else ""
        return f"{entry.version} is live{forced}: {test}."
    fit = "unfit to publish" if decision.unfit else "no better than what is there"
    return f"{entry.version} is not published, {fit}: {test}."


def _course_notes(order: Order, classifier: Classifies, measurement: Measurement) -> list[str]:
    """What the course's experiments are about; nothing for other recipes."""
    plan, run, pictures = order.run.plan, order.run, order.pictures
    if plan.preset != "lesson":
        return []
    first = classifier.probabilities(as_pixels(pictures.test.images[:1]))[0]
    notes = lesson.course_lines(pictures.train, pictures.test, first)
    records = run.metrics()
    if plan.target_accuracy is not None:
        notes.append(lesson.target_sentence(records, plan.target_accuracy))
    if sentence := overfitting_sentence(records):
        notes.append(sentence)
    if not plan.normalise:
        notes.append(lesson.without_normalising_sentence(records[-1]))
    return notes
