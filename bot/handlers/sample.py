"""/sample: a random test image, what the live model takes it for, and what it is."""

import secrets
import unicodedata
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from telegram import Message

from bot.datasets import DataError, TestImages, as_pixels
from bot.handlers.intake import sender_id
from bot.handlers.languages import Languages
from bot.handlers.links import asked_for
from bot.handlers.own_network_offer import OwnNetworkOffer
from bot.handlers.sending import Picture, indicate_picture, reply_photo, reply_text
from bot.handlers.sharing import with_share_button
from bot.handlers.shown_images import ShownImages
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.test_set import TestSet
from bot.registry.store import ModelStore
from bot.replies.callback_data.actions import AnotherSample, OwnSample
from bot.replies.callback_data.gallery import TEST_IMAGES
from bot.replies.captions import sample_caption
from bot.replies.cards.sample import sample_card
from bot.replies.keyboards import sample_keyboard
from bot.replies.messages import no_such_image_text
from bot.replies.texts import Language, texts
from bot.vision.interpreter import ModelError
from bot.vision.recognizer import Recognizer

_MOST_DIGITS: Final = len(str(TEST_IMAGES))


@dataclass(frozen=True)
class SampleHandlers:
    """Single test images."""

    languages: Languages
    models: ModelStore
    recognizer: Recognizer
    executors: Executors
    test_set: TestSet
    shown_images: ShownImages
    own_network_offer: OwnNetworkOffer
    detached_tasks: DetachedTasks

    async def sample(self, message: Message) -> None:
        """Show a random test image, or the one whose number stands behind the command."""
        language = await self.languages.of(message.chat, message.from_user)
        asked = asked_for(message)
        number = number_asked(asked)
        if asked and number is None:
            await reply_text(message, no_such_image_text(asked, language))
            return
        await self.show_a_sample(message, sender_id(message), language, number)

    async def another(self, tap: Tap, _: AnotherSample) -> None:
        """Show another one below."""
        await tap.answer()
        await self.show_a_sample(tap.message, tap.user_id, tap.language)

    async def show_a_sample(
        self, message: Message, user_id: int, language: Language, number: int | None = None
    ) -> None:
        """Classify, draw and send one test image: the one at ``number``, from 0, or a random one."""
        self.detached_tasks.start(indicate_picture(message))
        try:
            test, version = await self.test_set.images(), self.models.live().version
            if number is None:
                number = int(secrets.choice(test.numbers))
            elif not test.has(number):
                await reply_text(message, texts(language).toasts.not_at_hand)
                return
            picture = await self.executors.draw(partial(drawn, self.recognizer, test, number, language))
        except DataError:
            await reply_text(message, texts(language).faults.no_test_images)
        except ModelError:
            await reply_text(message, texts(language).faults.no_model)
        else:
            keyboard = with_share_button(message, picture.keyboard, str(number + 1), language)
            picture = await self.own_network_offer.offer(
                user_id, replace(picture, keyboard=keyboard), OwnSample(number), language
            )
            sent = await reply_photo(message, picture)
            self.shown_images.note(number, language, version, sent)


def number_asked(asked: str) -> int | None:
    """The test image that somebody means by its number from 1, counted from 0; None where there is none."""
    digits = unicodedata.normalize("NFKC", asked).strip().removeprefix("#").replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        return None
    return int(digits) - 1 if 1 <= int(digits) <= TEST_IMAGES else None


def drawn(recognizer: Recognizer, test: TestImages, number: int, language: Language) -> Picture:
    """Classify a test image with the live model and draw it; blocks."""
    place = test.place(number)
    actual = int(test.labels[place])
    prediction = recognizer.classify_pixels(as_pixels(test.images[place]))
    return Picture(
        sample_card(test.images[place], prediction, actual, number, language),
        sample_caption(prediction, actual, number, language, at_hand=len(test)),
        sample_keyboard(language),
    )
