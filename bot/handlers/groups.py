"""In groups the bot is silent unless asked: by a command, by a mention, or by a photo in reply to it.

Whoever knows /classify from a group may use it in private, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Message, MessageEntity
from telegram.constants import ChatType
from telegram.ext import filters

from bot.handlers.albums import AlbumHandlers
from bot.handlers.errors import ErrorReporter
from bot.handlers.images import is_ours, photo_meant
from bot.handlers.languages import Languages
from bot.handlers.photos import PhotoHandlers
from bot.handlers.sending import reply_text
from bot.replies.messages import help_text
from bot.replies.texts import texts
from bot.replies.texts.catalogue import Basics
from bot.updates.tracker import Held

COMMAND = "classify"


class _Asks(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return asks(message)


ASKS = _Asks("asks to classify")
"""Messages that say /classify or name the bot."""


@dataclass(frozen=True)
class GroupHandlers:
    """What the bot answers in groups."""

    languages: Languages
    photos: PhotoHandlers
    albums: AlbumHandlers
    errors: ErrorReporter

    async def classify(self, message: Message) -> None:
        """Somebody wrote /classify or a mention, or replies to a photo: look at that, or say how to ask."""
        meant = photo_meant(message)
        if meant is not None:
            self.photos.take_within_limit(message, *meant)
        else:
            language = await self.languages.of(message.chat, message.from_user)
            await reply_text(message, _how_to_ask(message, texts(language).basics))

    async def photo(self, message: Message) -> None:
        """A photo in a group: look at it when it is meant for the bot; of an album the first part says so."""
        if message.media_group_id is not None:
            await self.albums.join(message, self.album)
        elif is_for_us(message):
            await self.photos.receive(message)

    async def album(self, messages: list[Message], update_ids: Sequence[Held]) -> None:
        """An album in a group, all parts of which have come."""
        if any(is_for_us(message) for message in messages):
            await self.errors.guard(messages[0], self.albums.take(messages, update_ids))

    async def left_album(self, messages: list[Message], update_ids: Sequence[Held]) -> None:
        """An album that another process has left unanswered, in a group or in private."""
        if messages[0].chat.type == ChatType.PRIVATE:
            await self.albums.take(messages, update_ids)
        else:
            await self.album(messages, update_ids)

    async def show_help(self, message: Message) -> None:
        """Say how to use the bot."""
        language = await self.languages.of(message.chat, message.from_user)
        await reply_text(message, help_text(language))


def _how_to_ask(message: Message, basics: Basics) -> str:
    """What helps somebody who asks about no photo."""
    sources = [source for source in (message.reply_to_message, message.external_reply) if source is not None]
    if message.reply_to_story is not None or any(source.story is not None for source in sources):
        return basics.story
    if any(source.paid_media is not None for source in sources):
        return basics.paid_media
    return basics.classify_usage


def is_for_us(message: Message) -> bool:
    """Whether a photo is meant for the bot: its caption asks, or it replies to one of the bot's messages."""
    return asks(message) or (message.reply_to_message is not None and is_ours(message.reply_to_message))


def asks(message: Message) -> bool:
    """Whether a text or caption asks for an answer."""
    return is_command(message) or is_mention(message)


def is_command(message: Message) -> bool:
    """Whether it says /classify, to nobody else."""
    username = message.get_bot().username.lower()
    commands = _entities(message, MessageEntity.BOT_COMMAND)
    return any(command.lower() in (f"/{COMMAND}", f"/{COMMAND}@{username}") for command in commands)


def is_mention(message: Message) -> bool:
    """Whether it names the bot."""
    username = message.get_bot().username.lower()
    return any(name.lower() == f"@{username}" for name in _entities(message, MessageEntity.MENTION))


def _entities(message: Message, kind: str) -> list[str]:
    parse = message.parse_entities if message.text is not None else message.parse_caption_entities
    return list(parse([kind]).values())
