"""What becomes of a candidate: it goes live, or is recorded as one that did not."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.registry.files import write_durably
from bot.registry.folder import StoredModel
from bot.registry.history import Entry, Event, Figures
from bot.registry.loaded import photo_networks
from bot.registry.model_set import ModelSet
from bot.vision.classifier import Classifier
from training.engine.candidate import Candidate, Examined
from training.engine.job import TrainingJob
from training.evaluation.gate import Decision
from training.evaluation.network_set import NetworkSet
from training.evaluation.worn import WORN, worn_entries
from training.runs.publish import publish
from training.runs.store import note_to_share, share_with_replicas


def entry_of(
    job: TrainingJob,
    candidate: Candidate,
    decision: Decision,
    new: ModelSet,
    examined: Examined,
    seconds: int,
) -> Entry:
    """What the history says of a model that is not published; publishing fills in the rest."""
    measurement, before = examined.measurement, examined.before
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
        corrections=candidate.trained.corrections,
        seconds=seconds,
        data=job.run.data,
    )


def publish_or_record(
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


def _with_worn(job: TrainingJob, new: ModelSet, live: StoredModel | None) -> ModelSet:
    """The set whose card says, too, what it answers of people in streets and of bags, where nobody has asked yet."""
    if WORN[0] in new.card:
        return new
    classifier, networks = Classifier(new.model, interpreters=1), photo_networks(new.networks)
    candidate = NetworkSet(classifier, networks, new.card["thresholds"], new.version)
    progress = partial(job.run.stage, "looking at people and bags")
    worn = job.worn_examination(job.data_dir, candidate, progress)
    return replace(new, card={**new.card, **worn_entries(worn, new.card, live.card if live else {})})
