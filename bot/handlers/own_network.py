"""One's own network beside the bot: on test images, on sheets of them, and on a photo."""

import logging
import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from telegram import InlineKeyboardMarkup, Message
from telegram.ext import filters

from bot.course.own_network import OwnNetwork
from bot.course.recorded_runs import Lessons, course_pixels
from bot.course.train.duel import own_photo_card, own_sample_card
from bot.course.train.keyboards import (
    none_wrong_keyboard,
    own_gallery_item_keyboard,
    own_gallery_keyboard,
    own_photo_keyboard,
    own_sample_keyboard,
)
from bot.course.train.words import (
    ask_photo_text,
    is_about_own_network,
    is_own_photo_answer,
    own_gallery_caption,
    own_photo_caption,
    own_sample_caption,
)
from bot.datasets import DataError, TestImages, as_pixels
from bot.handlers import photo_answers
from bot.handlers.course_pictures import RECORDED
from bot.handlers.errors import ErrorReporter
from bot.handlers.images import (
    ImageGone,
    SentImage,
    download_in_time,
    download_while_somebody_waits,
    image_of,
    is_covered,
    is_ours,
)
from bot.handlers.intake import PhotoIntake, sender_id
from bot.handlers.kept_network import kept_network
from bot.handlers.languages import Languages
from bot.handlers.reactions import Reactions
from bot.handlers.sending import (
    Picture,
    ask_for_reply,
    change_picture,
    hold_back_if_crowded,
    indicate_picture,
    quote_with_photo,
    quote_with_text,
    reply_photo,
    reply_text,
)
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.photo_queue import Deliver, TryLater
from bot.jobs.test_set import TestSet
from bot.replies.callback_data.actions import (
    OwnGallery,
    OwnGalleryItem,
    OwnGallerySheet,
    OwnPhoto,
    OwnSample,
    TrainPanel,
)
from bot.replies.callback_data.answer import version_tag
from bot.replies.callback_data.gallery import EVERY_IMAGE, GALLERY_SIZE, Gallery, GalleryChoice
from bot.replies.cards.gallery import gallery_sheet
from bot.replies.keyboards import actions_of
from bot.replies.texts import Language, texts
from bot.replies.texts.train import train_texts
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage
from bot.vision.interpreter import ModelError
from bot.vision.photo import PhotoError
from bot.vision.recognizer import Recognition, Recognizer

_LOGGER = logging.getLogger(__name__)
_CHANCE: Final = random.SystemRandom()


