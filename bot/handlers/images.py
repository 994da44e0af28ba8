"""Which file of a message to look at, and how to get it."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from telegram import Bot, Document, Message, PhotoSize
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.serving.patience import PATIENCE_S, may_pass, seconds_to_wait
from bot.serving.photo_queue import TryLater
from bot.vision.photo import MAX_BYTES, MAX_SIDE, PhotoError, PhotoProblem

_QUICK_TRIES: Final = 3
_QUICK_WAIT_S: Final = 0.3
_LONGEST_WAIT_S: Final = 30.0
_GIF: Final = "image/gif"


@dataclass(frozen=True, slots=True)
class SentImage:
    """A file that may be an image.

    Attributes:
        file_id: what Telegram gives it out for.
        bytes: its size, where Telegram told.
    """

    file_id: str
    bytes: int | None


class ImageGone(Exception):
    """Telegram gives the file out no more."""


def image_of(message: Message) -> SentImage | None:
    """The photo of a message, in the smallest size that serves, or its file, whatever type it claims to be."""
    if message.photo:
        photo = smallest_that_serves(message.photo)
        return SentImage(photo.file_id, photo.file_size)
    if message.animation is not None and message.animation.mime_type != _GIF:
        return None
    document: Document | None = message.document
    return None if document is None else SentImage(document.file_id, document.file_size)


def smallest_that_serves(sizes: "tuple[PhotoSize, ...]") -> PhotoSize:
    """The smallest size that needs no enlarging, else the largest."""
    by_size = sorted(sizes, key=lambda size: (max(size.width, size.height), size.width * size.height))
    return next((size for size in by_size if max(size.width, size.height) >= MAX_SIDE), by_size[-1])


async def download(bot: Bot, image: SentImage) -> bytes:
    """Fetch an image, trying a few times.

    Raises:
        PhotoError: it is larger than a bot may download.
        ImageGone: Telegram gives it out no more.
        NetworkError: it cannot be had now.
    """
    if image.bytes is not None and image.bytes > MAX_BYTES:
        raise PhotoError(PhotoProblem.TOO_MANY_BYTES)
    for tries in range(1, _QUICK_TRIES + 1):
        try:
            return await _download_once(bot, image.file_id)
        except BadRequest as error:
            if "too big" in error.message.lower():
                raise PhotoError(PhotoProblem.TOO_MANY_BYTES) from error
            raise ImageGone(error.message) from error
        except TelegramError as error:
            if tries == _QUICK_TRIES or not (may_pass(error) or isinstance(error, InvalidToken)):
                raise
        await asyncio.sleep(_QUICK_WAIT_S * tries)
    raise AssertionError("unreachable")


async def download_in_time(bot: Bot, image: SentImage, since: float) -> bytes:
    """As :func:`download`, for a photo that can wait.

    Args:
        bot: to fetch with.
        image: what to fetch.
        since: ``time.monotonic()`` when the photo came.

    Raises:
        TryLater: not now.
        PhotoError: it is larger than a bot may download.
        ImageGone: Telegram gives it out no more.
        NetworkError: it could not be had for too long.
    """
    try:
        return await download(bot, image)
    except TelegramError as error:
        waited_s = time.monotonic() - since
        if waited_s > PATIENCE_S or not (isinstance(error, RetryAfter) or may_pass(error)):
            raise
        wait_s = seconds_to_wait(error) if isinstance(error, RetryAfter) else 1.0 + waited_s / 2
        raise TryLater(min(_LONGEST_WAIT_S, wait_s)) from error


async def _download_once(bot: Bot, file_id: str) -> bytes:
    file = await bot.get_file(file_id)
    data = bytes(await file.download_as_bytearray())
    if file.file_size is not None and len(data) != file.file_size:
        raise NetworkError(f"got {len(data)} of {file.file_size} bytes")
    return data
