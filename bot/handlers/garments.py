"""Several garments in one photo: a button judges another one, in the same message."""

from dataclasses import replace
from functools import partial

from bot.handlers import photos
from bot.handlers.again import recognise_again
from bot.handlers.sending import change_picture, indicate_picture
from bot.handlers.services import Services
from bot.handlers.sharing import keep_answer, with_answer_shared
from bot.handlers.taps import Tap
from bot.replies.callback_data import JudgeGarment


async def judge_another(services: Services, tap: Tap, asked: JudgeGarment) -> None:
    """Judge another garment of the photo."""
    await tap.answer_saying_if_model_changed(services, tap.answer_above)
    services.detached_tasks.start(indicate_picture(tap.message))
    recognition = await recognise_again(services, tap, asked.chosen)
    if recognition is None:
        await tap.say_that_photo_is_gone()
        return
    earlier = tap.answer_above
    changed = earlier is not None and not earlier.is_from(recognition.model_version)
    draw = partial(photos.picture_of, recognition, tap.language, model_changed=changed, covered=tap.is_covered)
    picture = await services.executors.look(draw)
    keyboard = with_answer_shared(tap.message, picture.keyboard, tap.language, covered=picture.covered)
    shown = await change_picture(tap.message, replace(picture, keyboard=keyboard))
    services.detached_tasks.start(keep_answer(services, shown, picture))
