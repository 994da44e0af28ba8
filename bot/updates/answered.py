"""Remembers across a restart what was answered and could not be confirmed yet.

``getUpdates`` confirms in order: an update that was answered before an earlier one comes again when the process ends
in between. It is noted in the store, so that the next process passes over it.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Final

from telegram import Update

from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage
from bot.updates.inbox import STORE_PATIENCE_S

_LOGGER = logging.getLogger(__name__)

RETRY_S: Final = 1.0


class AnsweredUpdates:
    """The record of one bot; while the store is away nothing is known and nothing is noted."""

    def __init__(
        self, storage: Storage, bot_token: str, *, patience_s: float = STORE_PATIENCE_S, retry_s: float = RETRY_S
    ) -> None:
        """Know nothing yet.

        Args:
            storage: where it is noted.
            bot_token: tells apart bots that share a store.
            patience_s: for so long a store that is away is waited for before something may be answered twice.
            retry_s: how often it is asked meanwhile.
        """
        self._storage = storage
        self._patience_s = patience_s
        self._retry_s = retry_s
        self._bot_id = bot_token.partition(":")[0]

    async def among(self, updates: Sequence[Update]) -> frozenset[int]:
        """The ids of those that an earlier process has answered; a store that is away is waited for, up to a bound."""
        keys = {self._key(update): update.update_id for update in updates}
        while keys:
            try:
                answered = await self._storage.run(self._storage.updates.answered, *keys)
            except StoreUnavailable as error:
                if self._storage.away_s < self._patience_s:
                    await asyncio.sleep(self._retry_s)
                    continue
                _LOGGER.warning("Updates may be answered twice: %s", error)
                break
            return frozenset(keys[key] for key in answered)
        return frozenset()

    async def note(self, updates: Collection[Update]) -> None:
        """Note that these need nothing more.

        Raises:
            StoreUnavailable: the store is away.
        """
        await self._storage.run(self._storage.updates.mark_answered, *map(self._key, updates))

    def _key(self, update: Update) -> str:
        return self._storage.updates.key_of(update.to_json().encode(), bot=self._bot_id)
