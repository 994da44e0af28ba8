"""What admins are told without asking: one message for each kind of trouble in ten minutes, without user data."""

import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.replies.texts import Language

_LOGGER = logging.getLogger(__name__)

QUIET_S: Final = 600.0
"""For so long the same kind of trouble is not told again."""


class Alerts:
    """Messages to the admins."""

    def __init__(
        self,
        bot: Bot,
        admin_ids: Sequence[int],
        language_of: Callable[[int], Awaitable[Language]],
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        """Nothing is told yet.

        Args:
            bot: sends the messages.
            admin_ids: who is told.
            language_of: the language of an admin.
            start: sends a message beside everything else.
        """
        self._bot = bot
        self._admin_ids = admin_ids
        self._language_of = language_of
        self._start = start
        self._told_at: dict[str, float] = {}

    def tell(self, text_in: Callable[[Language], str]) -> None:
        """Tell every admin, each in their language."""
        for admin_id in self._admin_ids:
            self._start(self._send(admin_id, text_in))

    def is_news(self, kind: str) -> bool:
        """Whether this kind was not told lately."""
        return time.monotonic() - self._told_at.get(kind, float("-inf")) > QUIET_S

    def tell_of_kind(self, kind: str, text_in: Callable[[Language], str]) -> None:
        """Tell every admin, unless the same kind was told lately."""
        if self.is_news(kind):
            self._told_at[kind] = time.monotonic()
            self.tell(text_in)

    async def _send(self, admin_id: int, text_in: Callable[[Language], str]) -> None:
        language = await self._language_of(admin_id)
        try:
            await self._bot.send_message(admin_id, text_in(language), parse_mode=ParseMode.HTML)
        except TelegramError as error:
            _LOGGER.warning("An admin could not be told (%s: %s)", type(error).__name__, error)
