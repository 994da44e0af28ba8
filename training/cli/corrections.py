"""People's corrections at a command line: list them, look at their photos, accept and reject many at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.registry.files import check_writable
from bot.settings import Settings
from bot.vision.labels import SAID_NAMES
from training.cli.admin import text_table
from training.errors import TrainingError
from training.runs.history import Models
from training.runs.store import has_store, open_store

if TYPE_CHECKING:
    from bot.storage.storage import AdminStorage
    from bot.storage.types import Correction

MOST_LISTED: Final = 500
"""Corrections that are listed at once."""


def list_corrections(pictures: Path | None, models: Models, settings: Settings, root: Path) -> None:
    """Lists the corrections that wait, the most surprising first.

    Args:
        pictures: a folder for their photos, each with the outline of what was judged; None for none.
        models: the models folder; with PostgreSQL the set that replicas share is the live one.
        settings: name the database.
        root: relative paths start here.

    Raises:
        TrainingError: the database does not answer.
        OSError: the pictures cannot be written.
    """
    if not has_store(settings, root):
        print("No corrections yet: the bot has not run here, or DATABASE_URL is not set.")
        return
    with open_store(settings, root) as storage:
        live = _live_version(storage, models)
        waiting = storage.corrections.surprising(live, limit=MOST_LISTED)
        _print_list(storage, waiting, live)
    if pictures is not None and waiting:
        _draw(waiting, pictures)


def decide(action: str, ids: Sequence[int], settings: Settings, root: Path) -> None:
    """Accepts or rejects some corrections.

    Args:
        action: ``accept`` or ``reject``.
        ids: which ones.
        settings: name the database.
        root: relative paths start here.

    Raises:
        TrainingError: no such correction, none named, or no database.
    """
    from bot.storage.types import CorrectionId, Status

    if not ids:
        raise TrainingError(f"Name what to {action}: python -m training corrections {action} ID...")
    if not has_store(settings, root):
        raise TrainingError(f"No correction {', '.join(map(str, ids))}: the bot has not run here.")
    status = Status.ACCEPTED if action == "accept" else Status.REJECTED
    with open_store(settings, root) as storage:
        missing = [number for number in ids if not storage.corrections.decide(CorrectionId(number), status)]
    print(f"{len(ids) - len(missing)} {status.value}")
    if missing:
        numbers = ", ".join(map(str, missing))
        raise TrainingError(f"No correction {numbers}: undone, forgotten or expired.")


def _draw(waiting: Sequence[Correction], folder: Path) -> None:
    """Writes ID.jpg of each; a folder that is made for them is open to its owner alone."""
    from bot.replies.cards.correction import correction_picture  # OpenCV, only where pictures are asked for

    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
    check_writable(folder)
    for each in waiting:
        picture = correction_picture(each.photo, each.outline, each.box)
        (folder / f"{each.id}.jpg").write_bytes(picture)
    print(f"Their photos, each with what was judged outlined: {folder}/ID.jpg. Delete them when you have decided.")


def _live_version(storage: AdminStorage, models: Models) -> str | None:
    live = (storage.models.latest_model() if storage.shared else None) or models.live()
    return live.version if live else None


def _print_list(storage: AdminStorage, waiting: Sequence[Correction], live: str | None) -> None:
    from bot.storage.types import Status

    heading = ("id", "when", "the model said", "sure", "a person said", "share left for it", "live", "model")
    totals = storage.corrections.totals()
    if waiting:
        print(text_table([heading, *(_correction_row(each, live) for each in waiting)]))
        print("The most surprising first. Decide on many at once: python -m training corrections accept ID ID ...")
    if (left_out := totals[Status.PENDING] - len(waiting)) > 0:
        print(f"{left_out} less surprising ones are not shown.")
    if others := storage.corrections.judged_by_others(live):
        print(
            f"{others} of those that wait stand where the set that answered put them: the live one "
            f"({live or 'there is none'}) was not asked yet, which a running bot does, or does not find the garment."
        )
    print(", ".join(f"{totals[status]} {status.value}" for status in Status))


def _correction_row(correction: Correction, live: str | None) -> tuple[str, ...]:
    left = correction.share_left_by(live)
    return (
        str(correction.id),
        f"{correction.created:%Y-%m-%d %H:%M}",
        SAID_NAMES[correction.predicted],
        f"{correction.share:.0%}",
        SAID_NAMES[correction.right],
        f"{correction.share_of_right:.0%}",
        "-" if left is None else f"{left:.0%}",
        correction.model_version,
    )
