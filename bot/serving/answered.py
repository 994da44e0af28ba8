"""Remembers across a restart what was answered and could not be confirmed yet.

``getUpdates`` confirms in order: an update that was answered before an earlier one comes again when the process ends
in between. It is noted in the store, so that the next process passes over it.
"""

import logging
from collections.abc import Collection, Sequence

from telegram import Update

from bot.corrections.errors import StoreUnavailable
from bot.corrections.storage import Storage

_LOGGER = logging.getLogger(__name__)


class AnsweredUpdates:
    """The record of one bot; while the store is away nothing is known and nothing is noted."""

    def __init__(self, storage: Storage, bot_token: str) -> None:
        self._storage = storage
        self._bot_id = bot_token.partition(":")[0]

    async def among(self, updates: Sequence[Update]) -> frozenset[int]:
        """The ids of those that an earlier process has answered."""
        keys = {self._key(update): update.update_id for update in updates}
        if not keys:
            return frozenset()
        try:
            answered = await self._storage.run(self._storage.updates.answered, *keys)
        except StoreUnavailable as error:
            _LOGGER.warning("Updates may be answered twice: %s", error)
            return frozenset()
        return frozenset(keys[key] for key in answered)

    async def note(self, updates: Collection[Update]) -> None:
        """Note that these need nothing more."""
        try:
            await self._storage.run(self._storage.updates.mark_answered, *map(self._key, updates))
        except StoreUnavailable as error:
            _LOGGER.warning("Updates may be answered twice: %s", error)

    def _key(self, update: Update) -> str:
        return self._storage.updates.key_of(update.to_json().encode(), bot=self._bot_id)
