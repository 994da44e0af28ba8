"""Which trainings ended while the bot ran, and what they changed, by the history beside the live models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.registry.history import number_or_none
from bot.registry.layout import HISTORY_FILE
from bot.vision.labels import CLASS_NAMES

if TYPE_CHECKING:
    from pathlib import Path

Change = tuple[float | None, float | None]
"""A figure of the model that was live, and of the new one, 0..1; None where it was not measured."""

_ENDINGS: Final = {"published": True, "not_published": False}


@dataclass(frozen=True, slots=True)
class WorseFigure:
    """A figure that spoke against a model.

    Attributes:
        name: of the figure.
        loss: how much worse it is than the best, 0..1; None where it was not measured.
        best_version: the model that has the best.
        allowance: how much worse it might be, 0..1.
    """

    name: str
    loss: float | None
    best_version: str
    allowance: float


@dataclass(frozen=True, slots=True)
class EndedTraining:
    """A training that came to its end.

    Attributes:
        version: of the model that it made.
        published: whether that is live now.
        worse: figures that spoke against it.
        reasons: what else did.
        figures: by name, those that were measured of either model.
        recall: on photos, by class 0-9.
        corrections: how many it learnt from.
        seconds: how long it took; None where nobody wrote it down.
    """

    version: str
    published: bool
    worse: tuple[WorseFigure, ...]
    reasons: tuple[str, ...]
    figures: Mapping[str, Change]
    recall: Mapping[int, Change]
    corrections: int
    seconds: int | None


class TrainingHistory:
    """Reads what was added to the history since it was last asked."""

    def __init__(self, models_dir: Path) -> None:
        """Start at today's end of the history.

        Args:
            models_dir: the models folder.
        """
        self._path = models_dir / HISTORY_FILE
        self._position = self._size()

    def news(self) -> list[EndedTraining]:
        """The trainings that ended since, oldest first; a line that is only half there comes the next time."""
        if (size := self._size()) <= self._position:
            self._position = size  # put back by hand
            return []
        try:
            with self._path.open("rb") as file:
                file.seek(self._position)
                added = file.read(size - self._position)
        except OSError:
            return []
        whole = added[: added.rfind(b"\n") + 1]
        self._position += len(whole)
        lines = whole.decode("utf-8", "replace").splitlines()
        return [ended for line in lines if (ended := _read(line)) is not None]

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError:
            return 0


def _read(line: str) -> EndedTraining | None:
    """One line; None for one that is torn, or of something else."""
    try:
        values: dict[str, Any] = json.loads(line)
        before, after = values.get("before") or {}, values.get("figures") or {}
        changes = {name: (number_or_none(before.get(name)), number_or_none(after.get(name))) for name in after}
        recall = values.get("recall") or {}
        seconds = values.get("seconds")
        worse = values.get("worse") or []
        in_figures = {each["reason"] for each in worse}
        return EndedTraining(
            version=str(values["version"]),
            published=_ENDINGS[values["event"]],
            worse=tuple(_worse(each) for each in worse),
            reasons=tuple(str(reason) for reason in values.get("reasons") or () if reason not in in_figures),
            figures={name: change for name, change in changes.items() if change != (None, None)},
            recall={
                label: (number_or_none(recall[name][0]), number_or_none(recall[name][1]))
                for label, name in enumerate(CLASS_NAMES)
                if name in recall
            },
            corrections=int(values.get("corrections") or 0),
            seconds=int(seconds) if isinstance(seconds, int | float) else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None


def _worse(values: Mapping[str, Any]) -> WorseFigure:
    value, best = number_or_none(values["value"]), float(values["best"])
    loss = None if value is None else abs(value - best)
    return WorseFigure(str(values["figure"]), loss, str(values["best_version"]), float(values["allowance"]))
