"""In groups the bot is silent unless asked: by /classify as a reply or in a photo's caption, or by a mention.

Whoever knows /classify from a group may use it in private, too.
"""

from functools import partial

from telegram import Message, MessageEntity
from telegram.constants import ChatType
from telegram.ext import filters

from bot.handlers import albums, photos
from bot.handlers.errors import guard
from bot.handlers.images import image_of
from bot.handlers.sending import say
from bot.handlers.services import Services
from bot.replies.messages import help_text
from bot.replies.texts import texts

COMMAND = "classify"


async def classify(services: Services, message: Message) -> None:
    """Somebody wrote /classify or a mention: look at the photo that it replies to, or say how to ask."""
    asked_about = message.reply_to_message
    image = None if asked_about is None else image_of(asked_about)
    if asked_about is None or image is None:
        if is_command(message):
            language = await services.languages.of(message.chat, message.from_user)
            await say(message, texts(language).basics.classify_usage)
        return
    photos.take_if_fair(services, message, asked_about, image)


async def photo(services: Services, message: Message) -> None:
    """A photo in a group: look at it when its caption asks; an album's caption stands below its first photo."""
    if message.media_group_id is not None:
        await albums.join(services, message, partial(album, services))
    elif asks(message):
        await photos.receive(services, message)


async def album(services: Services, messages: list[Message], update_ids: list[int]) -> None:
    """An album in a group, all parts of which have come."""
    if any(asks(message) for message in messages):
        await guard(services, messages[0], albums.take(services, messages, update_ids))


async def left_album(services: Services, messages: list[Message], update_ids: list[int]) -> None:
    """An album that another process has left unanswered, in a group or in private."""
    answer = albums.take if messages[0].chat.type == ChatType.PRIVATE else album
    await answer(services, messages, update_ids)


async def show_help(services: Services, message: Message) -> None:
    """Say how to use the bot."""
    language = await services.languages.of(message.chat, message.from_user)
    await say(message, help_text(language))


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
