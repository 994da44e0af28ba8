"""Several photos sent at once get one answer: a contact sheet with a button for each photo."""

import logging
import time
from functools import partial
from typing import Final

from telegram import Message
from telegram.ext import filters

from bot.handlers import photos
from bot.handlers.errors import guard
from bot.handlers.images import ImageGone, download_in_time, image_of
from bot.handlers.sending import Picture, change_caption, indicate_picture, react, show_about
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.logs import UPDATE_ID
from bot.replies.callback_data import AlbumItem, AlbumOverview, Answer
from bot.replies.captions import album_caption, album_item_caption
from bot.replies.cards import contact_sheet
from bot.replies.keyboards import album_answers, album_item_keyboard, album_keyboard
from bot.replies.texts import Language
from bot.serving.gathering import Then
from bot.serving.photo_queue import Deliver, PhotoJob, TryLater
from bot.serving.shared_albums import Joined
from bot.vision.photo import PhotoError
from bot.vision.prediction import Prediction
from bot.vision.recognizer import Recognition

_LOGGER = logging.getLogger(__name__)


class _Part(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return message.media_group_id is not None


PART: Final = _Part("album part")
"""Messages that belong to an album."""


async def receive(services: Services, message: Message) -> None:
    """Take one photo of an album: it waits for the others."""
    if image_of(message) is not None:
        await join(services, message, partial(take, services))


async def join(services: Services, message: Message, then: Then[Message]) -> None:
    """Put a photo to the others of its album, wherever they have come in; ``then`` gets them all."""
    joined = Joined.STORE_AWAY
    if services.shared_albums is not None:
        joined = await services.shared_albums.add(message, UPDATE_ID.get() or 0, then)
    if joined is Joined.STORE_AWAY:
        photos.gather(services, message, (message.chat_id, message.media_group_id), then)
    elif joined is Joined.TOO_LATE:
        await then([message], [UPDATE_ID.get() or 0])


async def take(services: Services, messages: list[Message], update_ids: list[int]) -> None:
    """Take an album, all parts of which have come: it waits its turn like a photo."""
    services.errands.start(react(messages[0]))
    user_id = photos.sender_id(messages[0])
    taken = [message for message in messages if services.fair_use.take(user_id)]
    taken.sort(key=lambda message: message.message_id)
    if not taken:
        await photos.tell_left_out(services, messages, update_ids)
    elif len(messages) == 1 and (image := image_of(taken[0])) is not None:
        photos.take(services, taken[0], image, user_id, update_ids)
    else:
        left_out = len(messages) - len(taken)
        seeing = partial(look, services, taken, left_out, time.monotonic())
        services.photos.put(PhotoJob(user_id, update_ids, seeing))
        photos.tell_place_if_long(services, taken[0])


async def look(services: Services, messages: list[Message], left_out: int, since: float) -> Deliver:
    """Fetch and look at every photo of an album; what delivers the answer."""
    first = messages[0]
    language = await services.languages.of(first.chat, first.from_user)
    services.errands.start(indicate_picture(first))
    try:
        seen = [await _look_at_one(services, message, since) for message in messages]
        draw = partial(answer_to, seen, left_out, language)
        answer = await services.workshop.look(draw)
    except TryLater:
        raise
    except Exception as error:
        return partial(photos.explain, services, first, error, language)
    predictions = [recognition.prediction for recognition in seen if recognition is not None]
    return partial(deliver, services, first, answer, predictions, since)


async def deliver(
    services: Services, first: Message, answer: Picture, predictions: list[Prediction], since: float
) -> None:
    """Send the contact sheet below the album's first photo."""
    await guard(services, first, show_about(first, answer))
    for prediction in predictions:
        services.statistics.photo_answered(prediction, 1000 * (time.monotonic() - since))


def answer_to(seen: list[Recognition | None], left_out: int, language: Language) -> Picture:
    """Draw the answer to an album; blocks."""
    answers = [None if recognition is None else photos.remembered(recognition) for recognition in seen]
    shown = [None if recognition is None else photos.as_remembered(recognition) for recognition in seen]
    return Picture(
        image=contact_sheet(shown, language),
        caption=album_caption(answers, language, left_out=left_out),
        keyboard=album_keyboard(answers),
    )


async def show_item(services: Services, tap: Tap, item: AlbumItem) -> None:
    """Show the ten percentages of one photo below the contact sheet."""
    answers = album_answers(tap.message.reply_markup)
    await change_caption(
        tap.message, album_item_caption(item, tap.language), album_item_keyboard(answers, tap.language)
    )


async def show_overview(services: Services, tap: Tap, _: AlbumOverview) -> None:
    """Show the two candidates of every photo again."""
    answers: tuple[Answer | None, ...] = album_answers(tap.message.reply_markup)
    await change_caption(tap.message, album_caption(answers, tap.language), album_keyboard(answers))


async def _look_at_one(services: Services, message: Message, since: float) -> Recognition | None:
    image = image_of(message)
    if image is None:
        return None
    try:
        data = await download_in_time(message.get_bot(), image, since)
        return await services.workshop.look(partial(services.recognizer.recognize, data))
    except (PhotoError, ImageGone) as error:
        _LOGGER.info("No answer to a photo of an album: %s", error)
        return None