class _AskedOfIt(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        answered = message.reply_to_message
        if answered is None or image_of(message) is None or message.media_group_id is not None:
            return False
        return is_ours(answered) and is_about_own_network(answered.text or answered.caption or "")


ASKED_OF_IT: Final = _AskedOfIt("a photo for one's own network")
"""A photo in reply to a training, or to the question for a photo."""


@dataclass(frozen=True)
class OwnNetworkHandlers:
    """One's own network beside the bot."""

    languages: Languages
    storage: Storage
    recognizer: Recognizer
    executors: Executors
    test_set: TestSet
    intake: PhotoIntake
    reactions: Reactions
    detached_tasks: DetachedTasks
    errors: ErrorReporter

    async def sample(self, tap: Tap, asked: OwnSample) -> None:
        """Ask both about a test image."""
        if (both := await self._own_and_test_images(tap)) is None:
            return
        own, test = both
        following = int(secrets.choice(test.numbers))
        keyboard = own_sample_keyboard(following, tap.language)
        await self._put_test_image(tap, own, test, asked.image, keyboard)

    async def gallery(self, tap: Tap, asked: OwnGallery) -> None:
        """Make a new sheet."""
        if (both := await self._own_and_test_images(tap)) is None:
            return
        own, test = both
        await tap.answer()
        choice: Sequence[int] = test.numbers.tolist()
        if asked.only_wrong:
            choice = await self.executors.draw(partial(wrong_ones, own, test))
            if not choice:
                await reply_text(
                    tap.message, train_texts(tap.language).own.none_wrong, none_wrong_keyboard(tap.language)
                )
                return
        images = sorted(_CHANCE.sample(choice, min(GALLERY_SIZE, len(choice))))
        made = Gallery(tuple(images), tag_of(own), GalleryChoice(asked.only_wrong))
        wrong_in_all = len(choice) if asked.only_wrong else None
        await _put(tap, await self._sheet(made, test, tap.language, wrong_in_all))

    async def show_sheet(self, tap: Tap, asked: OwnGallerySheet) -> None:
        """Show a sheet again, or the bot's own sheet for one's own network."""
        if (both := await self._own_and_test_images(tap)) is None:
            return
        own, test = both
        if not test.has(*asked.gallery.images):
            await tap.answer(tap.texts.toasts.not_at_hand, alert=True)
            return
        await tap.answer()
        shown, wrong_in_all = asked.gallery, None
        if shown.choice.only_wrong and shown.version_tag == tag_of(own):
            wrong_in_all = len(await self.executors.draw(partial(wrong_ones, own, test)))
        else:  # what an earlier network got wrong says nothing of this one
            shown = replace(shown, choice=EVERY_IMAGE)
        await _put(tap, await self._sheet(shown, test, tap.language, wrong_in_all))

    async def show_item(self, tap: Tap, asked: OwnGalleryItem) -> None:
        """Ask both about one image of a sheet."""
        if (both := await self._own_and_test_images(tap)) is None:
            return
        own, test = both
        keyboard = own_gallery_item_keyboard(asked, tap.language)
        await self._put_test_image(tap, own, test, asked.gallery.images[asked.position], keyboard)

    async def ask_photo(self, tap: Tap, _: OwnPhoto) -> None:
        """Ask both about the photo that the message replies to; where that is done, or without one, ask for one."""
        own = await self._own_of(tap)
        if own is None:
            return
        await tap.answer()
        about = tap.message.reply_to_message
        is_asked_already = is_own_photo_answer(tap.message.caption or "")
        image = None if about is None or is_ours(about) or is_asked_already else image_of(about)
        if about is None or image is None:
            await ask_for_reply(tap.message, ask_photo_text(tap.language))
            return
        try:
            data = await download_while_somebody_waits(tap.message.get_bot(), image)
            recognition = await self.executors.look(partial(self.recognizer.recognize, data))
        except (ImageGone, PhotoError, ModelError) as error:
            await quote_with_text(about, photo_answers.failure_text(error, tap.language) or tap.texts.faults.photo_gone)
            return
        draw = partial(photo_picture, own, recognition, tap.language)
        picture = await self.executors.draw(draw)
        await quote_with_photo(about, replace(picture, covered=tap.is_covered))

    async def receive(self, message: Message) -> None:
        """Take a photo for one's own network: it waits its turn like every other."""
        image = image_of(message)
        if image is None:
            return
        self.reactions.seen(message)
        if not self.intake.admit(message):
            return
        user_id = sender_id(message)
        looking = partial(self._look, message, image, user_id, time.monotonic())
        self.intake.put(message, user_id, looking)

    async def _look(self, message: Message, image: SentImage, user_id: int, since: float) -> Deliver:
        """Fetch a photo and ask both; what delivers their answers."""
        hold_back_if_crowded(message)
        language = await self.languages.of(message.chat, message.from_user)
        self.detached_tasks.start(indicate_picture(message))
        try:
            own = await kept_network(self.storage, user_id)
            if own is None:
                return partial(self._say, message, train_texts(language).toasts.none)
            data = await download_in_time(message.get_bot(), image, since)
            recognition = await self.executors.look(partial(self.recognizer.recognize, data))
            picture = await self.executors.look(partial(photo_picture, own, recognition, language))
        except TryLater:
            raise
        except StoreUnavailable:
            return partial(self._say, message, texts(language).faults.store_away)
        except Exception as error:
            return partial(photo_answers.reply_failure, self.errors, self.reactions, message, error, language)
        picture = replace(picture, covered=is_covered(message))
        shown = [recognition.prediction]
        return partial(photo_answers.deliver, self.errors, self.reactions, message, picture, shown)

    async def _say(self, message: Message, text: str) -> None:
        await self.errors.guard(message, quote_with_text(message, text))
        self.reactions.change(message, None)

    async def _own_of(self, tap: Tap) -> OwnNetwork | None:
        """The network of whoever tapped; without one they are told so."""
        try:
            own = await kept_network(self.storage, tap.user_id)
        except StoreUnavailable:
            await tap.answer(tap.texts.faults.store_away, alert=True)
            return None
        if own is None:
            await tap.answer(train_texts(tap.language).toasts.none, alert=True)
        return own

    async def _own_and_test_images(self, tap: Tap) -> tuple[OwnNetwork, TestImages] | None:
        own = await self._own_of(tap)
        if own is None:
            return None
        try:
            return own, await self.test_set.images()
        except DataError:
            await tap.answer(tap.texts.faults.no_test_images, alert=True)
            return None

    async def _put_test_image(
        self, tap: Tap, own: OwnNetwork, test: TestImages, index: int, keyboard: InlineKeyboardMarkup
    ) -> None:
        if not test.has(index):
            await tap.answer(tap.texts.toasts.not_at_hand, alert=True)
            return
        await tap.answer()
        draw = partial(test_image_picture, own, self.recognizer, test, index, keyboard, tap.language)
        try:
            picture = await self.executors.draw(draw)
        except ModelError:
            await reply_text(tap.message, tap.texts.faults.no_model)
            return
        await _put(tap, picture)

    async def _sheet(self, shown: Gallery, test: TestImages, language: Language, wrong_in_all: int | None) -> Picture:
        words = train_texts(language).pictures
        title = words.gallery_wrong if shown.choice.only_wrong else words.gallery
        images = [test.images[test.place(number)] for number in shown.images]
        image = await self.executors.draw(partial(gallery_sheet, images, None, title))
        caption = own_gallery_caption(len(images), language, wrong_in_all=wrong_in_all, at_hand=len(test))
        return Picture(image, caption, own_gallery_keyboard(shown, language))


def tag_of(own: OwnNetwork) -> str:
    """Six characters that change when it is trained again."""
    return version_tag(repr(own.epochs))


def wrong_ones(own: OwnNetwork, test: TestImages) -> list[int]:
    """The test images that a network gets wrong; blocks."""
    said = [
        own.probabilities(as_pixels(test.images[begin : begin + 1000])).argmax(axis=1)
        for begin in range(0, len(test), 1000)
    ]
    wrong: list[int] = test.numbers[np.concatenate(said) != test.labels].tolist()
    return wrong


def test_image_picture(
    own: OwnNetwork,
    recognizer: Recognizer,
    test: TestImages,
    index: int,
    keyboard: InlineKeyboardMarkup,
    language: Language,
) -> Picture:
    """Ask both about a test image and draw their answers; blocks."""
    place = test.place(index)
    actual, pixels = int(test.labels[place]), as_pixels(test.images[place])
    said = shares(own, pixels)
    bot = recognizer.classify_pixels(pixels)
    return Picture(
        own_sample_card(test.images[place], said, bot, actual, language),
        own_sample_caption(said, bot, actual, index, language, at_hand=len(test)),
        keyboard,
    )


def photo_picture(own: OwnNetwork, recognition: Recognition, language: Language) -> Picture:
    """Ask one's own network about a photo, as the course would, and draw both answers; blocks."""
    pixels = course_pixels(recognition.photo.pixels)
    said = shares(own, pixels)
    measured = Lessons.read(RECORDED).photos
    return Picture(
        own_photo_card(recognition.photo.pixels, pixels, recognition.pixels, said, recognition.prediction, language),
        own_photo_caption(said, recognition.prediction, measured, language),
        own_photo_keyboard(language),
    )


def shares(own: OwnNetwork, pixels: np.ndarray) -> tuple[float, ...]:
    """Ten probabilities for one picture, float32 [28, 28], 0..1."""
    return tuple(map(float, own.probabilities(pixels[None])[0]))


async def _put(tap: Tap, picture: Picture) -> None:
    """Change a picture of ours; below a training, whose curve shall stay, show a new one."""
    if tap.message.photo and not _is_training(tap.message):
        await change_picture(tap.message, picture)
    else:
        await reply_photo(tap.message, picture)


def _is_training(message: Message) -> bool:
    return any(isinstance(action, TrainPanel) for action in actions_of(message.reply_markup))
