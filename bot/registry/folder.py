"""The sets of a models folder as they lie on the disk: the shipped one, refreshed ones, and which of them is live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.registry.card import CardError, ModelCard
from bot.registry.layout import (
    CARD_FILE,
    HISTORY_FILE,
    LIVE_FOLDER,
    MODEL_FILE,
    NETWORK_FILES,
    POINTER_FILE,
    START_FILES,
    VERSION,
)
from bot.registry.model_set import ModelSet, check_described, foreign_files, is_whole_set, told_foreign
from bot.registry.networks import network_file
from bot.vision.interpreter import ModelError, NoModelError

SHIPPED: Final = "shipped"
"""Another name for the set at the top of the models folder."""

MAX_NETWORK_BYTES: Final = 256 * 1024 * 1024
"""Networks of ours take a few megabytes; a file beyond this is something else."""


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A set on the disk.

    Attributes:
        version: its name.
        folder: where its files are.
        card: its card; empty when it has none, or an unreadable one.
        models_dir: the models folder that it belongs to.
    """

    version: str
    folder: Path
    card: Mapping[str, Any]
    models_dir: Path

    @property
    def shipped(self) -> bool:
        """Whether it is the one at the top of the models folder."""
        return self.folder == self.models_dir

    @property
    def model_path(self) -> Path:
        """The file that classifies 28x28 pixels."""
        return self.folder / MODEL_FILE

    @property
    def networks_folder(self) -> Path:
        """Has the networks that look at photos; a set of the former form goes with those of the models folder."""
        return self.folder if is_whole_set(self.card) else self.models_dir

    def network_paths(self) -> dict[str, Path]:
        """Where each network is, by file name, whether it is there or not."""
        return network_paths(self.folder, self.models_dir, self.card)

    def networks(self) -> dict[str, bytes]:
        """The networks, by file name.

        Raises:
            NoModelError: one is missing.
            ModelError: one cannot be read.
        """
        return read_networks(self.network_paths())

    def start(self) -> dict[str, bytes]:
        """What a refresh starts from, as far as it is there, by file name."""
        paths = [self.folder / name for name in START_FILES]
        return {path.name: path.read_bytes() for path in paths if path.is_file()}

    def read(self) -> ModelSet:
        """The set as bytes, without what a refresh starts from.

        Raises:
            ModelError: a network is missing, or is not the one that the card describes.
        """
        networks = self.networks()
        check_described(self.card, networks)
        return ModelSet(self.card, networks)

    def problem(self) -> str | None:
        """One line that says which file is missing, or not the one that the card beside it describes; else None."""
        card = read_card(self.folder)
        try:
            foreign = foreign_files(card, read_networks(network_paths(self.folder, self.models_dir, card)))
        except ModelError as error:
            return str(error)
        return told_foreign(foreign) if foreign else None


class ModelsFolder:
    """A models folder.

    Args:
        folder: ``MODELS_DIR``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.live_folder = folder / LIVE_FOLDER
        self.pointer = folder / POINTER_FILE
        self.history_path = folder / HISTORY_FILE

    def shipped(self) -> StoredModel | None:
        """The set at the top of the folder."""
        if not (self.folder / MODEL_FILE).is_file():
            return None
        card = read_card(self.folder)
        paths = network_paths(self.folder, self.folder, card)
        there = {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
        if not card.get("sha256") or foreign_files(card, there):
            card = {}  # somebody put another file in its place by hand: the figures are not its own
        return StoredModel(str(card.get("version") or SHIPPED), self.folder, card, self.folder)

    def live(self) -> StoredModel | None:
        """The set that serves: the one pointed to, else the shipped one."""
        version = self.pointed_version()
        stored = self.find(version) if version else None
        return stored or self.shipped()

    @property
    def networks_folder(self) -> Path:
        """Has the networks of the live set that look at photos; those that it lacks are the shipped ones."""
        live = self.live()
        return live.networks_folder if live else self.folder

    def pointed_version(self) -> str | None:
        """What the pointer file says; None without one, or when it holds no name."""
        try:
            version = self.pointer.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return version if VERSION.fullmatch(version) else None

    def find(self, version: str) -> StoredModel | None:
        """A set by its version, or by ``shipped``."""
        folder = self.live_folder / version
        if VERSION.fullmatch(version) and any((folder / name).is_file() for name in (MODEL_FILE, CARD_FILE)):
            return StoredModel(version, folder, read_card(folder), self.folder)
        shipped = self.shipped()
        return shipped if shipped and version in (SHIPPED, shipped.version) else None


def network_paths(folder: Path, models_dir: Path, card: Mapping[str, Any]) -> dict[str, Path]:
    """Where each network of a set is, whether it is there or not.

    Args:
        folder: the set's.
        models_dir: the models folder; where a set of the former form lacks networks, they are its, or the shipped ones.
        card: the set's card; empty without one.
    """
    if is_whole_set(card):
        return {name: folder / name for name in NETWORK_FILES}
    beside = [name for name in NETWORK_FILES if name != MODEL_FILE]
    return {name: network_file(models_dir, name) for name in beside} | {MODEL_FILE: folder / MODEL_FILE}


def read_networks(paths: Mapping[str, Path]) -> dict[str, bytes]:
    """Read the networks of a set.

    Raises:
        NoModelError: one is missing.
        ModelError: one cannot be read, or is far too large.
    """
    return {name: _read(path) for name, path in paths.items()}


def read_card(folder: Path) -> Mapping[str, Any]:
    """The values of a folder's card; empty where it has none, or one that is no card.

    Raises:
        ModelError: the file is there and cannot be read.
    """
    try:
        return ModelCard.read(folder / CARD_FILE).raw
    except CardError as error:
        if isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, FileNotFoundError):
            raise ModelError(f"{folder / CARD_FILE} cannot be read: {error.__cause__.strerror}") from error
        return {}


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            how = "make one: python -m training" if path.name == MODEL_FILE else "it belongs to the set; put it back"
            raise NoModelError(f"no {path.name} here; {how}")
        if path.stat().st_size > MAX_NETWORK_BYTES:
            raise ModelError(f"{path.name} is far too large for a model")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read: {error.strerror}") from error
