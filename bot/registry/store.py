"""Which set of networks is live, and how a running bot takes a new one.

The shipped set lies at the top of the models folder (three networks and ``card.json``). A refreshed one lies in
``live/<version>/`` and wins over it when the pointer file ``live/current`` names it; replacing that file is how a set
is published and rolled back. :meth:`ModelStore.refresh` looks at the disk and takes what changed, whole: a set of which
a file is missing, broken or foreign is refused, told once, and the set before it goes on answering.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from bot.registry.card import CardError, ModelCard
from bot.registry.folder import network_paths, read_networks
from bot.registry.history import Entry, past_models
from bot.registry.layout import CARD_FILE, MODEL_FILE, NETWORK_FILES, POINTER_FILE, SHIPPED_MODELS, VERSION
from bot.registry.loaded import LoadedNetworks, Loader, Try
from bot.registry.model_set import check_described, sha256
from bot.registry.probe import probe
from bot.vision.classifier import Classifier, ModelError, TfliteRuntime
from bot.vision.interpreter import NoModelError
from bot.vision.networks import PhotoNetworks

MAX_POINTER_BYTES: Final = 256

VERSION_DIGITS: Final = 12
"""A file without a card of its own is called by this many digits of its SHA-256."""

_log = logging.getLogger(__name__)

_Stamp = tuple[str, int, int, int]
_State = tuple[_Stamp | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LiveModel:
    """The set that answers: whoever holds it answers by one version from beginning to end.

    Attributes:
        classifier: classifies 28x28 pixels.
        networks: look at photos.
        card: its card, or None without one.
        version: the card's, or digits of the classifier's SHA-256 where there is no card of it.
        sha256: of the classifier's file, hex.
        card_matches: whether the card's figures belong to these files.
        path: of the classifier's file.
        bytes: its size.
    """

    classifier: Classifier
    networks: PhotoNetworks
    card: ModelCard | None
    version: str
    sha256: str
    card_matches: bool
    path: Path
    bytes: int

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Of its own card; empty without one."""
        return self.card.thresholds if self.card is not None and self.card_matches else {}


class Outcome(StrEnum):
    """What a look at the disk came to."""

    UNCHANGED = "unchanged"
    LOADED = "loaded"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, eq=False)
class Refresh:
    """What a look at the disk came to.

    Attributes:
        outcome: ``REFUSED`` comes once for each state of the files, ``UNCHANGED`` from then on.
        model: the model that answers now; None when there is none.
        problem: one line that says why a file was refused, without folders; None otherwise.
    """

    outcome: Outcome
    model: LiveModel | None
    problem: str | None = None


