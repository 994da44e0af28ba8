"""/learn: the course in a chat, step by step, with the person's own photo where they like.

Of a person only the step is kept that they were at. A button names its step, and the photo that a step is about is the
one that its message replies to: somebody answers a step with a photo, the step comes again below that photo, and all
further steps in that message are about it. ``/learn`` begins with the photo that it replies to, or the one just sent.
"""

import logging
import re
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from telegram import Message
from telegram.constants import ChatType
from telegram.error import NetworkError
from telegram.ext import filters

from bot.course.steps import Step, prompt, step_headed, step_named, takes_photo_from
from bot.course.steps.contents import contents_text, no_such_step_text, step_asked
from bot.course.steps.keyboards import contents_keyboard
from bot.handlers import photo_answers
from bot.handlers.course_pictures import CoursePictures
from bot.handlers.course_places import CoursePlaces
from bot.handlers.errors import ErrorReporter
from bot.handlers.images import (
    ImageGone,
    SentImage,
    ServerFilesUnreadable,
    download_in_time,
    download_while_somebody_waits,
    image_of,
    is_covered,
    is_ours,
)
from bot.handlers.intake import PhotoIntake, sender_id
from bot.handlers.languages import Languages
from bot.handlers.links import asked_for
from bot.handlers.reactions import Reactions
from bot.handlers.recent_photos import RecentPhoto, RecentPhotos
from bot.handlers.sending import (
    Picture,
    ask_for_reply,
    change_caption,
    change_picture,
    hold_back_if_crowded,
    indicate_picture,
    quote_with_photo,
    quote_with_text,
    reply_photo,
    reply_text,
    show_below,
)
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.photo_queue import Deliver, TryLater
from bot.replies.callback_data.actions import LearnContents, LearnOther, LearnStep, LearnTry
from bot.replies.texts import texts
from bot.vision.interpreter import ModelError
from bot.vision.photo import PhotoError
from bot.vision.recognizer import Recognition, Recognizer

_LOGGER = logging.getLogger(__name__)

NEURON: Final = "neuron"
"""The step that takes a number."""

LARGEST_X: Final = 1e6
"""Beyond it an answer would be nothing but digits."""

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


