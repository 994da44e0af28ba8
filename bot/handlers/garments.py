"""Several garments in one photo: a button judges another one, in the same message."""

from functools import partial

from bot.handlers import photos
from bot.handlers.images import ImageGone, download, image_of
from bot.handlers.sending import change_picture, indicate_picture
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.replies.callback_data import JudgeGarment


async def judge_another(services: Services, tap: Tap, asked: JudgeGarment) -> None:
    """Judge another garment of the photo."""
    image = None if tap.message.reply_to_message is None else image_of(tap.message.reply_to_message)
    if image is None:
        await tap.answer(tap.texts.faults.photo_gone, alert=True)
        return
    await tap.answer()
    services.errands.start(indicate_picture(tap.message))
    try:
        data = await download(tap.message.get_bot(), image)
    except ImageGone:
        await photos.explain(services, tap.message, ImageGone(), tap.language)
        return
    see = partial(photos.answer_to, services.recognizer, data, tap.language, asked.chosen, tap.answer_above)
    await change_picture(tap.message, await services.workshop.look(see))
