"""The main story: somebody sends a photo, waits a moment, and gets one honest answer.

Receive, look, answer. Receiving only queues, so the bot goes on listening; looking happens in the workshop, when it is
this person's turn; answering happens beside it.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from telegram import Message
from telegram.error import TelegramError
from telegram.ext import filters

from bot.handlers.errors import apologise, guard, nobody_is_there, note
from bot.handlers.images import ImageGone, SentImage, download_in_time, image_of
from bot.handlers.sending import Picture, indicate_picture, react, say, say_about, show_about
from bot.handlers.services import Services
from bot.logs import UPDATE_ID
from bot.replies.callback_data import Answer
from bot.replies.captions import photo_caption
from bot.replies.cards import photo_card
from bot.replies.keyboards import photo_keyboard
from bot.replies.messages import download_failed_text, over_limit_text, problem_text, queue_text
from bot.replies.texts import Language, texts
from bot.serving.gathering import Then
from bot.serving.photo_queue import Deliver, PhotoJob, TryLater
from bot.vision.classifier import ModelError
from bot.vision.photo import PhotoError
from bot.vision.prediction import Prediction
from bot.vision.recognizer import Recognition

_LOGGER = logging.getLogger(__name__)


class _Lookable(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return image_of(message) is not None


LOOKABLE: Final = _Lookable("photo or file")
"""Messages with something to look at: a moving picture is none, although it comes as a file, too."""

LONG_WAIT_S: Final = 8.0
"""Who waits longer than this is told the place in the queue."""


async def receive(services: Services, message: Message) -> None:
    """Take a photo, or a file that may be one: it waits its turn."""
    image = image_of(message)
    if image is None:
        return
    services.errands.start(react(message))
    take_if_fair(services, message, message, image)


def take_if_fair(services: Services, asking: Message, photo: Message, image: SentImage) -> None:
    """Let a photo wait its turn, unless whoever asks has sent too many.

    Args:
        services: the parts behind the conversations.
        asking: the message of whoever asks.
        photo: the message to answer; in a group it may be somebody else's.
        image: its image.
    """
    user_id = sender_id(asking)
    if services.fair_use.take(user_id):
        take(services, photo, image, user_id, [UPDATE_ID.get() or 0])
    else:
        gather(services, asking, ("left out", user_id), partial(tell_left_out, services))


def take(services: Services, message: Message, image: SentImage, user_id: int, update_ids: Sequence[int]) -> None:
    """Let one photo wait its turn among those that this user asked about."""
    seeing = partial(look, services, message, image, time.monotonic())
    services.photos.put(PhotoJob(user_id, update_ids, seeing))
    tell_place_if_long(services, message)


async def look(services: Services, message: Message, image: SentImage, since: float) -> Deliver:
    """Fetch one photo and look at it; what delivers the answer."""
    language = await services.languages.of(message.chat, message.from_user)
    services.errands.start(indicate_picture(message))
    timing = services.statistics.metrics.timing
    try:
        with timing("download"):
            data = await download_in_time(message.get_bot(), image, since)
        with timing("look"):
            recognition = await services.workshop.look(partial(services.recognizer.recognize, data))
        with timing("draw"):
            seen = await services.workshop.look(partial(picture_of, recognition, language))
    except TryLater:
        raise
    except Exception as error:
        return partial(explain, services, message, error, language)
    return partial(answer, services, message, seen, recognition.prediction, since)


async def answer(services: Services, message: Message, seen: Picture, prediction: Prediction, since: float) -> None:
    """Send the card below the photo."""
    with services.statistics.metrics.timing("send"):
        await guard(services, message, show_about(message, seen))
    services.statistics.photo_answered(prediction, 1000 * (time.monotonic() - since))


def picture_of(recognition: Recognition, language: Language, *, model_changed: bool = False) -> Picture:
    """Draw the answer to a photo; blocks."""
    answer, shown = remembered(recognition), as_remembered(recognition)
    return Picture(
        image=photo_card(shown, language),
        caption=photo_caption(shown, language, model_changed=model_changed),
        keyboard=photo_keyboard(answer, language),
    )


def remembered(recognition: Recognition) -> Answer:
    """What the buttons below an answer remember of it."""
    return Answer.of(
        recognition.prediction,
        recognition.model_version,
        chosen=recognition.chosen,
        garments=len(recognition.garments),
    )


def as_remembered(recognition: Recognition) -> Recognition:
    """The same with the probabilities that its buttons remember: two equal figures stand in one order everywhere."""
    return replace(recognition, prediction=remembered(recognition).prediction)


async def explain(services: Services, message: Message, error: Exception, language: Language) -> None:
    """Say why there is no answer to a photo."""
    said = explanation(error, language)
    if isinstance(error, TelegramError) and not nobody_is_there(error):
        said = download_failed_text(note(services, error), language)
    if said is None:
        await apologise(services, message, error)
    else:
        _LOGGER.info("No answer to a photo: %s", error)
        await guard(services, message, say_about(message, said))


def explanation(error: Exception, language: Language) -> str | None:
    """What a person can do about it; None for what only an admin can."""
    if isinstance(error, PhotoError):
        return problem_text(error.problem, language)
    if isinstance(error, ImageGone):
        return texts(language).faults.photo_gone
    if isinstance(error, ModelError):
        return texts(language).faults.no_model
    return None


def gather(services: Services, message: Message, key: tuple[object, ...], then: Then[Message]) -> None:
    """Collect a burst of messages, then deal with all of them."""
    services.bursts.add(key, message, UPDATE_ID.get() or 0, then)


def sender_id(message: Message) -> int:
    """Whose photo it is; an anonymous admin of a group counts as the group."""
    return message.from_user.id if message.from_user is not None else message.chat_id


def tell_place_if_long(services: Services, message: Message) -> None:
    """When this person's last photo is far from its turn, say so once for all that come together."""
    user_id = sender_id(message)
    if services.photos.seconds_until(services.photos.place(user_id)) > LONG_WAIT_S:
        gather(services, message, ("place", user_id), partial(tell_place, services))


async def tell_place(services: Services, messages: list[Message], _: list[int]) -> None:
    """Tell the place in the queue, if it is still far."""
    message = messages[-1]
    place = services.photos.place(sender_id(message))
    wait_s = services.photos.seconds_until(place)
    if wait_s > LONG_WAIT_S and services.photos.notice_due(sender_id(message)):
        language = await services.languages.of(message.chat, message.from_user)
        said = queue_text(place - 1, timedelta(seconds=wait_s), language)
        await guard(services, message, say(message, said))  # quoting is for the answer itself


async def tell_left_out(services: Services, messages: list[Message], _: list[int]) -> None:
    """Tell once how many photos were left out and when to send them again."""
    message = messages[-1]
    language = await services.languages.of(message.chat, message.from_user)
    wait = services.fair_use.wait(sender_id(message), len(messages))
    await guard(services, message, say_about(message, over_limit_text(len(messages), wait, language)))
