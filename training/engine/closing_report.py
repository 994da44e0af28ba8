"""What somebody who has trained is told at the end, and what the run keeps of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict

from bot.datasets import as_pixels
from bot.registry.history import Entry, Event
from training.engine import lesson
from training.engine.candidate import Candidate
from training.engine.job import TrainingJob
from training.evaluation.gate import Decision
from training.evaluation.measure import Classifies, Measurement
from training.plan import LessonPlan
from training.runs.folders import peak_memory_mib
from training.runs.languages import Language
from training.runs.report import figures_table, overfitting_sentence, recall_table, write_page, write_pictures


def report(
    job: TrainingJob,
    candidate: Candidate,
    notes: Sequence[str],
    measurement: Measurement,
    decision: Decision,
    entry: Entry,
    started: float,
) -> None:
    """Tell and write down what came of a training.

    Args:
        job: what the command line asked for.
        candidate: what was trained.
        notes: of the training.
        measurement: of the candidate.
        decision: the gate's.
        entry: what the history says.
        started: ``time.monotonic()`` when the work began.
    """
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
    in_english = [*notes, *_course_notes(job, candidate.classifier, Language.EN)]
    page = write_page(run, measurement, decision, ending, in_english, recall)
    for note in [*notes, *_course_notes(job, candidate.classifier, Language.ZH_HANT)]:
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
            "corrections": candidate.trained.corrections,
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
    plan, run, data = job.run.plan, job.run, job.fashion_mnist
    if not isinstance(plan, LessonPlan):
        return []
    first = classifier.probabilities(as_pixels(data.test.images[:1]))[0]
    notes = lesson.course_lines(data.train, data.test, first, language)
    records = run.metrics()
    if plan.target_accuracy is not None:
        notes.append(lesson.target_sentence(records, plan.target_accuracy, language))
    if not plan.patience and (sentence := overfitting_sentence(records, language)):  # else it is no test accuracy
        notes.append(sentence)
    if not plan.normalise:
        notes.append(lesson.without_normalising_sentence(records[-1], language))
    return notes
