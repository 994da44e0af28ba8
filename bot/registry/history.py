"""Which models were live before: the history that ``python -m training`` keeps beside the live ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bot.registry.layout import HISTORY_FILE

if TYPE_CHECKING:
    from pathlib import Path

WENT_LIVE: Final = frozenset({"published", "rolled_back"})


@dataclass(frozen=True, slots=True)
class PastModel:
    """A model that went live.

    Attributes:
        version: its name.
        time: when it went live.
        test_accuracy: on the test images, 0..1; None where it was not measured.
        balanced_accuracy: on photos of people it never saw, 0..1; None where it was not measured.
    """

    version: str
    time: datetime
    test_accuracy: float | None
    balanced_accuracy: float | None


def past_models(models_dir: Path, most: int) -> tuple[PastModel, ...]:
    """Read the last models that went live, the newest first; none where nothing was ever published.

    Args:
        models_dir: the models folder.
        most: so many at most.
    """
    try:
        lines = (models_dir / HISTORY_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    read = [past for line in reversed(lines) if (past := _read(line)) is not None]
    return tuple(read[:most])


def _read(line: str) -> PastModel | None:
    """One line; None for one that is torn, or of a model that did not go live."""
    try:
        values: dict[str, Any] = json.loads(line)
        if values["event"] not in WENT_LIVE:
            return None
        figures = values.get("figures") or {}
        return PastModel(
            version=str(values["version"]),
            time=datetime.fromisoformat(values["time"]),
            test_accuracy=number_or_none(figures.get("test_accuracy")),
            balanced_accuracy=number_or_none(figures.get("balanced_accuracy")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def number_or_none(value: object) -> float | None:
    """A figure as JSON holds it; None for anything else."""
    return float(value) if isinstance(value, int | float) else None