class ModelStore:
    """The live set of a models folder; thread safe."""

    def __init__(
        self,
        models_dir: Path,
        *,
        runtime: TfliteRuntime = TfliteRuntime.AUTO,
        interpreters: int = 2,
        photo_interpreters: int = 1,
        try_first: Try = probe,
    ) -> None:
        """Look at nothing yet: a missing model is told by :meth:`live`.

        Args:
            models_dir: the models folder.
            runtime: the interpreter to use.
            interpreters: pictures classified at the same time.
            photo_interpreters: photos looked at at the same time.
            try_first: tries a network by file name and bytes where it can do no harm, unless it is a shipped one.
        """
        self._dir = models_dir
        self._loader = Loader(runtime, interpreters, photo_interpreters, try_first)
        self._lock = threading.Lock()
        self._seen: _State | None = None
        self._model: LiveModel | None = None
        self._loaded: LoadedNetworks | None = None
        self._problem: str | None = None

    def live(self) -> LiveModel:
        """The model that answers, loaded on the first call.

        Raises:
            NoModelError: there is none yet.
        """
        model = self._model or self.refresh().model
        if model is None:
            raise NoModelError(self._problem or "no model")
        return model

    def refresh(self) -> Refresh:
        """Look at the disk and take what changed; cheap when nothing did."""
        with self._lock:
            state = self._state()
            if state == self._seen:
                return Refresh(Outcome.UNCHANGED, self._model)
            self._seen = state
            return self._take()

    def _take(self) -> Refresh:
        """Load the set that the pointer names, else the shipped one; the one in service stays when that fails."""
        before, problem = self._model, None
        for folder in self._folders():
            try:
                self._model = self._load(folder)
            except ModelError as error:
                problem = problem or f"{_name(self._dir, folder)}: {error}"
                if before is not None:
                    break  # better the model in service than an older one
            else:
                break
        self._problem = problem
        if problem is not None:
            if self._model is not None:  # without any, whoever needs one tells
                _log.error("a set of networks was refused, %s goes on: %s", self._model.version, problem)
            return Refresh(Outcome.REFUSED, self._model, problem)
        if self._model is before:
            return Refresh(Outcome.UNCHANGED, before)
        assert self._model is not None
        _log.info("model %s is live", self._model.version)
        return Refresh(Outcome.LOADED, self._model)

    def past(self, most: int) -> tuple[Entry, ...]:
        """The last models that went live, the newest first, at most so many."""
        return past_models(self._dir, most)

    def _folders(self) -> list[Path]:
        pointed = self._pointed()
        return [self._dir] if pointed is None else [pointed, self._dir]

    def _pointed(self) -> Path | None:
        """The folder that the pointer names; None without a pointer."""
        pointer = self._dir / POINTER_FILE
        try:
            with pointer.open("rb") as file:
                version = file.read(MAX_POINTER_BYTES).decode("ascii", "replace").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("%s cannot be read: %s", POINTER_FILE, error.strerror)
            return None
        return pointer.parent / version if VERSION.fullmatch(version) else pointer.parent / "no such version"

    def _state(self) -> _State:
        """What the disk looks like from outside: any change of pointer, network or card shows in it."""
        own = [folder / name for folder in self._folders() for name in (CARD_FILE, *NETWORK_FILES)]
        shipped = network_paths(self._dir, self._dir, {}).values()
        return tuple(_stamp(path) for path in (self._dir / POINTER_FILE, *own, *shipped))

    def _load(self, folder: Path) -> LiveModel:
        card = self._card(folder)
        described = {} if card is None else card.raw
        paths = network_paths(folder, self._dir, described)
        files = read_networks(paths)
        check_described(described, files)
        digest = sha256(files[MODEL_FILE])
        matches = card is not None and card.sha256 == digest
        current, path = self._model, folder / MODEL_FILE
        shipped = folder == self._dir and matches
        beside = {name for name, at in paths.items() if name != MODEL_FILE and at.parent == SHIPPED_MODELS}
        loaded = self._loader.load(files, self._loaded, unknown=() if shipped else set(files) - beside)
        same_networks, self._loaded = loaded is self._loaded, loaded
        if current is not None and same_networks and current.path == path and _raw(current.card) == _raw(card):
            return current
        return LiveModel(
            classifier=loaded.classifier.network,
            networks=loaded.photo_networks,
            card=card,
            version=card.version if card is not None and matches and card.version else digest[:VERSION_DIGITS],
            sha256=digest,
            card_matches=matches,
            path=path,
            bytes=len(files[MODEL_FILE]),
        )

    @staticmethod
    def _card(folder: Path) -> ModelCard | None:
        try:
            return ModelCard.read(folder / CARD_FILE)
        except CardError as error:
            if (folder / MODEL_FILE).is_file():  # without a model that alone is said
                _log.warning("the model has no card: %s", error)
            return None


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return str(path), status.st_mtime_ns, status.st_size, status.st_ino


def _raw(card: ModelCard | None) -> Mapping[str, Any] | None:
    return card.raw if card is not None else None


def _name(models_dir: Path, folder: Path) -> str:
    return models_dir.name if folder == models_dir else f"{models_dir.name}/{folder.relative_to(models_dir).as_posix()}"
