"""Puts a set of networks in service, and brings an older one back, and writes both into the history."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.registry.folder import StoredModel
from bot.registry.history import Entry, Event, Figures
from bot.registry.loaded import KINDS
from bot.registry.model_set import ModelSet, sha256
from bot.registry.publishing import STEPS as WRITING
from bot.registry.publishing import AfterStep, completed, point_to, sole_publisher, write_set
from bot.vision.interpreter import ModelError
from training.errors import TrainingError
from training.runs.history import Models

STEPS: Final = ("begin", *WRITING, "history")
"""What :func:`publish` reports as done, in this order; ``folder`` only under ``live/``."""

_HASH_DIGITS: Final = 8


def new_version(preset: str, model: bytes, now: datetime | None = None) -> str:
    """A name for a model: the day, the recipe, and the beginning of its SHA-256."""
    return f"{now or datetime.now().astimezone():%Y-%m-%d}-{preset}-{sha256(model)[:_HASH_DIGITS]}"


def publish(
    models: Models,
    new: ModelSet,
    entry: Entry,
    *,
    instead_of: str | None = None,
    after_step: AfterStep = lambda step: None,
) -> Entry:
    """Makes a set the live one and records it.

    Args:
        models: the models folder.
        new: the set; networks that it lacks are the live ones, and its card's ``networks`` is filled in.
        entry: what the history shall say; the version and the previous one are filled in.
        instead_of: the version that it was measured against, where it must still be the live one.
        after_step: called after each of :data:`STEPS`; tests stop the process in it.

    Returns:
        The entry as recorded.

    Raises:
        TrainingError: another version went live meanwhile.
        BusyError: another process publishes at this moment.
        ModelError: a network is missing, or the card is of another classifier.
        OSError: a full disk or no permission; the live set is as it was.
    """
    with sole_publisher(models):
        models.complete_history()
        live = models.live()
        if instead_of is not None and (live is None or live.version != instead_of):
            raise TrainingError(
                f"{live.version if live else 'Nothing'} went live while this was measured against {instead_of}:"
                " measure it again with --resume."
            )
        new = completed(models, new)
        after_step("begin")
        _remove_what_a_kill_left(models, new)
        version = write_set(models, new, after_step)
        entry = replace(
            entry,
            event=Event.PUBLISHED,
            version=version,
            previous=live.version if live else None,
            preset=str(new.card.get("preset")),
            sha256=sha256(new.model),
        )
        models.record(entry)
        after_step("history")
    return entry


def roll_back(models: Models, version: str | None = None, *, after_step: AfterStep = lambda step: None) -> StoredModel:
    """Brings a set back.

    Args:
        models: the models folder.
        version: which one, or ``shipped``; by default the one published before the live one.
        after_step: as for :func:`publish`.

    Returns:
        The set that is live now.

    Raises:
        TrainingError: there is no such set, or its files are damaged.
        BusyError: another process publishes at this moment.
    """
    live = models.live()
    if live is None:
        raise TrainingError(f"There is no model in {models.folder} to roll back.")
    target = _named(models, version) if version else _before(models, live)
    if target.version == live.version:
        raise TrainingError(f"{live.version} is the live model already.")
    _check_whole(target)
    with sole_publisher(models):
        models.complete_history()
        after_step("begin")
        point_to(models, target)
        after_step("commit")
        models.record(
            Entry(
                Event.ROLLED_BACK,
                target.version,
                previous=live.version,
                preset=target.card.get("preset"),
                sha256=target.card.get("sha256"),
                figures=Figures.from_card(target.card),
            )
        )
        after_step("history")
    return target


def _remove_what_a_kill_left(models: Models, new: ModelSet) -> None:
    """The folder of the same run, killed before its commit: published now, it keeps its version."""
    left, run_id = models.find(new.version), new.card.get("run_id")
    if left is not None and not left.shipped and run_id and left.card.get("run_id") == run_id:
        if models.pointed_version() != left.version:
            shutil.rmtree(left.folder)


def _named(models: Models, version: str) -> StoredModel:
    if found := models.find(version):
        return found
    names = ", ".join(model.version for model in models.published()) or "none"
    raise TrainingError(f"There is no model {version!r} in {models.folder}; there are: {names}.")


def _before(models: Models, live: StoredModel) -> StoredModel:
    """The model published before the live one."""
    published = models.published()
    versions = [model.version for model in published]
    position = versions.index(live.version) if live.version in versions else len(versions)
    if position == 0:
        raise TrainingError(
            f"There is no model older than {live.version}; name one: python -m training rollback VERSION."
        )
    return published[position - 1]


def _check_whole(model: StoredModel) -> None:
    if problem := model.problem():
        raise TrainingError(f"{model.folder} is damaged: {problem}.")
    for name, data in model.networks().items():
        try:
            KINDS[name](data, interpreters=1)
        except ModelError as error:
            raise TrainingError(f"{model.version} cannot be brought back: {name}: {error}") from error
