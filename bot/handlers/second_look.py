"""A photo looked at once more: it is fetched from the message that ours replies to, so nothing is kept in between.

Our answer to an album replies to its first photo. Another one of its photos comes back with a message of ours that
replies to it: Telegram hands over what a message replies to.
"""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from telegram import Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.handlers.images import ImageGone, download_while_somebody_waits, image_meant
from bot.handlers.taps import Tap
from bot.jobs.executors import Executors
from bot.vision.recognizer import Recognition, Recognizer


@dataclass(frozen=True)
class SecondLook:
    """Recognises a photo once more."""

    executors: Executors
    recognizer: Recognizer

    async def recognize_again(self, tap: Tap, chosen: int) -> Recognition | None:
        """Look again at the photo that a message of ours replies to; None when it is gone.

        Raises:
            PhotoError: it cannot be read, so it never was.
            TelegramError: it cannot be had now.
        """
        return await self.recognize_in(tap.message.reply_to_message, chosen)

    async def recognize_in(self, photo: Message | None, chosen: int) -> Recognition | None:
        """Look again at the photo that a message holds or means; None when it is gone; raises as above."""
        image = None if photo is None else image_meant(photo)
        if photo is None or image is None:
            return None
        try:
            data = await download_while_somebody_waits(photo.get_bot(), image)
        except ImageGone:
            return None
        return await self.executors.look(partial(self.recognizer.recognize, data, chosen=chosen))


@contextlib.asynccontextmanager
async def album_photo(tap: Tap, offset: int) -> AsyncIterator[Message | None]:
    """Bring back one photo of the album that our message answers, while a line of ours stands below it.

    Args:
        tap: on a button of our answer.
        offset: how far the photo's message is behind that of the album's first photo.

    Yields:
        The photo's message; None when it was deleted.
    """
    first = tap.message.reply_to_message
    if first is None:
        yield None
        return
    reply = ReplyParameters(first.message_id + offset, allow_sending_without_reply=True)
    line = await tap.message.reply_text(tap.texts.album.opening, parse_mode=ParseMode.HTML, reply_parameters=reply)
    try:
        photo = line.reply_to_message
        same_sender = photo is not None and (photo.from_user, photo.sender_chat) == (first.from_user, first.sender_chat)
        yield photo if same_sender else None
    finally:
        with contextlib.suppress(TelegramError):
            await line.delete()
