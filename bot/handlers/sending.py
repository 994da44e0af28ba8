"""The ways an answer leaves: text, picture, indicator, reaction; always into the topic that the message stands in."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Final

from telegram import ForceReply, InlineKeyboardMarkup, InputMediaPhoto, Message, ReplyParameters
from telegram.constants import ChatAction, ChatType, ParseMode, ReactionEmoji
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.jobs.photo_queue import TryLater
from bot.jobs.retrying_rate_limiter import rate_limiter_of

SEEN: Final = ReactionEmoji.EYES
ANSWERED: Final = ReactionEmoji.OK_HAND_SIGN
ANSWERED_UNSURELY: Final = ReactionEmoji.THINKING_FACE

INDICATE_AFTER_S: Final = 0.7
"""What comes sooner needs no indicator that it comes."""

_FILE_NAME = "card.jpg"
_LONG_WAIT_S: Final = 10.0
_LOOK_AGAIN_AFTER_S: Final = 60.0
_CROWDED_WAIT_S: Final = 2.0
_NO_PICTURES: Final = (
    "rights to send",
    "chat_send_photos_forbidden",
    "chat_send_media_forbidden",
    "chat_restricted",
)
"""Parts of Telegram's messages for a group that takes no photos; some of them also say that it takes nothing."""


@dataclass(frozen=True)
class Picture:
    """A picture message.

    Attributes:
        image: JPEG.
        caption: HTML, complete without the picture.
        keyboard: the buttons below, if any.
        covered: whether it shows what its sender has covered, and so is covered, too.
    """

    image: bytes
    caption: str
    keyboard: InlineKeyboardMarkup | None = None
    covered: bool = False


def thread_id(message: Message) -> int:
    """The topic that a message stands in; 0 outside topics."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0


def quoting(message: Message) -> ReplyParameters:
    """Reply to this message, and do so plainly when it has been deleted meanwhile."""
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


def _quoting_in_groups(message: Message) -> ReplyParameters | None:
    return None if message.chat.type == ChatType.PRIVATE else quoting(message)


async def reply_text(
    message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None, *, with_preview: bool = True
) -> Message:
    """Answer a command or a text; ``with_preview`` lets Telegram show what a link in it leads to."""
    return await message.reply_text(
        text,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard,
        reply_parameters=_quoting_in_groups(message),
        disable_web_page_preview=None if with_preview else True,
    )


async def quote_with_text(message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None) -> Message:
    """Answer with a text that quotes the message, because several may wait for their answers."""
    return await message.reply_text(
        text, parse_mode=ParseMode.HTML, reply_markup=keyboard, reply_parameters=quoting(message)
    )


async def reply_photo(message: Message, picture: Picture) -> Message:
    """Answer a command with a picture."""
    return await _send_photo(message, picture, _quoting_in_groups(message))


async def quote_with_photo(message: Message, picture: Picture) -> Message:
    """Answer a photo with a picture that quotes it."""
    return await _send_photo(message, picture, quoting(message))


async def ask_for_reply(message: Message, text: str) -> None:
    """Ask below a message for a photo: Telegram's apps open their reply box, so that it arrives as a reply to this."""
    await message.reply_text(
        text, parse_mode=ParseMode.HTML, reply_markup=ForceReply(selective=True), reply_parameters=quoting(message)
    )


async def show_below(message: Message, picture: Picture, message_id: int) -> Message:
    """Answer a command with a picture that quotes another message of the chat."""
    return await _send_photo(message, picture, ReplyParameters(message_id, allow_sending_without_reply=True))


async def _send_photo(message: Message, picture: Picture, reply: ReplyParameters | None) -> Message:
    """Send a picture, or its caption where a group allows words only."""
    try:
        return await message.reply_photo(
            picture.image,
            caption=picture.caption,
            parse_mode=ParseMode.HTML,
            reply_markup=picture.keyboard,
            reply_parameters=reply,
            has_spoiler=picture.covered or None,
            filename=_FILE_NAME,
        )
    except (BadRequest, Forbidden) as error:
        if not pictures_are_forbidden(error):
            raise
    return await message.reply_text(
        picture.caption, parse_mode=ParseMode.HTML, reply_markup=picture.keyboard, reply_parameters=reply
    )


