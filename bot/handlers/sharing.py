"""The share button: it lets somebody send a test image, or the answer to their photo, into another chat.

Telegram asks :mod:`bot.handlers.inline` what there is to send. Where BotFather has not switched that on
(``/setinline``), getMe says so: then there are no buttons, and nothing is kept.
"""

import logging
from typing import Final

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ChatType

from bot.handlers.sending import Picture
from bot.replies.keyboards import with_share
from bot.replies.texts import Language
from bot.storage.errors import StoreUnavailable
from bot.storage.last_answers import LastAnswer
from bot.storage.storage import Storage

_LOGGER = logging.getLogger(__name__)

LAST_ANSWER: Final = ""
"""What the button below an answer asks Telegram for: what somebody gets who writes nothing but the bot's name."""


def with_share_button(
    message: Message, keyboard: InlineKeyboardMarkup | None, asked: str, language: Language
) -> InlineKeyboardMarkup | None:
    """Add the button to others, where it works.

    Args:
        message: any message of the chat, for the bot that it came to.
        keyboard: the others.
        asked: what the button asks for, see :mod:`bot.handlers.inline`.
        language: of the label.
    """
    return with_share(keyboard, asked, language) if message.get_bot().supports_inline_queries else keyboard


def with_answer_shared(
    message: Message, keyboard: InlineKeyboardMarkup | None, language: Language, *, covered: bool
) -> InlineKeyboardMarkup | None:
    """Add the button below the answer to a photo: in private, and not where the photo is covered."""
    if covered or message.chat.type != ChatType.PRIVATE:
        return keyboard
    return with_share_button(message, keyboard, LAST_ANSWER, language)


async def keep_answer(storage: Storage, sent: Message, picture: Picture) -> None:
    """Keep an answer that was sent in private, so that its person can share it."""
    if picture.covered or not sent.photo or sent.chat.type != ChatType.PRIVATE:
        return
    if not sent.get_bot().supports_inline_queries:
        return
    answer = LastAnswer(sent.photo[-1].file_id, picture.caption)
    try:
        await storage.run(storage.last_answers.keep, sent.chat_id, answer)
    except StoreUnavailable as error:
        _LOGGER.info("An answer cannot be shared: %s", error)
