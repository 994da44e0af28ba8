"""Writes a set into a models folder: one commit point, everything before it invisible, one process at a time.

Into a models folder without a classifier the files go to the top, ``classifier.tflite`` last: it is the commit. Into
any other they go to a folder of their own under ``live/``, which is complete by itself, and the pointer file
``live/current`` is replaced: that is the commit. A running bot sees it within seconds. Stopped between any two steps,
the old set is whole or the new one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.registry.files import replace_durably, sync_folder, write_durably
from bot.registry.folder import SHIPPED, ModelsFolder, StoredModel, network_paths, read_networks
from bot.registry.layout import CARD_FILE, LOCK_FILE, MODEL_FILE, NETWORK_FILES, START_FILES, VERSION
from bot.registry.locks import FileLock, LockedError
from bot.registry.model_set import (
    ModelSet,
    card_bytes,
    check_described,
    described,
    networks_entry,
    sha256,
    told_foreign,
)
from bot.vision.interpreter import ModelError

_BESIDE: Final = tuple(name for name in NETWORK_FILES if name != MODEL_FILE)

STEPS: Final = ("start", *(Path(name).stem for name in _BESIDE), "card", "classifier", "folder", "commit")
"""What :func:`write_set` reports as done, in this order; ``folder`` only under ``live/``."""

AfterStep = Callable[[str], None]


class BusyError(ModelError):
    """Another process publishes into the same models folder."""


@contextlib.contextmanager
def sole_publisher(models: ModelsFolder) -> Iterator[None]:
    """Keep every other publisher away from a models folder, for the second that publishing takes.

    Raises:
        BusyError: another process publishes right now.
        OSError: the folder cannot be written.
    """
    models.live_folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock.acquire(models.folder / LOCK_FILE)
    except LockedError as error:
        told = f"Process {error.process} publishes into {models.folder} at this moment: try again when it has ended."
        raise BusyError(told) from error
    try:
        yield
    finally:
        lock.release()


def completed(models: ModelsFolder, new: ModelSet) -> ModelSet:
    """The set with all its networks, those that it lacks taken from the live set, and described by its card.

    Raises:
        ModelError: one that it lacks is missing in the live set, or not the one that the live set's card describes.
    """
    live = models.live()
    folder, card = (live.folder, live.card) if live else (models.folder, {})
    paths = {
        name: path for name, path in network_paths(folder, models.folder, card).items() if name not in new.networks
    }
    kept = read_networks(paths)
    digests = described(card)
    if foreign := [name for name, data in kept.items() if digests.get(name, sha256(data)) != sha256(data)]:
        raise ModelError(told_foreign(foreign))
    start = {name: data for name, data in (live.start() if live else {}).items() if START_FILES[name] in kept}
    networks = {**kept, **new.networks}
    return ModelSet({**new.card, "networks": networks_entry(networks)}, networks, {**start, **new.start})


def write_set(models: ModelsFolder, new: ModelSet, after_step: AfterStep = lambda step: None) -> str:
    """Make a complete set the live one; the caller is the sole publisher.

    Args:
        models: the models folder.
        new: the set, from :func:`completed`.
        after_step: called after each of :data:`STEPS`; tests stop the process in it.

    Returns:
        The version that it went live as: its own, or with a number behind it where that is taken.

    Raises:
        ModelError: its card describes other networks.
        OSError: a full disk or no permission; the live set is as it was.
    """
    check_described(new.card, new.networks)
    live = models.live()
    if live is None:
        _write_at_the_top(models, new, after_step)
        return new.version
    version = _free_name(models, new.version)
    new = replace(new, card={**new.card, "version": version})
    _write_below_live(models, new, version, live, after_step)
    return version


def install_set(models: ModelsFolder, version: str, new: ModelSet) -> None:
    """Make a set that was published elsewhere the live one here, with its card as it is.

    Args:
        models: the models folder.
        version: what its folder is to be called; with a number behind it where another set is called so.
        new: the set; one of the former form has the classifier alone.

    Raises:
        BusyError: another process publishes right now.
        ModelError: its card describes other networks.
        ValueError: its version is no name for a folder.
        OSError: the folder cannot be written; the live set is as it was.
    """
    if VERSION.fullmatch(version) is None:
        raise ValueError("its version is no name for a folder")
    check_described(new.card, new.networks)
    with sole_publisher(models):
        there = models.find(version)
        if there is not None and not there.shipped and there.problem() is None and there.card == new.card:
            point_to(models, there)
        else:
            _write_below_live(models, new, _free_name(models, version), models.live())


def point_to(models: ModelsFolder, stored: StoredModel) -> None:
    """Make a set that is there the live one."""
    if stored.shipped:
        models.pointer.unlink(missing_ok=True)
        sync_folder(models.live_folder)
    else:
        replace_durably(models.pointer, f"{stored.folder.name}\n".encode())


def _write_at_the_top(models: ModelsFolder, new: ModelSet, after_step: AfterStep) -> None:
    models.folder.mkdir(parents=True, exist_ok=True)
    for name, data in new.start.items():
        replace_durably(models.folder / name, data)
    after_step("start")
    for name in _BESIDE:
        if not _holds(models.folder / name, new.networks[name]):
            replace_durably(models.folder / name, new.networks[name])
        after_step(Path(name).stem)
    replace_durably(models.folder / CARD_FILE, card_bytes(new.card))
    after_step("card")
    replace_durably(models.folder / MODEL_FILE, new.model)
    after_step("classifier")
    after_step("commit")


def _write_below_live(
    models: ModelsFolder,
    new: ModelSet,
    name: str,
    live: StoredModel | None,
    after_step: AfterStep = lambda step: None,
) -> None:
    folder, unfinished = models.live_folder / name, models.live_folder / f".{name}.partial"
    earlier = live.folder if live and not live.shipped else None  # the shipped files may be overwritten in place
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        _write_all(unfinished, new.start, earlier)
        after_step("start")
        for network in _BESIDE:
            _write_all(unfinished, {each: new.networks[each] for each in (network,) if each in new.networks}, earlier)
            after_step(Path(network).stem)
        write_durably(unfinished / CARD_FILE, card_bytes(new.card))
        after_step("card")
        _write_all(unfinished, {MODEL_FILE: new.model}, earlier)
        after_step("classifier")
        sync_folder(unfinished)
        os.rename(unfinished, folder)
        sync_folder(models.live_folder)
        after_step("folder")
        replace_durably(models.pointer, f"{name}\n".encode())
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        if models.pointed_version() != name:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    after_step("commit")


def _write_all(folder: Path, files: Mapping[str, bytes], earlier: Path | None) -> None:
    """Write files; those that an earlier set under ``live/`` holds, too, are on the disk once."""
    for name, data in files.items():
        if earlier is None or not _holds(earlier / name, data) or not _link(earlier / name, folder / name):
            write_durably(folder / name, data)


def _link(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except OSError:  # a file system without links, or a full one: writing tells
        return False
    return True


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _free_name(models: ModelsFolder, version: str) -> str:
    """The version, or with a number behind it where that is taken."""
    number, name = 1, version
    while (models.live_folder / name).exists() or name == SHIPPED:
        number += 1
        name = f"{version}-{number}"
    return name