async def change_picture(message: Message, picture: Picture) -> Message:
    """Put another picture into one of our own messages; the caption alone where a group allows words only.

    Returns:
        The message as it is now, or the one that was sent in its place.
    """
    media = InputMediaPhoto(
        picture.image,
        caption=picture.caption,
        parse_mode=ParseMode.HTML,
        has_spoiler=picture.covered or None,
        filename=_FILE_NAME,
    )
    try:
        with _unless_unchanged():
            changed = await message.edit_media(media, reply_markup=picture.keyboard)
            return changed if isinstance(changed, Message) else message
    except ChatMigrated:
        return await reply_photo(message, picture)
    except (BadRequest, Forbidden) as error:
        if not pictures_are_forbidden(error):
            raise
        if message.photo:  # the picture cannot be replaced, and does not fit other words
            return await reply_text(message, picture.caption, picture.keyboard)
        await change_text(message, picture.caption, picture.keyboard)
    return message


async def change_caption(message: Message, caption: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Put another caption below one of our own pictures, or into what stands in its place."""
    if not message.photo:
        await change_text(message, caption, keyboard)
        return
    try:
        with _unless_unchanged():
            await message.edit_caption(caption, parse_mode=ParseMode.HTML, reply_markup=keyboard)
    except ChatMigrated:
        await reply_text(message, caption, keyboard)


def caption_of(message: Message) -> str:
    """The caption of one of our own pictures, or the text that stands in its place, as HTML."""
    return message.caption_html if message.photo else message.text_html


async def change_text(message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Put another text into one of our own messages; into a new one where the old one stayed in a former group."""
    try:
        with _unless_unchanged():
            await message.edit_text(text, parse_mode=ParseMode.HTML, reply_markup=keyboard)
    except ChatMigrated:
        await reply_text(message, text, keyboard)


async def change_keyboard(message: Message, keyboard: InlineKeyboardMarkup | None) -> None:
    """Put other buttons below one of our own messages.

    Raises:
        ChatMigrated: the message stayed in a group that has become a supergroup.
    """
    with _unless_unchanged():
        await message.edit_reply_markup(keyboard)


async def change_keyboard_of(message: Message, message_id: int, keyboard: InlineKeyboardMarkup | None) -> None:
    """Put other buttons below another one of our own messages in the chat of ``message``.

    Raises:
        BadRequest: it is not there any more, or not ours.
    """
    with _unless_unchanged():
        await message.get_bot().edit_message_reply_markup(message.chat_id, message_id, reply_markup=keyboard)


def pictures_are_forbidden(error: TelegramError) -> bool:
    """Tell whether a chat refused a picture as one, so that words may pass."""
    return any(words in error.message.lower() for words in _NO_PICTURES)


def seconds_until_free(message: Message) -> float:
    """How long Telegram has told this message's chat to wait, from now."""
    limiter = rate_limiter_of(message.get_bot())
    return 0.0 if limiter is None else limiter.seconds_until_free(message.chat_id)


def hold_back_if_crowded(message: Message) -> None:
    """Put off an answer that would have to wait long: prepared, it would only take memory.

    Raises:
        TryLater: not now.
    """
    limiter = rate_limiter_of(message.get_bot())
    if limiter is None:
        return
    wait_s = limiter.seconds_until_free(message.chat_id)
    if wait_s > _LONG_WAIT_S:
        raise TryLater(min(wait_s, _LOOK_AGAIN_AFTER_S))
    if limiter.is_crowded(message.chat_id):
        raise TryLater(_CROWDED_WAIT_S)


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


@contextlib.asynccontextmanager
async def indicating_picture(message: Message, after_s: float = INDICATE_AFTER_S) -> AsyncIterator[None]:
    """Show that a picture is on its way if the block takes longer than ``after_s``: most are ready before."""
    indicating = asyncio.create_task(_indicate_later(message, after_s))
    try:
        yield
    finally:
        indicating.cancel()


async def _indicate_later(message: Message, after_s: float) -> None:
    await asyncio.sleep(after_s)
    await indicate_picture(message)


async def react(message: Message, reaction: ReactionEmoji | None) -> None:
    """React to a photo, if that works; None takes the reaction away."""
    with contextlib.suppress(TelegramError):
        await message.set_reaction(reaction)
