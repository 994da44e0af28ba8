"""What Telegram shows of the bot before it is asked anything: menus and descriptions, Chinese by default and English.

Telegram's language codes have two letters, so Traditional Chinese is the default without a code, never ``zh-hant``.
"""

import logging
from collections.abc import Iterable, Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Message,
    User,
)
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.handlers.services import Services
from bot.replies.messages import ADMIN_COMMANDS, GROUP_COMMANDS, PRIVATE_COMMANDS, commands
from bot.replies.texts import Language, language_for, texts

_LOGGER = logging.getLogger(__name__)

_CODES = {Language.ZH_HANT: None, Language.EN: "en"}
"""Telegram's code for each language; None is the default."""


async def introduce(bot: Bot, admin_ids: Iterable[int]) -> None:
    """Set menus and descriptions; each that fails is logged, and the bot goes on."""
    for language, code in _CODES.items():
        await _set_texts(bot, language, code)
        await _set_menu(bot, PRIVATE_COMMANDS, language, BotCommandScopeAllPrivateChats(), code)
        await _set_menu(bot, GROUP_COMMANDS, language, BotCommandScopeAllGroupChats(), code)
    for admin_id in admin_ids:
        for language, code in _CODES.items():
            names = (*PRIVATE_COMMANDS, *ADMIN_COMMANDS)
            await _set_menu(bot, names, language, BotCommandScopeChat(admin_id), code)


async def give_chat_its_menu(services: Services, message: Message, language: Language) -> None:
    """Give a private chat a menu of its own where Telegram's choice by language is not the bot's."""
    if message.chat.type != ChatType.PRIVATE or language is menu_language(message.from_user):
        return
    admin = services.is_admin(message.chat_id)
    names = (*PRIVATE_COMMANDS, *ADMIN_COMMANDS) if admin else PRIVATE_COMMANDS
    await _set_menu(message.get_bot(), names, language, BotCommandScopeChat(message.chat_id), None)


async def choose_chat_menu(services: Services, message: Message, language: Language) -> None:
    """Give a private chat its menu in the language that was chosen there."""
    if message.chat.type == ChatType.PRIVATE:
        admin = services.is_admin(message.chat_id)
        names = (*PRIVATE_COMMANDS, *ADMIN_COMMANDS) if admin else PRIVATE_COMMANDS
        for code in _CODES.values():
            await _set_menu(message.get_bot(), names, language, BotCommandScopeChat(message.chat_id), code)


def menu_language(user: User | None) -> Language:
    """The language of the menu that Telegram shows to this person by itself."""
    code = (user.language_code or "") if user is not None else ""
    return Language.EN if code.split("-")[0] == "en" else language_for(None)


async def _set_texts(bot: Bot, language: Language, code: str | None) -> None:
    menu = texts(language).menu
    try:
        if (await bot.get_my_description(code)).description != menu.description:
            await bot.set_my_description(menu.description, code)
        if (await bot.get_my_short_description(code)).short_description != menu.short_description:
            await bot.set_my_short_description(menu.short_description, code)
    except TelegramError as error:
        _LOGGER.warning("The descriptions could not be set (%s)", error)


async def _set_menu(
    bot: Bot, names: Sequence[str], language: Language, scope: BotCommandScope, code: str | None
) -> None:
    menu = [BotCommand(command.name, command.description) for command in commands(names, language)]
    try:
        await bot.set_my_commands(menu, scope, code)
    except TelegramError as error:
        _LOGGER.warning("A command menu could not be set (%s)", error)
