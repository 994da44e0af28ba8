"""The main story: somebody sends a photo, waits a moment, and gets one honest answer.

Receive, look, answer. Receiving only queues, so the bot goes on listening; looking happens in a thread, when it is
this person's turn; answering happens beside it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from telegram import Message
from telegram.constants import ChatType
from telegram.ext import filters

from bot.handlers.errors import ErrorReporter
from bot.handlers.images import (
    SentImage,
    download_in_time,
    image_of,
    is_covered,
    photo_meant,
)
from bot.handlers.intake import PhotoIntake, sender_id
from bot.handlers.languages import Languages
from bot.handlers.own_network_offer import OwnNetworkOffer
from bot.handlers.photo_answers import picture_of, quote_and_react, reply_failure
from bot.handlers.reactions import Reactions
from bot.handlers.recent_photos import RecentPhotos
from bot.handlers.sending import (
    Picture,
    hold_back_if_crowded,
    indicating_picture,
    quote_with_photo,
)
from bot.handlers.sharing import keep_answer, with_answer_shared
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.photo_queue import Deliver, TryLater
from bot.monitoring.statistics import Statistics
from bot.replies.callback_data.actions import OwnPhoto
from bot.storage.storage import Storage
from bot.updates.tracker import Held
from bot.vision.prediction import Prediction, Verdict
from bot.vision.recognizer import Recognizer


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
