"""The main story: somebody sends a photo, waits a moment, and gets one honest answer.

Receive, look, answer. Receiving only queues, so the bot goes on listening; looking happens in a thread, when it is
this person's turn; answering happens beside it.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from telegram import Message
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import filters

from bot.handlers.errors import ErrorReporter, nobody_is_there
from bot.handlers.images import (
    ImageGone,
    SentImage,
    ServerFilesUnreadable,
    download_in_time,
    image_of,
    is_covered,
    photo_meant,
)
from bot.handlers.intake import PhotoIntake, sender_id
from bot.handlers.languages import Languages
from bot.handlers.own_network_offer import OwnNetworkOffer
from bot.handlers.reactions import Reactions
from bot.handlers.recent_photos import RecentPhotos
from bot.handlers.sending import (
    ANSWERED,
    ANSWERED_UNSURELY,
    Picture,
    hold_back_if_crowded,
    indicating_picture,
    quote_with_photo,
    quote_with_text,
)
from bot.handlers.sharing import keep_answer, with_answer_shared
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.photo_queue import Deliver, TryLater
from bot.monitoring.statistics import Statistics
from bot.replies.callback_data.actions import OwnPhoto
from bot.replies.callback_data.answer import Answer
from bot.replies.captions import photo_caption
from bot.replies.cards.photo import photo_card
from bot.replies.keyboards import photo_keyboard
from bot.replies.messages import download_failed_text, problem_text
from bot.replies.texts import Language, texts
from bot.storage.storage import Storage
from bot.updates.tracker import Held
from bot.vision.classifier import ModelError
from bot.vision.photo import PhotoError
from bot.vision.prediction import Prediction, Verdict
from bot.vision.recognizer import Recognition, Recognizer

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


@dataclass(frozen=True)
class PhotoHandlers:
    """Receive, look, answer."""

    languages: Languages
    storage: Storage
    recognizer: Recognizer
    executors: Executors
    recent_photos: RecentPhotos
    own_network_offer: OwnNetworkOffer
    intake: PhotoIntake
    reactions: Reactions
    statistics: Statistics
    detached_tasks: DetachedTasks
    errors: ErrorReporter

    async def receive(self, message: Message) -> None:
        """Take a photo, or a file that may be one: it waits its turn."""
        image = image_of(message)
        if image is None:
            return
        self.reactions.seen(message)
        self.recent_photos.note(message)
        self.take_within_limit(message, message, image)

    def take_within_limit(self, asking: Message, photo: Message, image: SentImage) -> None:
        """Let a photo wait its turn, unless whoever asks has sent too many.

        Args:
            asking: the message of whoever asks.
            photo: the message to answer; in a group it may be somebody else's.
            image: its image.
        """
        if self.intake.admit(asking):
            self.take(photo, image, sender_id(asking))

    def take(self, message: Message, image: SentImage, user_id: int, update_ids: Sequence[Held] | None = None) -> None:
        """Let one photo wait its turn among those that this user asked about."""
        seeing = partial(self.look, message, image, user_id, time.monotonic())
        self.intake.put(message, user_id, seeing, update_ids)

    async def look(self, message: Message, image: SentImage, user_id: int, since: float) -> Deliver:
        """Fetch one photo that this user asked about and look at it; what delivers the answer."""
        hold_back_if_crowded(message)
        language = await self.languages.of(message.chat, message.from_user)
        timing = self.statistics.metrics.timing
        try:
            async with indicating_picture(message):
                with timing("download"):
                    data = await download_in_time(message.get_bot(), image, since)
                with timing("look"):
                    recognition = await self.executors.look(partial(self.recognizer.recognize, data))
                with timing("draw"):
                    draw = partial(picture_of, recognition, language, covered=is_covered(message))
                    seen = await self.executors.look(draw)
                if message.chat.type == ChatType.PRIVATE:
                    if recognition.garments:
                        keyboard = with_answer_shared(message, seen.keyboard, language, covered=seen.covered)
                        seen = replace(seen, keyboard=keyboard)
                    seen = await self.own_network_offer.offer(message.chat_id, seen, OwnPhoto(), language)
        except TryLater:
            raise
        except Exception as error:
            return partial(reply_failure, self.errors, self.reactions, message, error, language)
        return partial(self.answer, message, seen, recognition.prediction, user_id, since)

    async def answer(self, message: Message, seen: Picture, prediction: Prediction, user_id: int, since: float) -> None:
        """Send the card below the photo; only on the photo of whoever asked there is a reaction to change."""
        if user_id == sender_id(message):
            sending = self._answer_own(message, seen, prediction)
        else:
            sending = quote_with_photo(message, seen)
        with self.statistics.metrics.timing("send"):
            await self.errors.guard(message, sending)
        self.statistics.photo_answered(prediction, 1000 * (time.monotonic() - since))

    async def _answer_own(self, message: Message, seen: Picture, prediction: Prediction) -> Message:
        sent = await quote_and_react(self.reactions, message, seen, [prediction])
        if prediction.verdict is not Verdict.NO_GARMENT or prediction.other_clothing:
            self.detached_tasks.start(keep_answer(self.storage, sent, seen))
        return sent


async def quote_and_react(
    reactions: Reactions, message: Message, picture: Picture, predictions: Sequence[Prediction]
) -> Message:
    """Answer a photo, and react to it when the answer has been sent.

    Args:
        reactions: does the reacting.
        message: with the photo.
        picture: the answer.
        predictions: what the answer says; one that names two candidates makes it an unsure one.
    """
    sent = await quote_with_photo(message, picture)
    unsure = any(each.verdict is Verdict.UNSURE and not each.likely for each in predictions)
    reactions.change(message, ANSWERED_UNSURELY if unsure else ANSWERED)
    return sent


async def deliver(
    errors: ErrorReporter,
    reactions: Reactions,
    message: Message,
    picture: Picture,
    predictions: Sequence[Prediction],
) -> None:
    """:func:`quote_and_react`, where what goes wrong meanwhile is told as in a handler."""
    await errors.guard(message, quote_and_react(reactions, message, picture, predictions))


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


async def reply_failure(
    errors: ErrorReporter, reactions: Reactions, message: Message, error: Exception, language: Language
) -> None:
    """Say why there is no answer to a photo, which nobody looks at any more."""
    said = failure_text(error, language)
    if isinstance(error, TelegramError) and not nobody_is_there(error):
        said = download_failed_text(errors.note(error), language)
    elif isinstance(error, ServerFilesUnreadable):
        errors.note(error)
    if said is None:
        await errors.apologise(message, error)
    else:
        _LOGGER.info("No answer to a photo: %s", error)
        await errors.guard(message, quote_with_text(message, said))
    reactions.change(message, None)


def failure_text(error: Exception, language: Language) -> str | None:
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
