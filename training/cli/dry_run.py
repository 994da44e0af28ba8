"""``--dry-run``: what would be learnt, from what, how long it would take, and where it would go; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.datasets import photo_list
from bot.datasets.fashion_mnist import FOLDER, TEST, TRAIN
from bot.settings import Settings
from training.data.corrections import Corrections
from training.engine.corrected import accepted_corrections
from training.engine.estimates import estimate
from training.evaluation.gate import PRESETS_THAT_ONLY_FILL, what_is_lost
from training.plan import Plan
from training.presets import MADE_BY_A_PRESET, TAKEN_BY_A_PRESET, changes_of
from training.runs.history import Models
from training.runs.pace import in_words
from training.runs.store import has_store, open_store


@dataclass(frozen=True, slots=True)
class Intent:
    """What the command line asks for.

    Attributes:
        plan: what would be computed.
        models: where it would be published.
        data_dir: where the data is.
        runs_dir: where the run would be kept.
        settings: for the corrections' database.
        root: the folder that holds ``bot/``.
        publish: whether the model may go live.
        force: whatever the gate says.
        resumed: the run that would be gone on with, and the epochs behind it.
    """

    plan: Plan
    models: Models
    data_dir: Path
    runs_dir: Path
    settings: Settings
    root: Path
    publish: bool
    force: bool
    resumed: tuple[str, int] | None = None


def told(intent: Intent) -> str:
    """The answer, one fact a line.

    Raises:
        TrainingError: the corrections' database cannot be used.
    """
    facts = list(_facts(intent))
    width = max(len(name) for name, _ in facts)
    return "\n".join([*(f"{name:<{width}}  {fact}" for name, fact in facts), "Nothing was written (--dry-run)."])


def _facts(intent: Intent) -> Iterator[tuple[str, str]]:
    plan, live = intent.plan, intent.models.live()
    yield "would", _what(intent)
    if changes := changes_of(plan):
        yield "settings", ", ".join(changes)
    yield "images", f"{60_000:,} of Fashion-MNIST ({_fashion_mnist(intent.data_dir)})"
    if plan.preset not in PRESETS_THAT_ONLY_FILL:
        yield "photos", _photos(intent.data_dir)
        yield "corrections", _corrections(intent)
        if not plan.refresh:
            version = live.version if live else "the shipped set"
            yield "networks", f"{MADE_BY_A_PRESET}; {TAKEN_BY_A_PRESET.format(version=version)}"
    epochs_done = intent.resumed[1] if intent.resumed else 0
    expected = estimate(plan, intent.runs_dir, epochs_done)
    yield "takes", f"about {in_words(expected.seconds)} ({expected.source})"
    yield "then", _then(intent, live.version if live else None)
    if intent.publish and intent.force and live and plan.preset in PRESETS_THAT_ONLY_FILL:
        for loss in what_is_lost(live.card, {}):
            yield "lost", loss


def _what(intent: Intent) -> str:
    plan = intent.plan
    if intent.resumed:
        name, done = intent.resumed
        return f"go on with {name} after {done} of {_epochs(plan)}"
    if plan.trials:
        return f"search the settings of {plan.preset}: {plan.trials} trials of {_epochs(plan)}"
    if plan.refresh:
        live = intent.models.live()
        return f"refresh {live.version if live else 'nothing'} ({plan.preset}), {_epochs(plan)}"
    return f"train {plan.preset} from scratch, {_epochs(plan)}"


def _epochs(plan: Plan) -> str:
    return "1 epoch" if plan.epochs == 1 else f"{plan.epochs} epochs"


def _fashion_mnist(data_dir: Path) -> str:
    here = all((data_dir / FOLDER / archive.name).is_file() for archive in (*TRAIN, *TEST))
    return "here" if here else "would be fetched"


def _photos(data_dir: Path) -> str:
    listed = [photo for photo in photo_list() if photo.split == "train"]
    here = sum(photo.path(data_dir).is_file() for photo in listed)
    missing = len(listed) - here
    return f"{len(listed):,} of the list ({'all here' if not missing else f'{missing:,} would be fetched'})"


def _corrections(intent: Intent) -> str:
    if not has_store(intent.settings, intent.root):
        return "none: the bot has not run here, or DATABASE_URL is not set"
    with open_store(intent.settings, intent.root) as storage:
        waiting = len(storage.corrections.pending())
    accepted = accepted_corrections(intent.settings, intent.root, intent.models.networks_folder)
    more = "" if not waiting else "; others wait for a decision: python -m training corrections"
    return f"{_accepted(accepted)}{more}"


def _accepted(accepted: Corrections) -> str:
    if not len(accepted) and not accepted.left_out:
        return "none accepted"
    told = f"{len(accepted.learnt)} accepted to learn from, {len(accepted.measured)} kept apart to measure"
    return f"{told}, {accepted.left_out} left out, whose garment is not found again" if accepted.left_out else told


def _then(intent: Intent, live: str | None) -> str:
    if intent.plan.trials:
        return "a table of the trials; nothing is published"
    if not intent.publish:
        return "measured and judged; nothing is published (--no-publish)"
    if live is None:
        return f"published: there is no model in {intent.models.folder} yet"
    if intent.force:
        return f"published in place of {live}, whatever the gate says (--force)"
    if intent.plan.preset in PRESETS_THAT_ONLY_FILL:
        return f"not published: {intent.plan.preset} is for teaching, and {live} is live"
    return f"published in place of {live}, if it is no worse"
