"""Several garments in one photo: a button judges another one, in the same message."""

from dataclasses import dataclass, replace
from functools import partial

from bot.handlers import photo_answers
from bot.handlers.second_look import SecondLook
from bot.handlers.sending import change_picture, indicate_picture
from bot.handlers.sharing import keep_answer, with_answer_shared
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.registry.store import ModelStore
from bot.replies.callback_data.actions import JudgeGarment
from bot.storage.storage import Storage


@dataclass(frozen=True)
class GarmentHandlers:
    """The other garments of a photo."""

    storage: Storage
    models: ModelStore
    executors: Executors
    second_look: SecondLook
    detached_tasks: DetachedTasks

    async def judge_another(self, tap: Tap, asked: JudgeGarment) -> None:
        """Judge another garment of the photo."""
        await tap.answer_saying_if_model_changed(self.models, tap.answer_above)
        self.detached_tasks.start(indicate_picture(tap.message))
        recognition = await self.second_look.recognize_again(tap, asked.chosen)
        if recognition is None:
            await tap.say_that_photo_is_gone()
            return
        earlier = tap.answer_above
        changed = earlier is not None and not earlier.is_from(recognition.model_version)
        draw = partial(
            photo_answers.picture_of, recognition, tap.language, model_changed=changed, covered=tap.is_covered
        )
        picture = await self.executors.look(draw)
        keyboard = with_answer_shared(tap.message, picture.keyboard, tap.language, covered=picture.covered)
        shown = await change_picture(tap.message, replace(picture, keyboard=keyboard))
        self.detached_tasks.start(keep_answer(self.storage, shown, picture))
