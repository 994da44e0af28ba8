"""From a plan to a published model, the same way for every recipe."""

from __future__ import annotations

import time
from dataclasses import asdict

from bot.registry.folder import StoredModel
from bot.registry.history import Event, Figures
from bot.registry.loaded import photo_networks
from training.data.corrections import Corrections
from training.engine.candidate import convert, examine, judge, with_card
from training.engine.closing_report import report
from training.engine.comparison import live_set
from training.engine.corrected import (
    CorrectedAnswers,
    CorrectionExamination,
    accepted_corrections,
    correction_note,
    not_gained,
    nothing_new,
)
from training.engine.devices import is_chief
from training.engine.job import TrainingJob
from training.engine.outcome import entry_of, publish_or_record
from training.engine.train import train
from training.errors import DONE, UNFIT
from training.evaluation.gate import PRESETS_THAT_ONLY_FILL, what_is_lost
from training.evaluation.network_set import NetworkSet


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
    corrections = Corrections()
    if run.plan.preset not in PRESETS_THAT_ONLY_FILL:
        corrections = accepted_corrections(job.settings, job.root, job.models.networks_folder)
    live = job.models.live()
    corrected = CorrectionExamination(corrections)
    told_before = corrected.ask(live_set(live)) if live and len(corrections) else None
    if run.plan.refresh and live and job.publish and not job.force:
        answers_now = told_before or CorrectedAnswers((), ())
        if reason := nothing_new(corrections, live, answers_now):
            return _end_without_news(job, reason)
    trained = train(job, corrections)
    if not is_chief():
        run.log("this worker's part is done; the first one publishes")
        return DONE
    run.interruption.check()
    candidate = convert(job, trained)
    live = job.models.live()
    examined = examine(job, candidate, live)
    told_now = corrected.ask(
        NetworkSet(candidate.classifier, photo_networks(candidate.model_set.networks), trained.thresholds)
    )
    gained = not_gained(told_before, told_now) if run.plan.refresh else ()
    decision = judge(job, candidate, examined, gained)
    notes = [*trained.notes]
    if len(corrections) or corrections.left_out:
        notes.append(correction_note(told_before, told_now, corrections.left_out))
    new = with_card(job, candidate, examined, live)
    entry = entry_of(job, candidate, decision, new, examined, round(time.monotonic() - started))
    entry = publish_or_record(job, decision, new, entry, live)
    report(job, candidate, notes, examined.measurement, decision, entry, started)
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
    trials = search(run, judge_for(run, job.fashion_mnist, job.data_dir, job.models.networks_folder))
    if trials:
        open_terminal().table("Trials, best first", table(trials))
        run.log(f"Table and picture: {run.folder}")
        run.log(f"Train with the best settings: python -m training --from-trial {run.name}")
        best = trials[0]
        run.finish({"state": "searched", "trials": len(trials), "best": dict(best.settings), "score": best.score})
    return DONE
