"""Which file of a message to look at, and how to get it."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from telegram import Bot, Document, ExternalReplyInfo, File, Message, PhotoSize
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.jobs.photo_queue import TryLater
from bot.jobs.retrying_rate_limiter import PATIENCE_S, may_pass
from bot.updates.backoff import TELEGRAM_BACKOFF, seconds_to_wait
from bot.vision.photo import MAX_BYTES, MAX_SIDE, PhotoError, PhotoProblem

PATIENCE_AT_A_TAP_S: Final = 20.0
"""For so long a photo is tried to be had when somebody has tapped on a button."""

_QUICK_TRIES: Final = 3
_QUICK_WAIT_S: Final = 0.3
_LONGEST_WAIT_S: Final = 30.0
_GIF: Final = "image/gif"
_GONE: Final = ("invalid file_id", "file_id_invalid", "wrong remote file identifier", "wrong file identifier")
"""Parts of Telegram's messages for a file that it will not give out again.

"wrong file_id or the file is temporarily unavailable" is none of them: it is what a fetch that faltered is called.
"""


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


class FileUnavailable(NetworkError):
    """Telegram has the file, and does not give it out now."""


class ServerFilesUnreadable(Exception):
    """The Bot API server runs in local mode and names a file that cannot be read on this machine.

    Attributes:
        folder: where that server keeps its files, without the folder that is named after the bot's token.
    """

    def __init__(self, folder: str) -> None:
        super().__init__(f"The Bot API server keeps its files in {folder}, where they cannot be read from here")
        self.folder = folder


def image_of(message: Message | ExternalReplyInfo) -> SentImage | None:
    """The photo of a message, in the smallest size that serves, or its file, whatever type it claims to be."""
    sizes = message.photo or (message.live_photo.photo if message.live_photo is not None else ())
    if sizes:
        photo = smallest_that_serves(sizes)
        return SentImage(photo.file_id, photo.file_size)
    if message.animation is not None and message.animation.mime_type != _GIF:
        return None
    document: Document | None = message.document
    return None if document is None else SentImage(document.file_id, document.file_size)


def image_meant(message: Message) -> SentImage | None:
    """The image of a message, or the one elsewhere that it replies to: in another chat, or another topic."""
    elsewhere = message.external_reply
    return image_of(message) or (None if elsewhere is None else image_of(elsewhere))


def photo_meant(message: Message) -> tuple[Message, SentImage] | None:
    """What a message without an image asks about: the message that it replies to and the image of that, or itself.

    The bot's own pictures are never meant.
    """
    about = message.reply_to_message or message
    image = None if is_ours(about) else image_meant(about)
    return None if image is None else (about, image)


def is_ours(message: Message) -> bool:
    """Whether the bot sent a message."""
    return message.from_user is not None and message.from_user.id == message.get_bot().id


def is_covered(message: Message) -> bool:
    """Whether the image of a message, or the one elsewhere that it means, is under a spoiler."""
    if message.external_reply is not None and image_of(message) is None:
        return bool(message.external_reply.has_media_spoiler)
    return bool(message.has_media_spoiler)


def smallest_that_serves(sizes: Sequence[PhotoSize]) -> PhotoSize:
    """The smallest size that needs no enlarging, else the largest."""
    by_size = sorted(sizes, key=lambda size: (max(size.width, size.height), size.width * size.height))
    return next((size for size in by_size if max(size.width, size.height) >= MAX_SIDE), by_size[-1])


async def download(bot: Bot, image: SentImage) -> bytes:
    """Fetch an image, trying a few times.

    Raises:
        PhotoError: it is larger than a bot may download.
        ImageGone: Telegram gives it out no more.
        ServerFilesUnreadable: the Bot API server keeps it where this bot cannot read.
        NetworkError: it cannot be had now.
    """
    if image.bytes is not None and image.bytes > MAX_BYTES:
        raise PhotoError(PhotoProblem.TOO_MANY_BYTES)
    for tries in range(1, _QUICK_TRIES + 1):
        try:
            return await _download_once(bot, image.file_id)
        except TelegramError as error:
            if tries == _QUICK_TRIES or not may_pass(error):
                raise
        except ServerFilesUnreadable:
            if tries == _QUICK_TRIES:
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
        ServerFilesUnreadable: the Bot API server keeps it where this bot cannot read.
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


async def download_while_somebody_waits(bot: Bot, image: SentImage, patience_s: float = PATIENCE_AT_A_TAP_S) -> bytes:
    """As :func:`download`, trying for longer, but not for longer than somebody looks at a button.

    Raises:
        PhotoError: it is larger than a bot may download.
        ImageGone: Telegram gives it out no more.
        ServerFilesUnreadable: the Bot API server keeps it where this bot cannot read.
        NetworkError: it cannot be had now.
    """
    until = time.monotonic() + patience_s
    for tries in itertools.count(1):
        try:
            return await download(bot, image)
        except TelegramError as error:
            wait_s = seconds_to_wait(error) if isinstance(error, RetryAfter) else TELEGRAM_BACKOFF.after(tries)
            if not (isinstance(error, RetryAfter) or may_pass(error)) or time.monotonic() + wait_s > until:
                raise
        await asyncio.sleep(wait_s)
    raise AssertionError("unreachable")


async def _download_once(bot: Bot, file_id: str) -> bytes:
    file = await _described(bot, file_id)
    try:
        data = bytes(await file.download_as_bytearray())
    except OSError as error:  # a local file that another user owns
        raise ServerFilesUnreadable(_folder_of(bot, file)) from error
    except InvalidToken as error:  # 404: the path has expired, or the server serves no files
        if _is_local(bot, file):
            raise ServerFilesUnreadable(_folder_of(bot, file)) from error
        raise FileUnavailable("the file is not at its path (404)") from error
    if not data or (file.file_size is not None and len(data) != file.file_size):
        raise FileUnavailable(f"got {len(data)} of {file.file_size} bytes")
    return data


async def _described(bot: Bot, file_id: str) -> File:
    """Ask where the file is."""
    try:
        file = await bot.get_file(file_id)
    except BadRequest as error:
        words = error.message.lower()
        if "too big" in words:
            raise PhotoError(PhotoProblem.TOO_MANY_BYTES) from error
        if any(gone in words for gone in _GONE):
            raise ImageGone(error.message) from error
        raise FileUnavailable(error.message) from error
    except InvalidToken as error:  # 401 and 404 come from a server that starts, too; a wrong token ends the bot anyway
        raise FileUnavailable(error.message) from error
    if not file.file_path:
        raise FileUnavailable("getFile gave no path")
    return file


def _is_local(bot: Bot, file: File) -> bool:
    """Whether the path is one on the Bot API server's disk, as in its local mode."""
    path = _path_of(bot, file)
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


def _folder_of(bot: Bot, file: File) -> str:
    """The folder of the Bot API server's files; below it they lie in one that is named after the token."""
    bot_id = bot.token.partition(":")[0]
    folder, found, _ = _path_of(bot, file).partition(bot_id)
    return folder if found else "its working folder"


def _path_of(bot: Bot, file: File) -> str:
    return (file.file_path or "").removeprefix(f"{bot.base_file_url}/")
