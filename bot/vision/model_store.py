"""Which model is live, and how a running bot takes a new one.

The shipped model lies at the top of the models folder (``classifier.tflite``, ``card.json``). A refreshed one lies in
``live/<version>/`` and wins over it when the pointer file ``live/current`` names it; replacing that file is how a model
is published and rolled back. :meth:`ModelStore.refresh` looks at the disk and takes what changed; a broken or foreign
file is refused, told once, and the model before it goes on answering.
"""

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from bot.vision.classifier import Classifier, ModelError, Runtime
from bot.vision.model_card import CardError, ModelCard
from bot.vision.model_history import PastModel, past_models
from bot.vision.model_probe import probe

MODEL_FILE: Final = "classifier.tflite"
CARD_FILE: Final = "card.json"
POINTER_FILE: Final = Path("live") / "current"

MAX_MODEL_BYTES: Final = 256 * 1024 * 1024
"""Models of ours take about a megabyte; a file beyond this is something else."""

MAX_POINTER_BYTES: Final = 256

VERSION_DIGITS: Final = 12
"""A file without a card of its own is called by this many digits of its SHA-256."""

_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")

_log = logging.getLogger(__name__)

_Stamp = tuple[str, int, int, int]
_State = tuple[_Stamp | None, ...]


class NoModelError(ModelError):
    """There is no model that can serve; ``str()`` says what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class LiveModel:
    """The model that answers.

    Attributes:
        classifier: runs it.
        card: its card, or the card of the file that was in its place before (see ``card_matches``); None without one.
        version: the card's, or digits of the file's SHA-256 where the card is not of this file.
        sha256: of the file, hex.
        card_matches: whether the card's figures belong to this file.
        path: of the file.
        bytes: its size.
    """

    classifier: Classifier
    card: ModelCard | None
    version: str
    sha256: str
    card_matches: bool
    path: Path
    bytes: int


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
    """The live model of a models folder; thread safe."""

    def __init__(
        self,
        models_dir: Path,
        *,
        runtime: Runtime = Runtime.AUTO,
        interpreters: int = 2,
        try_first: Callable[[bytes, Runtime], None] = probe,
    ) -> None:
        """Look at nothing yet: a missing model is told by :meth:`live`.

        Args:
            models_dir: the models folder.
            runtime: the interpreter to use.
            interpreters: pictures classified at the same time.
            try_first: tries a file that is not the one its card describes, where it can do no harm.
        """
        self._dir = models_dir
        self._runtime = runtime
        self._interpreters = interpreters
        self._try_first = try_first
        self._lock = threading.Lock()
        self._seen: _State | None = None
        self._model: LiveModel | None = None
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
        """Load the model that the pointer names, else the shipped one; the one in service stays when that fails."""
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
                _log.error("a model was refused, %s goes on: %s", self._model.version, problem)
            return Refresh(Outcome.REFUSED, self._model, problem)
        if self._model is before:
            return Refresh(Outcome.UNCHANGED, before)
        assert self._model is not None
        _log.info("model %s is live", self._model.version)
        return Refresh(Outcome.LOADED, self._model)

    def past(self, most: int) -> tuple[PastModel, ...]:
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
        return pointer.parent / version if _VERSION.fullmatch(version) else pointer.parent / "no such version"

    def _state(self) -> _State:
        """What the disk looks like from outside: any change of pointer, model or card shows in it."""
        folders = self._folders()
        files = [self._dir / POINTER_FILE, *(folder / name for folder in folders for name in (MODEL_FILE, CARD_FILE))]
        return tuple(_stamp(path) for path in files)

    def _load(self, folder: Path) -> LiveModel:
        path = folder / MODEL_FILE
        data = _read(path)
        sha256 = hashlib.sha256(data).hexdigest()
        card = self._card(folder)
        matches = card is not None and card.sha256 == sha256
        current = self._model
        if current is not None and current.sha256 == sha256:
            if current.path == path and _raw(current.card) == _raw(card):
                return current
            classifier = current.classifier
        else:
            if not matches:
                self._try_first(data, self._runtime)
            classifier = Classifier(data, runtime=self._runtime, interpreters=self._interpreters)
        if card is not None and not matches:
            _log.warning("%s is not the file that its card describes; the card's figures are of another", path.name)
        return LiveModel(
            classifier=classifier,
            card=card,
            version=card.version if card is not None and matches and card.version else sha256[:VERSION_DIGITS],
            sha256=sha256,
            card_matches=matches,
            path=path,
            bytes=len(data),
        )

    @staticmethod
    def _card(folder: Path) -> ModelCard | None:
        try:
            return ModelCard.read(folder / CARD_FILE)
        except CardError as error:
            _log.warning("the model has no card: %s", error)
            return None


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise NoModelError(f"no {path.name} here; make one: python -m training")
        if path.stat().st_size > MAX_MODEL_BYTES:
            raise ModelError(f"{path.name} is far too large for a model")
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read: {error.strerror}") from error


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
