"""The main story: somebody sends a photo, waits a moment, and gets one honest answer.

Receive, look, answer. Receiving only queues, so the bot goes on listening; looking happens in a thread, when it is
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
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import filters

from bot.handlers.errors import nobody_is_there
from bot.handlers.images import (
    ImageGone,
    SentImage,
    ServerFilesUnreadable,
    download_in_time,
    image_of,
    is_covered,
    photo_meant,
)
from bot.handlers.own_offer import offer
from bot.handlers.sending import (
    ANSWERED,
    ANSWERED_UNSURELY,
    Picture,
    hold_back_if_crowded,
    indicating_picture,
    quote_with_photo,
    quote_with_text,
    react,
    reply_text,
    seconds_until_free,
)
from bot.handlers.services import Services
from bot.handlers.sharing import keep_answer, with_answer_shared
from bot.jobs.debounce import Then
from bot.jobs.photo_queue import Deliver, PhotoJob, TryLater
from bot.logging import UPDATE_ID
from bot.replies.callback_data import Answer, OwnPhoto
from bot.replies.captions import photo_caption
from bot.replies.cards import photo_card
from bot.replies.keyboards import photo_keyboard
from bot.replies.messages import download_failed_text, over_limit_text, problem_text, queue_text
from bot.replies.texts import Language, texts
from bot.updates.tracker import Held
from bot.vision.classifier import ModelError
from bot.vision.photo import PhotoError
from bot.vision.prediction import Prediction, Verdict
from bot.vision.recognizer import Recognition

_LOGGER = logging.getLogger(__name__)


class _Lookable(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return image_of(message) is not None


LOOKABLE: Final = _Lookable("photo or file")
"""Messages with something to look at: a moving picture is none, although it comes as a file, too."""


class _MeansAPhoto(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return photo_meant(message) is not None


MEANS_A_PHOTO: Final = _MeansAPhoto("reply to a photo")
"""Messages without a photo that mean one by replying to it."""

LONG_WAIT_S: Final = 8.0
"""Who waits longer than this is told the place in the queue."""


async def receive(services: Services, message: Message) -> None:
    """Take a photo, or a file that may be one: it waits its turn."""
    image = image_of(message)
    if image is None:
        return
    services.detached_tasks.start(react(message))
    services.recent_photos.note(message)
    take_within_limit(services, message, message, image)


def take_within_limit(services: Services, asking: Message, photo: Message, image: SentImage) -> None:
    """Let a photo wait its turn, unless whoever asks has sent too many.

    Args:
        services: the parts behind the conversations.
        asking: the message of whoever asks.
        photo: the message to answer; in a group it may be somebody else's.
        image: its image.
    """
    user_id = sender_id(asking)
    if services.photo_rate_limit.take(user_id):
        take(services, photo, image, user_id, [UPDATE_ID.get() or 0])
    else:
        gather(services, asking, ("left out", user_id), partial(tell_left_out, services))


def take(services: Services, message: Message, image: SentImage, user_id: int, update_ids: Sequence[Held]) -> None:
    """Let one photo wait its turn among those that this user asked about."""
    seeing = partial(look, services, message, image, user_id, time.monotonic())
    services.photos.put(PhotoJob(user_id, update_ids, seeing))
    tell_place_if_long(services, message, user_id)


async def look(services: Services, message: Message, image: SentImage, user_id: int, since: float) -> Deliver:
    """Fetch one photo that this user asked about and look at it; what delivers the answer."""
    hold_back_if_crowded(message)
    language = await services.languages.of(message.chat, message.from_user)
    timing = services.statistics.metrics.timing
    try:
        async with indicating_picture(message):
            with timing("download"):
                data = await download_in_time(message.get_bot(), image, since)
            with timing("look"):
                recognition = await services.executors.look(partial(services.recognizer.recognize, data))
            with timing("draw"):
                draw = partial(picture_of, recognition, language, covered=is_covered(message))
                seen = await services.executors.look(draw)
            if message.chat.type == ChatType.PRIVATE:
                if recognition.garments:
                    keyboard = with_answer_shared(message, seen.keyboard, language, covered=seen.covered)
                    seen = replace(seen, keyboard=keyboard)
                seen = await offer(services, message.chat_id, seen, OwnPhoto(), language)
    except TryLater:
        raise
    except Exception as error:
        return partial(explain, services, message, error, language)
    return partial(answer, services, message, seen, recognition.prediction, user_id, since)


async def answer(
    services: Services, message: Message, seen: Picture, prediction: Prediction, user_id: int, since: float
) -> None:
    """Send the card below the photo; only on the photo of whoever asked there is a reaction to change."""
    if user_id == sender_id(message):
        sending = _answer_own(services, message, seen, prediction)
    else:
        sending = quote_with_photo(message, seen)
    with services.statistics.metrics.timing("send"):
        await services.errors.guard(message, sending)
    services.statistics.photo_answered(prediction, 1000 * (time.monotonic() - since))


async def _answer_own(services: Services, message: Message, seen: Picture, prediction: Prediction) -> Message:
    sent = await quote_and_react(services, message, seen, [prediction])
    if prediction.verdict is not Verdict.NO_GARMENT or prediction.other_clothing:
        services.detached_tasks.start(keep_answer(services, sent, seen))
    return sent


async def quote_and_react(
    services: Services, message: Message, picture: Picture, predictions: Sequence[Prediction]
) -> Message:
    """Answer a photo that bears a reaction, and change that when the answer has been sent.

    Args:
        services: the parts behind the conversations.
        message: with the photo.
        picture: the answer.
        predictions: what the answer says; one that names two candidates makes it an unsure one.
    """
    sent = await quote_with_photo(message, picture)
    unsure = any(each.verdict is Verdict.UNSURE and not each.likely for each in predictions)
    services.detached_tasks.start(react(message, ANSWERED_UNSURELY if unsure else ANSWERED))
    return sent


def picture_of(
    recognition: Recognition, language: Language, *, model_changed: bool = False, covered: bool = False
) -> Picture:
    """Draw the answer to a photo; blocks."""
    answer, shown = remembered(recognition), as_remembered(recognition)
    return Picture(
        image=photo_card(shown, language),
        caption=photo_caption(shown, language, model_changed=model_changed),
        keyboard=photo_keyboard(answer, language),
        covered=covered,
    )


def remembered(recognition: Recognition) -> Answer:
    """What the buttons below an answer remember of it."""
    return Answer.of(
        recognition.prediction,
        recognition.model_version,
        chosen=recognition.chosen,
        kinds=[garment.prediction.said for garment in recognition.garments],
    )


def as_remembered(recognition: Recognition) -> Recognition:
    """The same with the probabilities that its buttons remember: two equal figures stand in one order everywhere."""
    judged = replace(recognition.judged, prediction=remembered(recognition).prediction)
    garments = tuple(judged if each is recognition.judged else each for each in recognition.garments)
    return replace(recognition, garments=garments, judged=judged)


async def explain(services: Services, message: Message, error: Exception, language: Language) -> None:
    """Say why there is no answer to a photo."""
    said = explanation(error, language)
    if isinstance(error, TelegramError) and not nobody_is_there(error):
        said = download_failed_text(services.errors.note(error), language)
    elif isinstance(error, ServerFilesUnreadable):
        services.errors.note(error)
    if said is None:
        await services.errors.apologise(message, error)
    else:
        _LOGGER.info("No answer to a photo: %s", error)
        await services.errors.guard(message, quote_with_text(message, said))


def explanation(error: Exception, language: Language) -> str | None:
    """What a person can do about it; None for what only an admin can."""
    if isinstance(error, PhotoError):
        return problem_text(error.problem, language)
    if isinstance(error, ImageGone):
        return texts(language).faults.photo_gone
    if isinstance(error, ServerFilesUnreadable):
        return texts(language).faults.files_unreadable
    if isinstance(error, ModelError):
        return texts(language).faults.no_model
    return None


def gather(services: Services, message: Message, key: tuple[object, ...], then: Then[Message]) -> None:
    """Collect a burst of messages, then deal with all of them."""
    services.debouncer.add(key, message, UPDATE_ID.get() or 0, then)


def sender_id(message: Message) -> int:
    """Whose message it is: whoever speaks.

    A group or a channel in whose name it was sent counts, since Telegram's stand-ins (GroupAnonymousBot, Channel_Bot,
    777000) are the same for all of them.
    """
    if message.sender_chat is not None:
        return message.sender_chat.id
    return message.from_user.id if message.from_user is not None else message.chat_id


def tell_place_if_long(services: Services, message: Message, user_id: int) -> None:
    """When this person's last photo is far from its turn, say so once for all that come together."""
    if services.photos.seconds_until(services.photos.place(user_id)) > LONG_WAIT_S:
        gather(services, message, ("place", user_id), partial(tell_place, services, user_id))


async def tell_place(services: Services, user_id: int, messages: list[Message], _: Sequence[Held]) -> None:
    """Tell the place in the queue, if it is still far."""
    message = messages[-1]
    if seconds_until_free(message) > 0:
        return  # a place in the queue is no news when it can be told at last
    place = services.photos.place(user_id)
    wait_s = services.photos.seconds_until(place)
    if wait_s > LONG_WAIT_S and services.photos.notice_due(user_id):
        language = await services.languages.of(message.chat, message.from_user)
        said = queue_text(place - 1, timedelta(seconds=wait_s), language)
        await services.errors.guard(message, reply_text(message, said))  # quoting is for the answer itself


async def tell_left_out(services: Services, messages: list[Message], _: Sequence[Held]) -> None:
    """Tell once how many photos were left out and when to send them again."""
    message = messages[-1]
    language = await services.languages.of(message.chat, message.from_user)
    wait = services.photo_rate_limit.wait(sender_id(message), len(messages))
    said = over_limit_text(len(messages), services.photo_rate_limit.photos, wait, language)
    await services.errors.guard(message, quote_with_text(message, said))
