"""A photo looked at once more: it is fetched from the message that ours replies to, so nothing is kept in between."""

from functools import partial

from bot.handlers.images import ImageGone, download, image_of
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.vision.recognizer import Recognition


async def recognise_again(services: Services, tap: Tap, chosen: int) -> Recognition | None:
    """Look again at the photo that a message of ours replies to; None when it is gone.

    Raises:
        PhotoError: it cannot be read, so it never was.
        TelegramError: it cannot be had now.
    """
    image = None if tap.message.reply_to_message is None else image_of(tap.message.reply_to_message)
    if image is None:
        return None
    try:
        data = await download(tap.message.get_bot(), image)
    except ImageGone:
        return None
    return await services.workshop.look(partial(services.recognizer.recognize, data, chosen=chosen))
