"""Puts a model in service, and brings an older one back: one commit point, everything before it invisible.

Into a models folder without a model the three files go to the top, ``classifier.tflite`` last: it is the commit. Into
any other they go to a folder of their own under ``live/``, and the pointer file ``live/current`` is replaced: that is
the commit. A running bot sees it within seconds. Stopped between any two steps, the old model is whole or the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from training.errors import TrainingError, UnfitModelError
from training.files import replace_durably, sync_folder, write_durably
from training.history import CARD, KERAS_MODEL, MODEL, SHIPPED, Entry, Event, Models, StoredModel
from training.measure import load_classifier

STEPS: Final = ("begin", "keras", "card", "model", "folder", "commit", "history")
"""What :func:`publish` reports as done, in this order; ``folder`` only under ``live/``."""

_HASH_DIGITS: Final = 8

AfterStep = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class ModelFiles:
    """The three files of a model.

    Attributes:
        tflite: what serves.
        keras: what a refresh starts from.
        card: the model card, as JSON values.
    """

    tflite: bytes
    keras: bytes
    card: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The name that the card gives it."""
        return str(self.card["version"])


def new_version(preset: str, model: bytes, now: datetime | None = None) -> str:
    """A name for a model: the day, the recipe, and the beginning of its SHA-256."""
    return f"{now or datetime.now().astimezone():%Y-%m-%d}-{preset}-{sha256(model)[:_HASH_DIGITS]}"


def sha256(model: bytes) -> str:
    """The SHA-256 of a model file, in hex."""
    return hashlib.sha256(model).hexdigest()


def publish(models: Models, files: ModelFiles, entry: Entry, *, after_step: AfterStep = lambda step: None) -> Entry:
    """Makes a model the live one and records it.

    Args:
        models: the models folder.
        files: the model; its card's ``sha256`` must be that of ``tflite``.
        entry: what the history shall say; the version and the previous one are filled in.
        after_step: called after each of :data:`STEPS`; tests stop the process in it.

    Returns:
        The entry as recorded.

    Raises:
        OSError: a full disk or no permission; the live model is as it was.
    """
    if files.card.get("sha256") != sha256(files.tflite):
        raise ValueError("the card is of another model")
    models.complete_history()
    live = models.live()
    after_step("begin")
    if live is None:
        version = _publish_at_the_top(models, files, after_step)
    else:
        version = _publish_live(models, files, after_step)
    entry = _published(entry, version, live, files)
    models.record(entry)
    after_step("history")
    return entry


def roll_back(models: Models, version: str | None = None, *, after_step: AfterStep = lambda step: None) -> StoredModel:
    """Brings a model back.

    Args:
        models: the models folder.
        version: which one, or ``shipped``; by default the one published before the live one.
        after_step: as for :func:`publish`.

    Returns:
        The model that is live now.

    Raises:
        TrainingError: there is no such model, or its files are damaged.
    """
    live = models.live()
    if live is None:
        raise TrainingError(f"There is no model in {models.folder} to roll back.")
    target = _named(models, version) if version else _before(models, live)
    if target.version == live.version:
        raise TrainingError(f"{live.version} is the live model already.")
    _check_whole(target)
    models.complete_history()
    after_step("begin")
    if target.shipped:
        models.pointer.unlink()
        sync_folder(models.live_folder)
    else:
        replace_durably(models.pointer, f"{target.version}\n".encode())
    after_step("commit")
    models.record(
        Entry(
            Event.ROLLED_BACK,
            target.version,
            previous=live.version,
            preset=target.card.get("preset"),
            sha256=target.card.get("sha256"),
            figures=target.figures,
        )
    )
    after_step("history")
    return target


def _publish_at_the_top(models: Models, files: ModelFiles, after_step: AfterStep) -> str:
    models.folder.mkdir(parents=True, exist_ok=True)
    replace_durably(models.folder / KERAS_MODEL, files.keras)
    after_step("keras")
    replace_durably(models.folder / CARD, _card_bytes(files.card))
    after_step("card")
    replace_durably(models.folder / MODEL, files.tflite)
    after_step("model")
    after_step("commit")
    return files.version


def _publish_live(models: Models, files: ModelFiles, after_step: AfterStep) -> str:
    version = _free_name(models, files.version)
    folder, unfinished = models.live_folder / version, models.live_folder / f".{version}.partial"
    models.live_folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        write_durably(unfinished / KERAS_MODEL, files.keras)
        after_step("keras")
        write_durably(unfinished / CARD, _card_bytes({**files.card, "version": version}))
        after_step("card")
        write_durably(unfinished / MODEL, files.tflite)
        after_step("model")
        sync_folder(unfinished)
        os.rename(unfinished, folder)
        sync_folder(models.live_folder)
        after_step("folder")
        replace_durably(models.pointer, f"{version}\n".encode())
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        if models.pointed_version() != version:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    after_step("commit")
    return version


def _free_name(models: Models, version: str) -> str:
    """The version, or with a number behind it where the same bytes were published that day before."""
    number, name = 1, version
    while (models.live_folder / name).exists() or name == SHIPPED:
        number += 1
        name = f"{version}-{number}"
    return name


def _published(entry: Entry, version: str, live: StoredModel | None, files: ModelFiles) -> Entry:
    return Entry(
        Event.PUBLISHED,
        version,
        previous=live.version if live else None,
        preset=str(files.card.get("preset")),
        run=entry.run,
        sha256=str(files.card["sha256"]),
        forced=entry.forced,
        reasons=entry.reasons,
        figures=entry.figures,
    )


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
    data = model.model_path.read_bytes()
    expected = model.card.get("sha256")
    if expected and expected != sha256(data) and not model.shipped:
        raise TrainingError(f"{model.model_path} is damaged: it is not the file that its card describes.")
    try:
        load_classifier(data)
    except UnfitModelError as error:
        raise TrainingError(f"{model.version} cannot be brought back: {error}") from error


def _card_bytes(card: Mapping[str, Any]) -> bytes:
    return (json.dumps(card, ensure_ascii=False, indent=2) + "\n").encode()
