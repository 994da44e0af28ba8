"""The ways an answer leaves: text, picture, indicator, reaction; always into the topic that the message stands in."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, InputMediaPhoto, Message, ReplyParameters
from telegram.constants import ChatAction, ChatType, ParseMode, ReactionEmoji
from telegram.error import BadRequest, TelegramError

_FILE_NAME = "card.jpg"


@dataclass(frozen=True)
class Picture:
    """A picture message.

    Attributes:
        image: JPEG.
        caption: HTML.
        keyboard: the buttons below, if any.
    """

    image: bytes
    caption: str
    keyboard: InlineKeyboardMarkup | None = None


def quoting(message: Message) -> ReplyParameters:
    """Reply to this message, and do so plainly when it has been deleted meanwhile."""
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


def _quoting_in_groups(message: Message) -> ReplyParameters | None:
    return None if message.chat.type == ChatType.PRIVATE else quoting(message)


async def say(message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
    """Answer a command or a text."""
    return await message.reply_text(
        text, parse_mode=ParseMode.HTML, reply_markup=keyboard, reply_parameters=_quoting_in_groups(message)
    )


async def say_about(message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
    """Answer with a text that quotes the message, because several may wait for their answers."""
    return await message.reply_text(
        text, parse_mode=ParseMode.HTML, reply_markup=keyboard, reply_parameters=quoting(message)
    )


async def show(message: Message, picture: Picture) -> Message:
    """Answer a command with a picture."""
    return await message.reply_photo(
        picture.image,
        caption=picture.caption,
        parse_mode=ParseMode.HTML,
        reply_markup=picture.keyboard,
        reply_parameters=_quoting_in_groups(message),
        filename=_FILE_NAME,
    )


async def show_about(message: Message, picture: Picture) -> Message:
    """Answer a photo with a picture that quotes it."""
    return await message.reply_photo(
        picture.image,
        caption=picture.caption,
        parse_mode=ParseMode.HTML,
        reply_markup=picture.keyboard,
        reply_parameters=quoting(message),
        filename=_FILE_NAME,
    )


async def change_picture(message: Message, picture: Picture) -> None:
    """Put another picture into one of our own messages."""
    media = InputMediaPhoto(picture.image, caption=picture.caption, parse_mode=ParseMode.HTML, filename=_FILE_NAME)
    with _unless_unchanged():
        await message.edit_media(media, reply_markup=picture.keyboard)


async def change_caption(message: Message, caption: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Put another caption below one of our own pictures."""
    with _unless_unchanged():
        await message.edit_caption(caption, parse_mode=ParseMode.HTML, reply_markup=keyboard)


async def change_text(message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Put another text into one of our own messages."""
    with _unless_unchanged():
        await message.edit_text(text, parse_mode=ParseMode.HTML, reply_markup=keyboard)


async def change_keyboard(message: Message, keyboard: InlineKeyboardMarkup | None) -> None:
    """Put other buttons below one of our own messages."""
    with _unless_unchanged():
        await message.edit_reply_markup(keyboard)


@contextlib.contextmanager
def _unless_unchanged() -> Iterator[None]:
    """Let an edit pass that changes nothing: a button tapped twice."""
    try:
        yield
    except BadRequest as error:
        if "not modified" not in error.message.lower():
            raise


async def indicate_picture(message: Message) -> None:
    """Show that a picture is on its way, if that works."""
    with contextlib.suppress(TelegramError):
        await message.reply_chat_action(ChatAction.UPLOAD_PHOTO)


async def react(message: Message) -> None:
    """Show at once that the photo has been seen, if that works."""
    with contextlib.suppress(TelegramError):
        await message.set_reaction(ReactionEmoji.EYES)
