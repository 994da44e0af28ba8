"""Telegram's command menus, Chinese by default and English.

Telegram's language codes have two letters, so Traditional Chinese is the default without a code, never ``zh-hant``.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Final

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeChat
from telegram.error import TelegramError

from bot.replies.messages import ADMIN_COMMANDS, PRIVATE_COMMANDS, commands
from bot.replies.texts import Language

_LOGGER = logging.getLogger(__name__)

CODES: Final = {Language.ZH_HANT: None, Language.EN: "en"}
"""Telegram's code for each language; None is the default."""

OF_ADMINS: Final = (*PRIVATE_COMMANDS, *ADMIN_COMMANDS)


class AdminMenus:
    """The menus of the admins: Telegram takes one only for a chat that has begun, so some have to wait for that.

    Args:
        admin_ids: whose they are.
    """

    def __init__(self, admin_ids: Iterable[int]) -> None:
        self._missing = set(admin_ids)

    async def set_all(self, bot: Bot) -> None:
        """Set those that are missing, as far as Telegram takes them."""
        for admin_id in tuple(self._missing):
            await self.set_if_missing(bot, admin_id)

    async def set_if_missing(self, bot: Bot, user_id: int) -> bool:
        """Set the menu of one admin where it could not be set before; whether there is a new one now."""
        if user_id not in self._missing:
            return False
        self._missing.discard(user_id)
        for language, code in CODES.items():
            if not await set_menu(bot, OF_ADMINS, language, BotCommandScopeChat(user_id), code):
                self._missing.add(user_id)
                return False
        return True


async def set_menu(
    bot: Bot, names: Sequence[str], language: Language, scope: BotCommandScope, code: str | None
) -> bool:
    """Set a menu; a failure is logged, and False."""
    menu = [BotCommand(command.name, command.description) for command in commands(names, language)]
    try:
        await bot.set_my_commands(menu, scope, code)
    except TelegramError as error:
        _LOGGER.warning("A command menu could not be set (%s)", error)
        return False
    return True
