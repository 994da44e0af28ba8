"""Which models there were: published, refused and brought back, one JSON line each in ``live/history.jsonl``."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from training.errors import TrainingError
from training.files import append_durably
from training.measure import Figures

LIVE: Final = "live"
CURRENT: Final = "current"
HISTORY: Final = "history.jsonl"
MODEL: Final = "classifier.tflite"
CARD: Final = "card.json"
KERAS_MODEL: Final = "classifier.keras"
SHIPPED: Final = "shipped"
"""What ``rollback`` calls the model at the top of the models folder."""

_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Event(StrEnum):
    """What happened to a model."""

    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history.

    Attributes:
        event: what happened.
        version: of the model it happened to: the new one, or the one brought back.
        time: ISO 8601.
        previous: the version that was live before; None when there was none.
        preset: its recipe.
        run: the run that made it.
        sha256: of the model file.
        forced: published against the gate's judgement.
        reasons: why it was refused, or what was overridden.
        figures: what the gate compared.
    """

    event: Event
    version: str
    time: str = ""
    previous: str | None = None
    preset: str | None = None
    run: str | None = None
    sha256: str | None = None
    forced: bool = False
    reasons: tuple[str, ...] = ()
    figures: Figures = field(default_factory=Figures)

    def to_line(self) -> str:
        """The entry as a line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_line(cls, line: str) -> Entry:
        """Reads a line; raises ValueError, KeyError or TypeError for a torn one."""
        values = json.loads(line)
        values["event"] = Event(values["event"])
        values["reasons"] = tuple(values.get("reasons", ()))
        values["figures"] = Figures(**values.get("figures", {}))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model on the disk.

    Attributes:
        version: its name.
        folder: where its files are.
        card: its card; empty when it has none, or an unreadable one.
        shipped: it is the one at the top of the models folder.
    """

    version: str
    folder: Path
    card: Mapping[str, Any]
    shipped: bool = False

    @property
    def model_path(self) -> Path:
        """The file that serves."""
        return self.folder / MODEL

    @property
    def figures(self) -> Figures:
        """What its card says about it."""
        return Figures.from_card(self.card)


class Models:
    """The models folder, as publishing sees it.

    Args:
        folder: ``MODELS_DIR``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.live_folder = folder / LIVE
        self.pointer = self.live_folder / CURRENT
        self.history_path = self.live_folder / HISTORY

    def shipped(self) -> StoredModel | None:
        """The model at the top of the folder."""
        if not (self.folder / MODEL).is_file():
            return None
        card = _read_card(self.folder)
        if card.get("sha256") != hashlib.sha256((self.folder / MODEL).read_bytes()).hexdigest():
            card = {}  # somebody put another file in its place by hand: the figures are not its own
        return StoredModel(str(card.get("version") or SHIPPED), self.folder, card, shipped=True)

    def live(self) -> StoredModel | None:
        """The model that serves: the one pointed to, else the shipped one."""
        version = self.pointed_version()
        stored = self.find(version) if version else None
        return stored or self.shipped()

    def pointed_version(self) -> str | None:
        """What the pointer file says; None without one, or when it holds no name."""
        try:
            version = self.pointer.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return version if _VERSION.fullmatch(version) else None

    def find(self, version: str) -> StoredModel | None:
        """A model by its version, or by ``shipped``."""
        shipped = self.shipped()
        folder = self.live_folder / version
        if _VERSION.fullmatch(version) and (folder / MODEL).is_file():
            return StoredModel(version, folder, _read_card(folder))
        return shipped if shipped and version in (SHIPPED, shipped.version) else None

    def published(self) -> list[StoredModel]:
        """Models that can be brought back, oldest first: the shipped one, then as they were published."""
        order = dict.fromkeys(entry.version for entry in self.history() if entry.event is Event.PUBLISHED)
        shipped = self.shipped()
        stored = [self.find(version) for version in order]
        return [*([shipped] if shipped else []), *(model for model in stored if model and not model.shipped)]

    def history(self) -> list[Entry]:
        """All entries, oldest first; one that a crash kept from being written is put in its place."""
        entries = list(self._lines())
        missing = self._missing(entries)
        return [*entries, missing] if missing else entries

    def complete_history(self) -> None:
        """Writes down what a crash kept from being written, before something else happens."""
        if missing := self._missing(list(self._lines())):
            self.record(missing)

    def record(self, entry: Entry) -> None:
        """Appends to the history; puts the time in."""
        self.live_folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        append_durably(self.history_path, replace(entry, time=entry.time or now).to_line())

    def _missing(self, entries: Sequence[Entry]) -> Entry | None:
        """The entry of a model that went live and was not recorded."""
        version = self.pointed_version()
        model = self.find(version) if version else None
        if model is None or any(e.version == version and e.event is not Event.NOT_PUBLISHED for e in entries):
            return None
        return Entry(
            Event.PUBLISHED,
            model.version,
            time=str(model.card.get("created", "")),
            preset=model.card.get("preset"),
            sha256=model.card.get("sha256"),
            figures=model.figures,
        )

    def _lines(self) -> Iterator[Entry]:
        try:
            lines = self.history_path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                yield Entry.from_line(line)
            except (ValueError, KeyError, TypeError):
                continue  # torn by a crash


def best_figures(models: Models, fresh: Mapping[str, Figures] = MappingProxyType({})) -> dict[str, tuple[float, str]]:
    """The best of each figure among all models that were ever live.

    Args:
        models: the models folder.
        fresh: figures of versions that were measured again; they replace what was recorded.

    Returns:
        Figure name -> value and the version that has it.
    """
    shipped = models.shipped()
    held = {shipped.version: shipped.figures} if shipped else {}
    held |= {entry.version: entry.figures for entry in models.history() if entry.event is Event.PUBLISHED}
    best: dict[str, tuple[float, str]] = {}
    for version, figures in (held | dict(fresh)).items():
        for name, value in asdict(figures).items():
            if value is not None and (name not in best or _better(name, value, best[name][0])):
                best[name] = (value, version)
    return best


def _better(name: str, value: float, other: float) -> bool:
    return value < other if name == "photo_ece" else value > other


def _read_card(folder: Path) -> Mapping[str, Any]:
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise TrainingError(f"cannot read {folder / CARD}: {error.strerror or error}") from error
    except ValueError:
        return {}
    return card if isinstance(card, dict) else {}
