"""Replicas take the model that was published to the database: a platform throws their own disks away."""

import asyncio
import json
import logging
import os
import re
from pathlib import Path
from typing import Final

from bot.corrections.errors import StoreUnavailable
from bot.corrections.storage import Storage
from bot.corrections.types import StoredModel
from bot.vision.model_store import CARD_FILE, MODEL_FILE, POINTER_FILE

_LOGGER = logging.getLogger(__name__)

EVERY_S: Final = 5.0
"""With the two seconds of :mod:`bot.handlers.model_watch` a published model is live within ten."""

_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


class ReplicaModels:
    """Brings the newest model of the database into the models folder, where the bot looks for it."""

    def __init__(self, storage: Storage, models_dir: Path, live_sha256: str | None) -> None:
        """Nothing is fetched yet.

        Args:
            storage: where models are published.
            models_dir: where they go.
            live_sha256: the model that is live already, None without one.
        """
        self._storage = storage
        self._models_dir = models_dir
        self._known = live_sha256

    async def run(self) -> None:
        """Look for a newer model until cancelled."""
        while True:
            try:
                await self.fetch()
            except StoreUnavailable:
                pass  # said by whoever needs the store for more than this
            except (OSError, ValueError) as error:
                _LOGGER.error("The published model cannot be put into %s/: %s", self._models_dir.name, error)
            await asyncio.sleep(EVERY_S)

    async def fetch(self) -> StoredModel | None:
        """Fetch the newest model, unless it is here; what was fetched.

        Raises:
            StoreUnavailable: the store is away.
            OSError: the folder cannot be written.
            ValueError: its version is no name for a folder.
        """
        models = self._storage.models
        model = await self._storage.run(models.latest_model, unless_sha256=self._known)
        if model is not None:
            self._known = model.sha256  # once is enough, whatever the bot then thinks of it
            await asyncio.to_thread(install, self._models_dir, model)
            _LOGGER.info("Model %s came from the database", model.version)
        return model


def install(models_dir: Path, model: StoredModel) -> None:
    """Put a model into the models folder; replacing the pointer file is the step that counts.

    Raises:
        OSError: the folder cannot be written.
        ValueError: the version is no name for a folder, or the card no JSON.
    """
    if _VERSION.fullmatch(model.version) is None:
        raise ValueError("its version is no name for a folder")
    json.loads(model.card)
    pointer = models_dir / POINTER_FILE
    folder = pointer.parent / model.version
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / CARD_FILE, model.card.encode())
    _replace(folder / MODEL_FILE, model.tflite)
    _replace(pointer, f"{model.version}\n".encode())


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
