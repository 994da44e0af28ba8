"""Which trainings ended while the bot ran, and what they changed, by the history beside the live sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bot.registry.history import Entry, Event, WorseFigure, entries_of
from bot.registry.layout import HISTORY_FILE
from bot.vision.labels import CLASS_NAMES

if TYPE_CHECKING:
    from pathlib import Path

Change = tuple[float | None, float | None]
"""A figure of the set that was live, and of the new one, 0..1; None where it was not measured."""


@dataclass(frozen=True, slots=True)
class EndedTraining:
    """A training that came to its end.

    Attributes:
        version: of the set that it made.
        published: whether that is live now.
        worse: figures that spoke against it.
        reasons: what else did.
        figures: by name, those that were measured of either set.
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

    @classmethod
    def of(cls, entry: Entry) -> EndedTraining:
        """What an entry of the history says, one that was published or not."""
        before, after = asdict(entry.before), asdict(entry.figures)
        changes = {name: (before[name], value) for name, value in after.items()}
        in_figures = {each.reason for each in entry.worse}
        return cls(
            version=entry.version,
            published=entry.event is Event.PUBLISHED,
            worse=entry.worse,
            reasons=tuple(reason for reason in entry.reasons if reason not in in_figures),
            figures={name: change for name, change in changes.items() if change != (None, None)},
            recall={label: entry.recall[name] for label, name in enumerate(CLASS_NAMES) if name in entry.recall},
            corrections=entry.corrections,
            seconds=entry.seconds,
        )


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
        added_entries = entries_of(whole.decode("utf-8", "replace").splitlines())
        return [EndedTraining.of(each) for each in added_entries if each.event is not Event.ROLLED_BACK]

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError:
            return 0
