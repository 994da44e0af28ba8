"""In groups the bot is silent unless asked: by a command, by a mention, or by a photo in reply to it.

Whoever knows /classify from a group may use it in private, too.
"""

from collections.abc import Sequence
from functools import partial

from telegram import Message, MessageEntity
from telegram.constants import ChatType
from telegram.ext import filters

from bot.handlers import albums, photos
from bot.handlers.images import is_ours, photo_meant
from bot.handlers.sending import reply_text
from bot.handlers.services import Services
from bot.replies.messages import help_text
from bot.replies.texts import texts
from bot.replies.texts.catalogue import Basics
from bot.updates.tracker import Held

COMMAND = "classify"


async def classify(services: Services, message: Message) -> None:
    """Somebody wrote /classify or a mention, or replies to a photo: look at that, or say how to ask."""
    meant = photo_meant(message)
    if meant is not None:
        photos.take_within_limit(services, message, *meant)
    else:
        language = await services.languages.of(message.chat, message.from_user)
        await reply_text(message, _how_to_ask(message, texts(language).basics))


def _how_to_ask(message: Message, basics: Basics) -> str:
    """What helps somebody who asks about no photo."""
    sources = [source for source in (message.reply_to_message, message.external_reply) if source is not None]
    if message.reply_to_story is not None or any(source.story is not None for source in sources):
        return basics.story
    if any(source.paid_media is not None for source in sources):
        return basics.paid_media
    return basics.classify_usage


async def photo(services: Services, message: Message) -> None:
    """A photo in a group: look at it when it is meant for the bot; an album's caption stands below its first part."""
    if message.media_group_id is not None:
        await albums.join(services, message, partial(album, services))
    elif is_for_us(message):
        await photos.receive(services, message)


async def album(services: Services, messages: list[Message], update_ids: Sequence[Held]) -> None:
    """An album in a group, all parts of which have come."""
    if any(is_for_us(message) for message in messages):
        await services.errors.guard(messages[0], albums.take(services, messages, update_ids))


async def left_album(services: Services, messages: list[Message], update_ids: Sequence[Held]) -> None:
    """An album that another process has left unanswered, in a group or in private."""
    answer = albums.take if messages[0].chat.type == ChatType.PRIVATE else album
    await answer(services, messages, update_ids)


async def show_help(services: Services, message: Message) -> None:
    """Say how to use the bot."""
    language = await services.languages.of(message.chat, message.from_user)
    await reply_text(message, help_text(language))


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


class _Asks(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return asks(message)


ASKS = _Asks("asks to classify")
"""Messages that say /classify or name the bot."""


def _entities(message: Message, kind: str) -> list[str]:
    parse = message.parse_entities if message.text is not None else message.parse_caption_entities
    return list(parse([kind]).values())
