"""In which language somebody is answered: as chosen with /language, in groups too, else as their Telegram is set."""

import time
from collections import OrderedDict
from typing import Final

from telegram import Chat, User
from telegram.constants import ChatID

from bot.replies.texts import Language, language_for
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage

REMEMBERED_S: Final = 60.0
"""A choice made through another replica is known here after this long."""

_MOST_REMEMBERED: Final = 10_000
_STAND_INS: Final = frozenset(ChatID)
"""Telegram's own accounts, which stand for whoever speaks in the name of a group or a channel."""


class Languages:
    """Choices from the store, remembered for a minute, so that a database that is away costs an answer nothing."""

    def __init__(self, storage: Storage, *, remembered_s: float = REMEMBERED_S) -> None:
        self._storage = storage
        self._remembered_s = remembered_s
        self._known: OrderedDict[int, tuple[float, Language | None]] = OrderedDict()

    async def of(self, chat: Chat, user: User | None) -> Language:
        """The language for an answer in ``chat`` to ``user``."""
        chosen = await self._chosen(chat.id)
        if chosen is not None:
            return chosen
        if user is None or user.id in _STAND_INS:
            return language_for(None)
        return await self.of_person(user)

    async def of_person(self, user: User) -> Language:
        """The language for somebody outside their private chat: what they chose there."""
        return await self._chosen(user.id) or language_for(user.language_code)

    async def of_admin(self, admin_id: int) -> Language:
        """The language for a message that an admin did not ask for."""
        return await self._chosen(admin_id) or Language.ZH_HANT

    async def choose(self, chat: Chat, language: Language) -> None:
        """Keep a choice.

        Raises:
            StoreUnavailable: it holds only for as long as this process remembers it.
        """
        self._remember(chat.id, language)
        await self._storage.run(self._storage.languages.keep, chat.id, language.value)

    def forget(self, chat: Chat) -> None:
        """Forget what is remembered of a chat."""
        self._known.pop(chat.id, None)

    async def _chosen(self, chat_id: int) -> Language | None:
        known_at, chosen = self._known.get(chat_id, (float("-inf"), None))
        if time.monotonic() - known_at < self._remembered_s:
            return chosen
        try:
            stored = await self._storage.run(self._storage.languages.of, chat_id)
        except StoreUnavailable:
            return chosen
        chosen = Language(stored) if stored in list(Language) else None
        self._remember(chat_id, chosen)
        return chosen

    def _remember(self, chat_id: int, chosen: Language | None) -> None:
        self._known[chat_id] = (time.monotonic(), chosen)
        self._known.move_to_end(chat_id)
        if len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)
