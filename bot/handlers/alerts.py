"""What admins are told without asking: one message for each kind of trouble in ten minutes, without user data."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Final

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.handlers.languages import Languages
from bot.replies.texts import Language
from bot.serving.errands import Errands

_LOGGER = logging.getLogger(__name__)

QUIET_S: Final = 600.0
"""For so long the same kind of trouble is not told again."""


class Alerts:
    """Messages to the admins."""

    def __init__(self, bot: Bot, admin_ids: Sequence[int], languages: Languages, errands: Errands) -> None:
        self._bot = bot
        self._admin_ids = admin_ids
        self._languages = languages
        self._errands = errands
        self._told_at: dict[str, float] = {}

    def tell(self, text_in: Callable[[Language], str]) -> None:
        """Tell every admin, each in their language."""
        for admin_id in self._admin_ids:
            self._errands.start(self._send(admin_id, text_in))

    def is_news(self, kind: str) -> bool:
        """Whether this kind was not told lately."""
        return time.monotonic() - self._told_at.get(kind, float("-inf")) > QUIET_S

    def tell_of_kind(self, kind: str, text_in: Callable[[Language], str]) -> None:
        """Tell every admin, unless the same kind was told lately."""
        if self.is_news(kind):
            self._told_at[kind] = time.monotonic()
            self.tell(text_in)

    async def _send(self, admin_id: int, text_in: Callable[[Language], str]) -> None:
        language = await self._languages.of_admin(admin_id)
        try:
            await self._bot.send_message(admin_id, text_in(language), parse_mode=ParseMode.HTML)
        except TelegramError as error:
            _LOGGER.warning("An admin could not be told (%s: %s)", type(error).__name__, error)
