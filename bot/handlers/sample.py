"""/sample: a random test image, what the live model takes it for, and what it is."""

import secrets
from functools import partial

import numpy as np
from numpy.typing import NDArray
from telegram import Message

from bot.dataset import DataError, Split
from bot.handlers.sending import Picture, indicate_picture, say, show
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.replies.callback_data import AnotherSample
from bot.replies.captions import sample_caption
from bot.replies.cards import sample_card
from bot.replies.keyboards import sample_keyboard
from bot.replies.texts import Language, texts
from bot.vision.interpreter import ModelError
from bot.vision.recognizer import Recognizer


async def sample(services: Services, message: Message) -> None:
    """Show a random test image."""
    language = await services.languages.of(message.chat, message.from_user)
    await show_a_sample(services, message, language)


async def another(services: Services, tap: Tap, _: AnotherSample) -> None:
    """Show another one below."""
    await tap.answer()
    await show_a_sample(services, tap.message, tap.language)


async def show_a_sample(services: Services, message: Message, language: Language) -> None:
    """Pick, classify, draw and send one test image."""
    services.errands.start(indicate_picture(message))
    try:
        test = await services.test_set.images()
        index = secrets.randbelow(len(test))
        picture = await services.workshop.draw(partial(drawn, services.recognizer, test, index, language))
    except DataError:
        await say(message, texts(language).faults.no_test_images)
    except ModelError:
        await say(message, texts(language).faults.no_model)
    else:
        await show(message, picture)


def drawn(recognizer: Recognizer, test: Split, index: int, language: Language) -> Picture:
    """Classify a test image with the live model and draw it; blocks."""
    actual = int(test.labels[index])
    prediction = recognizer.classify_pixels(pixels_of(test, index))
    return Picture(
        sample_card(test.images[index], prediction, actual, index, language),
        sample_caption(prediction, actual, index, language),
        sample_keyboard(language),
    )


def pixels_of(test: Split, index: int) -> NDArray[np.float32]:
    """A test image as the model takes it: float32 [28, 28], 0..1, garment bright on black."""
    return np.asarray(test.images[index], np.float32) / np.float32(255)
