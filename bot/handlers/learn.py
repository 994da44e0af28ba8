"""/learn: the course in a chat, step by step, with the person's own photo where they like.

Nothing is remembered between two steps. A button names its step, and the photo that a step is about is the one that
its message replies to: somebody answers a step with a photo, the step comes again below that photo, and all further
steps in that message are about it. ``/learn`` in reply to a photo begins there.
"""

import logging
import time
from dataclasses import replace
from functools import partial
from typing import Final

from telegram import ForceReply, Message
from telegram.constants import ParseMode
from telegram.ext import filters

from bot.dataset import DataError, Split
from bot.handlers import photos
from bot.handlers.errors import guard
from bot.handlers.images import ImageGone, SentImage, download, download_in_time, image_of
from bot.handlers.sending import Picture, change_picture, indicate_picture, quoting, react, show, show_about
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.lessons import Lessons
from bot.logs import UPDATE_ID
from bot.replies.callback_data import LearnStep, LearnTry
from bot.replies.keyboards import learn_keyboard
from bot.replies.learn import STEPS, Materials, Step, card, place_of, prompt, step_headed, step_named, takes_photo_from
from bot.replies.texts import Language
from bot.serving.photo_queue import Deliver, PhotoJob, TryLater
from bot.settings import PROJECT_ROOT
from bot.vision.interpreter import ModelError
from bot.vision.photo import PhotoError
from bot.vision.recognizer import Recognition, Recognizer

_LOGGER = logging.getLogger(__name__)

RECORDED: Final = PROJECT_ROOT / "models" / "lesson"
"""The recorded runs that the course is taught with; they come with the project."""


class _TriesAStep(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return image_of(message) is not None and message.media_group_id is None and step_answered(message) is not None


TRIES_A_STEP: Final = _TriesAStep("a photo in reply to a step")
"""A photo with which somebody answers a step of the course, or the question for a photo."""


async def learn(services: Services, message: Message) -> None:
    """Begin the course; in reply to a photo, with that photo."""
    language = await services.languages.of(message.chat, message.from_user)
    services.errands.start(indicate_picture(message))
    about = message.reply_to_message
    own = about is not None and image_of(about) is not None and not _is_ours(about)
    picture = await step_picture(services, STEPS[0], None, language)
    await (show_about(about, picture) if own and about is not None else show(message, picture))


async def show_step(services: Services, tap: Tap, asked: LearnStep) -> None:
    """Go to a step, in the same message."""
    step = step_named(asked.name)
    if step is None:
        await tap.answer(tap.texts.toasts.outdated, alert=True)
        return
    await tap.answer()
    recognition = await _recognition(services, tap.message, step)
    await _put(tap, await step_picture(services, step, recognition, tap.language))


async def try_step(services: Services, tap: Tap, asked: LearnTry) -> None:
    """Show a step about the photo that the message replies to, or ask for a photo."""
    step = step_named(asked.name)
    if step is None:
        await tap.answer(tap.texts.toasts.outdated, alert=True)
        return
    await tap.answer()
    recognition = await _recognition(services, tap.message, step)
    if recognition is not None:
        await _put(tap, await step_picture(services, step, recognition, tap.language))
        return
    # Telegram's apps open their reply box for this, so that the photo arrives as a reply to it.
    await tap.message.reply_text(
        prompt(step, tap.language),
        parse_mode=ParseMode.HTML,
        reply_markup=ForceReply(selective=True),
        reply_parameters=quoting(tap.message),
    )


async def receive(services: Services, message: Message) -> None:
    """Take a photo that answers a step: it waits its turn like every other."""
    image, step = image_of(message), step_answered(message)
    if image is None or step is None:
        return
    services.errands.start(react(message))
    user_id = photos.sender_id(message)
    if not services.fair_use.take(user_id):
        photos.gather(services, message, ("left out", user_id), partial(photos.tell_left_out, services))
        return
    looking = partial(_look, services, message, image, step, time.monotonic())
    services.photos.put(PhotoJob(user_id, [UPDATE_ID.get() or 0], looking))
    photos.tell_place_if_long(services, message)


def step_answered(message: Message) -> Step | None:
    """The step that a message answers, or the next one that can be about a photo; None when it answers none."""
    answered = message.reply_to_message
    if answered is None or not _is_ours(answered):
        return None
    step = step_headed(answered.text or answered.caption or "")
    return None if step is None else takes_photo_from(step)


async def step_picture(services: Services, step: Step, recognition: Recognition | None, language: Language) -> Picture:
    """Draw a step with what is there of test images, recorded runs and models."""
    test = await _test_images(services)
    return await services.workshop.draw(partial(drawn, services, step, test, recognition, language))


def drawn(
    services: Services, step: Step, test: Split | None, recognition: Recognition | None, language: Language
) -> Picture:
    """Draw a step; blocks."""
    try:
        live = services.models.live()
    except ModelError:
        live = None
    recognizer: Recognizer = services.recognizer
    recognize = None if live is None else recognizer.recognize
    materials = Materials(Lessons.read(RECORDED), test, live, recognition, recognize)
    try:
        made = card(step, materials, language)
    except ModelError as error:
        _LOGGER.warning("A step of the course goes without a model: %s", error)
        made = card(step, replace(materials, live=None, recognize=None), language)
    place = place_of(step)
    keyboard = learn_keyboard(
        step.name,
        language,
        back=STEPS[place - 1].name if place else None,
        following=STEPS[place + 1].name if place + 1 < len(STEPS) else None,
        again=STEPS[0].name if place + 1 == len(STEPS) else None,
        can_try=step.takes_photo and recognition is None,
    )
    return Picture(made.image, made.caption, keyboard)


async def _look(services: Services, message: Message, image: SentImage, step: Step, since: float) -> Deliver:
    """Fetch the photo and draw the step about it; what delivers it."""
    language = await services.languages.of(message.chat, message.from_user)
    services.errands.start(indicate_picture(message))
    try:
        data = await download_in_time(message.get_bot(), image, since)
        recognition = await services.workshop.look(partial(services.recognizer.recognize, data))
        picture = await step_picture(services, step, recognition, language)
    except TryLater:
        raise
    except Exception as error:
        return partial(photos.explain, services, message, error, language)
    return partial(guard, services, message, show_about(message, picture))


async def _recognition(services: Services, message: Message, step: Step) -> Recognition | None:
    """Look at the photo that a message of ours replies to, where the step can be about it; None without one."""
    about = message.reply_to_message
    image = None if about is None or _is_ours(about) else image_of(about)
    if image is None or not step.takes_photo:
        return None
    try:
        data = await download(message.get_bot(), image)
        return await services.workshop.look(partial(services.recognizer.recognize, data))
    except (ImageGone, PhotoError, ModelError) as error:
        _LOGGER.info("A step of the course goes on without the photo: %s", error)
        return None


async def _test_images(services: Services) -> Split | None:
    try:
        return await services.test_set.images()
    except DataError as error:
        _LOGGER.warning("A step of the course goes without test images: %s", error)
        return None


async def _put(tap: Tap, picture: Picture) -> None:
    if tap.message.photo:
        await change_picture(tap.message, picture)
    else:
        await show(tap.message, picture)


def _is_ours(message: Message) -> bool:
    return message.from_user is not None and message.from_user.id == message.get_bot().id
