"""The bot's database, as trainings use it: what people corrected, and what replicas get."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings
from training.errors import TrainingError
from training.runs.history import Models

if TYPE_CHECKING:
    from bot.storage.storage import AdminStorage


def note_to_share(models: Models, settings: Settings, root: Path) -> None:
    """Before something goes live: note that replicas must get it, where there are any (PostgreSQL only)."""
    if settings.database_url is not None:
        from bot.storage.model_sharing import note_unshared

        with open_store(settings, root) as storage:
            if storage.shared:
                note_unshared(models.folder)


def share_with_replicas(models: Models, settings: Settings, root: Path) -> str:
    """Puts the live model into the database, where it has to follow; what happened, in one line, or nothing.

    A database that is away is no failure: what is live stays live, and the next command, or the bot, makes up for it.
    """
    from bot.storage.model_sharing import is_unshared, share

    if settings.database_url is None or not is_unshared(models.folder):
        return ""
    try:
        with open_store(settings, root) as storage:
            model = share(models.folder, storage.models)
    except TrainingError as error:
        return f"Replicas get the live model later, from the next command here or from the bot: {error}"
    return f"{model.version} is in the database for all replicas." if model is not None else ""


def has_store(settings: Settings, root: Path) -> bool:
    """Whether there is a database of corrections; asking for it must not make one."""
    from bot.storage.storage import SQLITE_FILE

    return settings.database_url is not None or (root / SQLITE_FILE).exists()


@contextlib.contextmanager
def open_store(settings: Settings, root: Path) -> Iterator[AdminStorage]:
    """The corrections' database.

    Raises:
        TrainingError: it cannot be used.
    """
    from bot.storage.errors import StoreError
    from bot.storage.storage import open_for_admin

    url = settings.database_url
    try:
        storage = open_for_admin(url.get_secret_value() if url else None, root=root)
        try:
            yield storage
        finally:
            storage.close()
    except StoreError as error:
        raise TrainingError(str(error)) from error
