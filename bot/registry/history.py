"""What happened to sets of networks: published, refused, brought back. One JSON line each in ``live/history.jsonl``.

Training writes it (:mod:`training.runs.history`); a running bot reads from it which models there were, and tells admins
what a training changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.registry.layout import HISTORY_FILE

if TYPE_CHECKING:
    from pathlib import Path


class Event(StrEnum):
    """What happened to a set."""

    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Figures:
    """The few numbers by which sets are compared, 0..1; None where one was not measured."""

    test_accuracy: float | None = None
    held_out_accuracy: float | None = None
    balanced_accuracy: float | None = None
    photo_ece: float | None = None
    street_top: float | None = None
    bags_named: float | None = None
    no_clothing_refused: float | None = None

    @classmethod
    def from_card(cls, card: Mapping[str, Any]) -> Figures:
        """The numbers that a model card records."""
        photos = card.get("photos") or {}
        calibration = card.get("calibration") or {}
        return cls(
            test_accuracy=number_or_none((card.get("test") or {}).get("accuracy")),
            held_out_accuracy=number_or_none((card.get("held_out") or {}).get("accuracy")),
            balanced_accuracy=number_or_none(photos.get("balanced_accuracy")),
            photo_ece=number_or_none(calibration.get("ece")) if photos.get("images") else None,
            street_top=number_or_none((card.get("street") or {}).get("top")),
            bags_named=number_or_none((card.get("bags") or {}).get("named")),
            no_clothing_refused=number_or_none((card.get("no_clothing") or {}).get("refused")),
        )

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Figures:
        """What was written down; figures of other versions of this program are left out."""
        return cls(**{each.name: number_or_none(values.get(each.name)) for each in fields(cls)})


@dataclass(frozen=True, slots=True)
class WorseFigure:
    """A figure that spoke against a set, so that it can be told in any language.

    Attributes:
        figure: field of :class:`Figures`.
        value: of the new set; None where it was not measured.
        best: of the best set there was, and
        best_version: which one that was.
        allowance: how much worse it might be, 0..1.
        reason: the same in words, as among the entry's reasons.
    """

    figure: str
    value: float | None
    best: float
    best_version: str
    allowance: float
    reason: str

    @property
    def loss(self) -> float | None:
        """How much worse it is than the best, 0..1; None where it was not measured."""
        return None if self.value is None else abs(self.value - self.best)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history.

    Attributes:
        event: what happened.
        version: of the set it happened to: the new one, or the one brought back.
        time: ISO 8601.
        previous: the version that was live before; None when there was none.
        preset: its recipe.
        run: the run that made it.
        sha256: of the model file.
        forced: published against the gate's judgement.
        reasons: why it was refused, or what was overridden.
        worse: those of the reasons that are about a figure.
        figures: what the gate compared.
        before: the same of the set that was live, measured at the same time on the same pictures.
        recall: on photos by the bot's class name, of the set that was live and of the new one.
        refreshed: it went on from the published weights.
        corrections: how many it learnt from.
        seconds: how long the run took; None where nobody wrote it down.
        data: the fingerprint of what it was measured on; empty for entries of older versions.
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
    worse: tuple[WorseFigure, ...] = ()
    figures: Figures = field(default_factory=Figures)
    before: Figures = field(default_factory=Figures)
    recall: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    refreshed: bool = False
    corrections: int = 0
    seconds: int | None = None
    data: Mapping[str, str] = field(default_factory=dict)

    @property
    def when(self) -> datetime | None:
        """Its time; None where none was written down."""
        try:
            return datetime.fromisoformat(self.time)
        except ValueError:
            return None

    def to_line(self) -> str:
        """The entry as a line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def entries_of(lines: Iterable[str]) -> list[Entry]:
    """Read lines of the history; what a crash tore, and what is none, is passed over."""
    return [entry for line in lines if (entry := _entry(line)) is not None]


def past_models(models_dir: Path, most: int) -> tuple[Entry, ...]:
    """The last sets that went live, the newest first; none where nothing was ever published.

    Args:
        models_dir: the models folder.
        most: so many at most.
    """
    went_live = [each for each in read_history(models_dir / HISTORY_FILE) if each.event is not Event.NOT_PUBLISHED]
    return tuple([each for each in reversed(went_live) if each.when is not None][:most])


def read_history(path: Path) -> list[Entry]:
    """All entries of a history, oldest first; none where the file cannot be read."""
    try:
        return entries_of(path.read_text(encoding="utf-8", errors="replace").splitlines())
    except OSError:
        return []


def number_or_none(value: object) -> float | None:
    """A figure as JSON holds it; None for anything else."""
    return float(value) if isinstance(value, int | float) else None


def _entry(line: str) -> Entry | None:
    """One line; fields of later versions of this program are left out."""
    try:
        values: dict[str, Any] = json.loads(line)
        known = {each.name: values[each.name] for each in fields(Entry) if each.name in values}
        seconds = number_or_none(values.get("seconds"))
        return Entry(
            **known
            | {
                "event": Event(values["event"]),
                "version": str(values["version"]),
                "time": str(values.get("time") or ""),
                "reasons": tuple(map(str, values.get("reasons") or ())),
                "worse": tuple(WorseFigure(**each) for each in values.get("worse") or ()),
                "figures": Figures.from_json(values.get("figures") or {}),
                "before": Figures.from_json(values.get("before") or {}),
                "recall": {
                    str(name): (number_or_none(old), number_or_none(new))
                    for name, (old, new) in (values.get("recall") or {}).items()
                },
                "corrections": int(values.get("corrections") or 0),
                "seconds": None if seconds is None else int(seconds),
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