class _TriesAStep(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return image_of(message) is not None and message.media_group_id is None and step_answered(message) is not None


TRIES_A_STEP: Final = _TriesAStep("a photo in reply to a step")
"""A photo with which somebody answers a step of the course, or the question for a photo."""


class _AsksTheNeuron(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        step = _headed(message.reply_to_message)
        return bool(message.text) and step is not None and step.name == NEURON


ASKS_THE_NEURON: Final = _AsksTheNeuron("a text in reply to the step with one neuron")
"""A text with which somebody answers the step that learns Y = 2X + 1."""


@dataclass(frozen=True)
class CourseHandlers:
    """The course in a chat."""

    languages: Languages
    recognizer: Recognizer
    executors: Executors
    course_pictures: CoursePictures
    course_places: CoursePlaces
    recent_photos: RecentPhotos
    intake: PhotoIntake
    reactions: Reactions
    detached_tasks: DetachedTasks
    errors: ErrorReporter

    async def learn(self, message: Message) -> None:
        """Open the course where this person was, or at the step named behind the command or in a link."""
        asked = asked_for(message)
        language = await self.languages.of(message.chat, message.from_user)
        step = step_asked(asked) if asked else await self.course_places.of(message.chat_id)
        if step is None:
            await reply_text(message, no_such_step_text(asked, language), contents_keyboard(None, language))
            return
        self.detached_tasks.start(indicate_picture(message))
        self.course_places.keep(message.chat_id, step)
        about = message.reply_to_message
        photo = None
        if about is not None and not is_ours(about):
            image = image_of(about)
            photo = None if image is None else RecentPhoto(about.message_id, image, is_covered(about))
        elif message.chat.type == ChatType.PRIVATE:
            photo = self.recent_photos.of(message.chat_id)
        recognition = None if photo is None else await self._seen(message, photo.image, step)
        picture = await self.course_pictures.step_picture(step, recognition, language)
        if photo is None:
            await reply_photo(message, picture)
        else:
            covered = photo.covered and recognition is not None
            await show_below(message, replace(picture, covered=covered), photo.message_id)

    async def show_step(self, tap: Tap, asked: LearnStep) -> None:
        """Go to a step, in the same message."""
        step = await _answered(tap, asked.name)
        if step is None:
            return
        self.course_places.keep(tap.message.chat_id, step)
        recognition = await self._recognition(tap.message, step)
        picture = await self.course_pictures.step_picture(step, recognition, tap.language)
        await _put(tap, replace(picture, covered=recognition is not None and tap.is_covered))

    async def try_step(self, tap: Tap, asked: LearnTry) -> None:
        """Show a step about the photo that the message replies to, or ask for a photo."""
        step = await _answered(tap, asked.name)
        if step is None:
            return
        recognition = await self._recognition(tap.message, step)
        if recognition is None:
            await _ask_for_photo(tap, step)
            return
        picture = await self.course_pictures.step_picture(step, recognition, tap.language)
        await _put(tap, replace(picture, covered=tap.is_covered))

    async def receive(self, message: Message) -> None:
        """Take a photo that answers a step: it waits its turn like every other."""
        image, step = image_of(message), step_answered(message)
        if image is None or step is None:
            return
        self.reactions.seen(message)
        self.recent_photos.note(message)
        if not self.intake.admit(message):
            return
        looking = partial(self._look, message, image, step, time.monotonic())
        self.intake.put(message, sender_id(message), looking)

    async def receive_number(self, message: Message) -> None:
        """Ask the neuron about somebody's own X."""
        language = await self.languages.of(message.chat, message.from_user)
        x, step = number_in(message.text or ""), step_named(NEURON)
        if x is None or step is None:
            await quote_with_text(message, texts(language).learn.no_number)
            return
        self.detached_tasks.start(indicate_picture(message))
        picture = await self.course_pictures.step_picture(step, None, language, asked=x)
        await quote_with_photo(message, picture)

    async def _look(self, message: Message, image: SentImage, step: Step, since: float) -> Deliver:
        """Fetch the photo and draw the step about it; what delivers it."""
        hold_back_if_crowded(message)
        language = await self.languages.of(message.chat, message.from_user)
        self.detached_tasks.start(indicate_picture(message))
        try:
            data = await download_in_time(message.get_bot(), image, since)
            recognition = await self.executors.look(partial(self.recognizer.recognize, data))
            picture = await self.course_pictures.step_picture(step, recognition, language)
        except TryLater:
            raise
        except Exception as error:
            return partial(photo_answers.reply_failure, self.errors, self.reactions, message, error, language)
        picture = replace(picture, covered=is_covered(message))
        shown = [recognition.prediction]
        return partial(photo_answers.deliver, self.errors, self.reactions, message, picture, shown)

    async def _recognition(self, message: Message, step: Step) -> Recognition | None:
        """Look at the photo that a message of ours replies to, where the step can be about it; None without one."""
        about = message.reply_to_message
        image = None if about is None or is_ours(about) else image_of(about)
        return None if image is None else await self._seen(message, image, step)

    async def _seen(self, message: Message, image: SentImage, step: Step) -> Recognition | None:
        """Look at a photo, where the step can be about one; None where it cannot be had or read."""
        if not step.takes_photo:
            return None
        try:
            data = await download_while_somebody_waits(message.get_bot(), image)
            return await self.executors.look(partial(self.recognizer.recognize, data))
        except (ImageGone, PhotoError, ModelError, ServerFilesUnreadable, NetworkError) as error:
            _LOGGER.info("A step of the course goes on without the photo: %s", error)
            return None


async def show_contents(tap: Tap, asked: LearnContents) -> None:
    """Show all steps below the picture of one."""
    step = await _answered(tap, asked.name)
    if step is None:
        return
    await change_caption(tap.message, contents_text(step, tap.language), contents_keyboard(step, tap.language))


async def ask_for_another(tap: Tap, asked: LearnOther) -> None:
    """Ask for another photo to show a step about."""
    step = await _answered(tap, asked.name)
    if step is not None:
        await _ask_for_photo(tap, step)


def number_in(text: str) -> float | None:
    """The number that a text is; None when it is none, or too large to be shown."""
    text = text.strip().replace("−", "-").replace("－", "-").replace("．", ".").replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    x = float(text)
    return x if abs(x) <= LARGEST_X else None


def step_answered(message: Message) -> Step | None:
    """The step that a message answers, or the next one that can be about a photo; None when it answers none."""
    step = _headed(message.reply_to_message)
    return None if step is None else takes_photo_from(step)


async def _ask_for_photo(tap: Tap, step: Step) -> None:
    await ask_for_reply(tap.message, prompt(step, tap.language))


async def _answered(tap: Tap, name: str) -> Step | None:
    """The step of a button, whose tap is answered; whoever taps on one that is no more is told so."""
    step = step_named(name)
    if step is None:
        await tap.answer(tap.texts.toasts.outdated, alert=True)
    else:
        await tap.answer()
    return step


async def _put(tap: Tap, picture: Picture) -> None:
    if tap.message.photo:
        await change_picture(tap.message, picture)
    else:
        await reply_photo(tap.message, picture)


def _headed(message: Message | None) -> Step | None:
    """The step that a message of ours is about, by its first line."""
    if message is None or not is_ours(message):
        return None
    return step_headed(message.text or message.caption or "")
