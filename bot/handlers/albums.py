"""Several photos sent at once get one answer: a contact sheet with a button for each photo."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from telegram import Message
from telegram.ext import filters

from bot.handlers import photo_answers
from bot.handlers.basics import helpful_line
from bot.handlers.errors import ErrorReporter
from bot.handlers.images import FileUnavailable, ImageGone, download_in_time, image_of, is_covered
from bot.handlers.intake import PhotoIntake, debounce, sender_id
from bot.handlers.languages import Languages
from bot.handlers.photos import PhotoHandlers
from bot.handlers.reactions import Reactions
from bot.handlers.sending import (
    Picture,
    change_caption,
    hold_back_if_crowded,
    indicate_picture,
    quote_with_text,
)
from bot.handlers.taps import Tap
from bot.jobs.albums import Joined, SharedAlbums
from bot.jobs.debounce import Debouncer, Then
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.photo_queue import Deliver, TryLater
from bot.jobs.photo_rate_limit import PhotoRateLimit
from bot.logging import UPDATE_ID
from bot.monitoring.statistics import Statistics
from bot.replies.callback_data.actions import MAX_OFFSET, AlbumItem, AlbumOverview
from bot.replies.captions import album_caption, album_item_caption
from bot.replies.cards.contact_sheet import contact_sheet
from bot.replies.keyboards import album_item_keyboard, album_items, album_keyboard
from bot.replies.texts import Language, texts
from bot.updates.tracker import Held
from bot.vision.photo import PhotoError
from bot.vision.prediction import Prediction
from bot.vision.recognizer import Recognition, Recognizer

_LOGGER = logging.getLogger(__name__)


class _Part(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return message.media_group_id is not None


PART: Final = _Part("album part")
"""Messages that belong to an album."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of an album is not looked at.

    Attributes:
        photos: beyond the limit of a person.
        limit: how many photos that is, in ten minutes.
        videos: parts that are no photos.
    """

    photos: int
    limit: int
    videos: int


@dataclass(frozen=True)
class AlbumHandlers:
    """Albums, from their first part to their answer."""

    languages: Languages
    recognizer: Recognizer
    executors: Executors
    photo_rate_limit: PhotoRateLimit
    shared_albums: SharedAlbums | None
    debouncer: Debouncer[Message]
    intake: PhotoIntake
    reactions: Reactions
    photos: PhotoHandlers
    statistics: Statistics
    detached_tasks: DetachedTasks
    errors: ErrorReporter

    async def receive(self, message: Message) -> None:
        """Take one part of an album: it waits for the others."""
        await self.join(message, self.take)

    async def join(self, message: Message, then: Then[Message]) -> None:
        """Put a part to the others of its album, wherever they have come in; ``then`` gets them all."""
        joined = Joined.STORE_AWAY
        if self.shared_albums is not None:
            joined = await self.shared_albums.add(message, UPDATE_ID.get() or 0, then)
        if joined is Joined.STORE_AWAY:
            debounce(self.debouncer, message, (message.chat_id, message.media_group_id), then)
        elif joined is Joined.TOO_LATE:
            await then([message], [UPDATE_ID.get() or 0])

    async def take(self, messages: list[Message], update_ids: Sequence[Held]) -> None:
        """Take an album, all parts of which have come: it waits its turn like a photo."""
        messages.sort(key=lambda message: message.message_id)
        images = [message for message in messages if image_of(message) is not None]
        if not images:
            await self._say_what_helps(messages[0])
            return
        self.reactions.seen(images[0])
        user_id = sender_id(images[0])
        taken = [message for message in images if self.photo_rate_limit.take(user_id)]
        if not taken:
            await self.intake.tell_left_out(images, update_ids)
        elif len(messages) == 1 and (image := image_of(taken[0])) is not None:
            self.photos.take(taken[0], image, user_id, update_ids)
        else:
            left_out = LeftOut(len(images) - len(taken), self.photo_rate_limit.photos, len(messages) - len(images))
            seeing = partial(self.look, taken, left_out, time.monotonic())
            self.intake.put(taken[0], user_id, seeing, update_ids)

    async def _say_what_helps(self, message: Message) -> None:
        """Answer an album without a single photo with one helpful line."""
        language = await self.languages.of(message.chat, message.from_user)
        await self.errors.guard(message, quote_with_text(message, helpful_line(message, texts(language).basics)))

    async def look(self, messages: list[Message], left_out: LeftOut, since: float) -> Deliver:
        """Fetch and look at every photo of an album; what delivers the answer."""
        first = messages[0]
        hold_back_if_crowded(first)
        language = await self.languages.of(first.chat, first.from_user)
        self.detached_tasks.start(indicate_picture(first))
        try:
            seen = [await self._look_at_one(message, since) for message in messages]
            offsets = [message.message_id - first.message_id for message in messages]
            draw = partial(answer_to, seen, offsets, left_out, language, covered=any(map(is_covered, messages)))
            answer = await self.executors.look(draw)
        except TryLater:
            raise
        except Exception as error:
            return partial(photo_answers.reply_failure, self.errors, self.reactions, first, error, language)
        predictions = [recognition.prediction for recognition in seen if recognition is not None]
        return partial(self.deliver, first, answer, predictions, since)

    async def deliver(self, first: Message, answer: Picture, predictions: list[Prediction], since: float) -> None:
        """Send the contact sheet below the album's first photo."""
        await photo_answers.deliver(self.errors, self.reactions, first, answer, predictions)
        for prediction in predictions:
            self.statistics.photo_answered(prediction, 1000 * (time.monotonic() - since))

    async def _look_at_one(self, message: Message, since: float) -> Recognition | None:
        image = image_of(message)
        if image is None:
            return None
        try:
            data = await download_in_time(message.get_bot(), image, since)
            return await self.executors.look(partial(self.recognizer.recognize, data))
        except (PhotoError, ImageGone, FileUnavailable) as error:
            _LOGGER.info("No answer to a photo of an album: %s", error)
            return None


def answer_to(
    seen: list[Recognition | None],
    offsets: list[int],
    left_out: LeftOut,
    language: Language,
    *,
    covered: bool = False,
) -> Picture:
    """Draw the answer to an album; blocks."""
    answers = [None if recognition is None else photo_answers.remembered(recognition) for recognition in seen]
    shown = [None if recognition is None else photo_answers.as_remembered(recognition) for recognition in seen]
    items = [
        None if answer is None else AlbumItem(position, len(answers), answer, _known(offset))
        for position, (answer, offset) in enumerate(zip(answers, offsets, strict=True))
    ]
    return Picture(
        image=contact_sheet(shown, language),
        caption=album_caption(
            answers, language, left_out=left_out.photos, limit=left_out.limit, videos=left_out.videos
        ),
        keyboard=album_keyboard(items),
        covered=covered,
    )


def _known(offset: int) -> int | None:
    return offset if 0 <= offset <= MAX_OFFSET else None


async def show_item(tap: Tap, item: AlbumItem) -> None:
    """Show the percentages of one photo below the contact sheet."""
    items = album_items(tap.message.reply_markup)
    keyboard = album_item_keyboard(item, items, tap.language)
    await change_caption(tap.message, album_item_caption(item, tap.language), keyboard)


async def show_overview(tap: Tap, _: AlbumOverview) -> None:
    """Show what was found in every photo again."""
    items = album_items(tap.message.reply_markup)
    answers = [None if item is None else item.answer for item in items]
    await change_caption(tap.message, album_caption(answers, tap.language), album_keyboard(items))
