"""Replicas take the set that was published to the database: a platform throws their own disks away."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Final

from bot.registry.folder import ModelsFolder, network_paths
from bot.registry.model_set import ModelSet, sha256
from bot.registry.publishing import BusyError, install_set
from bot.storage.errors import StoreUnavailable
from bot.storage.model_sharing import is_same, is_unshared, share
from bot.storage.storage import Storage
from bot.storage.types import SharedModel
from bot.vision.interpreter import ModelError

_LOGGER = logging.getLogger(__name__)

EVERY_S: Final = 5.0
"""With the two seconds of :mod:`bot.handlers.model_watch` a published set is live within ten."""


class ReplicaModels:
    """Brings the newest set of the database into the models folder, where the bot looks for it."""

    def __init__(self, storage: Storage, models_dir: Path) -> None:
        """Nothing is fetched yet.

        Args:
            storage: where sets are published.
            models_dir: where they go.
        """
        self._storage = storage
        self._models = ModelsFolder(models_dir)
        self._known: int | None = None

    async def run(self) -> None:
        """Look for a newer set until cancelled."""
        while True:
            try:
                await self.fetch()
            except StoreUnavailable:
                pass  # said by whoever needs the store for more than this
            except (OSError, ValueError, ModelError) as error:
                _LOGGER.error("The published model cannot be put into %s/: %s", self._models.folder.name, error)
            await asyncio.sleep(EVERY_S)

    async def fetch(self) -> SharedModel | None:
        """Fetch the newest set, unless it is here; what was fetched. Only files that are not here are sent.

        Where an admin published into this very folder and the database could not follow, it follows now: fetching
        would put the set before it in its place.

        Raises:
            StoreUnavailable: the store is away.
            OSError: the folder cannot be written.
            ValueError: its version is no name for a folder, or its card no JSON.
            ModelError: its files are not those of its card.
        """
        table, models = self._storage.models, self._models
        if is_unshared(models.folder):
            await self._storage.run(share, models.folder, table)
            return None
        newest = await self._storage.run(table.latest_model)
        if newest is None or newest.id == self._known:
            return None
        live = await asyncio.to_thread(models.live)
        if live is not None and is_same(newest, live):
            self._known = newest.id
            return None
        here = await asyncio.to_thread(files_here, models)
        missing = set(newest.files.values()) - set(here)
        files = here | (await self._storage.run(table.read_files, missing) if missing else {})
        if not set(newest.files.values()) <= set(files):
            return None  # dropped for a newer one at this moment, which comes the next time
        self._known = newest.id  # once is enough, whatever the bot then thinks of it
        try:
            await asyncio.to_thread(install, models, newest, files)
        except BusyError:
            self._known = None  # an admin publishes here: the next time
            return None
        _LOGGER.info("Model %s came from the database", newest.version)
        return newest


def files_here(models: ModelsFolder) -> dict[str, bytes]:
    """The networks that a models folder has live or at its top, by SHA-256: they need not be fetched."""
    live = models.live()
    paths = {
        *network_paths(models.folder, models.folder, {}).values(),
        *(live.network_paths().values() if live else ()),
    }
    files = [path.read_bytes() for path in paths if path.is_file()]
    return {sha256(data): data for data in files}


def install(models: ModelsFolder, newest: SharedModel, files: dict[str, bytes]) -> None:
    """Put a set into the models folder; replacing the pointer file is the step that counts.

    Args:
        models: the models folder.
        newest: the set.
        files: its networks, by SHA-256.

    Raises:
        OSError: the folder cannot be written.
        ValueError: the version is no name for a folder, or the card no JSON.
        ModelError: the files are not those of its card.
    """
    card = json.loads(newest.card)
    if not isinstance(card, dict):
        raise ValueError("its card is no JSON object")
    install_set(models, newest.version, ModelSet(card, {name: files[digest] for name, digest in newest.files.items()}))
