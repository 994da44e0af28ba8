"""What Telegram shows of the bot before it is asked anything: menus, descriptions and a picture."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass

from telegram import (
    Bot,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InputProfilePhotoStatic,
    Message,
    User,
)
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.handlers.languages import Languages
from bot.handlers.menus import CODES, OF_ADMINS, AdminMenus, set_menu
from bot.jobs.detached_tasks import DetachedTasks
from bot.replies.cards.profile import profile_picture
from bot.replies.messages import GROUP_COMMANDS, PRIVATE_COMMANDS
from bot.replies.texts import Language, language_for, texts

_LOGGER = logging.getLogger(__name__)


async def publish_bot_profile(bot: Bot, admin_menus: AdminMenus) -> None:
    """Set menus, descriptions and, where there is none, the picture; what fails is logged, and the bot goes on."""
    for language, code in CODES.items():
        await _set_texts(bot, language, code)
        await set_menu(bot, PRIVATE_COMMANDS, language, BotCommandScopeAllPrivateChats(), code)
        await set_menu(bot, GROUP_COMMANDS, language, BotCommandScopeAllGroupChats(), code)
    await admin_menus.set_all(bot)
    await _set_picture_if_none(bot)


@dataclass(frozen=True)
class ChatMenus:
    """Gives single chats menus of their own."""

    admin_ids: Collection[int]
    admin_menus: AdminMenus
    languages: Languages
    detached_tasks: DetachedTasks

    async def give_admin_menu(self, message: Message) -> None:
        """Give an admin the menu that could not be set before they had written; part of a chat's first messages."""
        self.detached_tasks.start(self._give_admin_menu(message))

    async def _give_admin_menu(self, message: Message) -> None:
        if await self.admin_menus.set_if_missing(message.get_bot(), message.chat_id):
            language = await self.languages.of(message.chat, message.from_user)
            await self.give_chat_its_menu(message, language)

    async def give_chat_its_menu(self, message: Message, language: Language) -> None:
        """Give a private chat a menu of its own where Telegram's choice by language is not the bot's."""
        if message.chat.type != ChatType.PRIVATE or language is menu_language(message.from_user):
            return
        names = OF_ADMINS if message.chat_id in self.admin_ids else PRIVATE_COMMANDS
        await set_menu(message.get_bot(), names, language, BotCommandScopeChat(message.chat_id), None)

    async def choose_chat_menu(self, message: Message, language: Language) -> None:
        """Give a private chat its menu in the language that was chosen there."""
        if message.chat.type == ChatType.PRIVATE:
            names = OF_ADMINS if message.chat_id in self.admin_ids else PRIVATE_COMMANDS
            for code in CODES.values():
                await set_menu(message.get_bot(), names, language, BotCommandScopeChat(message.chat_id), code)


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


async def _set_picture_if_none(bot: Bot) -> None:
    try:
        if (await bot.get_user_profile_photos(bot.id, limit=1)).total_count == 0:
            await bot.set_my_profile_photo(InputProfilePhotoStatic(await asyncio.to_thread(profile_picture)))
    except TelegramError as error:
        _LOGGER.warning("The profile picture could not be set (%s)", error)
