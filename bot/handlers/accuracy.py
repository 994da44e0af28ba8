"""/accuracy: how good the live model is, by its card, and measured again on request."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from telegram import Message

from bot.dataset import DataError, Split
from bot.handlers.errors import guard
from bot.handlers.sending import Picture, change_text, indicate_picture, say, show
from bot.handlers.services import Services
from bot.handlers.taps import Tap
from bot.replies.callback_data import MeasureAgain
from bot.replies.captions import accuracy_caption, measured_caption, pairs_caption
from bot.replies.cards import PairExamples, confusion_card, pairs_card
from bot.replies.confusion import ConfusedPair, confused_pairs
from bot.replies.keyboards import accuracy_keyboard
from bot.replies.messages import measuring_done_text, measuring_text
from bot.replies.texts import Language, texts
from bot.serving.measuring import Measurement
from bot.vision.interpreter import ModelError
from bot.vision.model_store import LiveModel

PROGRESS_EVERY_S: Final = 1.5
"""Telegram takes about one edit a second in a chat."""

EXAMPLES: Final = 6
PAST_MODELS: Final = 3
"""Of the history, so many are told."""


async def accuracy(services: Services, message: Message) -> None:
    """Show what the live model's card says."""
    language = await services.languages.of(message.chat, message.from_user)
    try:
        live = services.models.live()
    except ModelError:
        await say(message, texts(language).faults.no_model)
        return
    past = await asyncio.to_thread(services.models.past, PAST_MODELS)
    caption, keyboard = accuracy_caption(live, language, past), accuracy_keyboard(language)
    confusion = () if live.card is None else live.card.test.confusion
    if not confusion:
        await say(message, caption, keyboard)
        return
    services.errands.start(indicate_picture(message))
    image = await services.workshop.draw(partial(confusion_card, confusion, language))
    await show(message, Picture(image, caption, keyboard))


async def measure_again(services: Services, tap: Tap, _: MeasureAgain) -> None:
    """Measure the live model now, beside everything else."""
    await tap.answer(tap.texts.accuracy.already_measuring if services.measuring.busy else None)
    services.errands.start(guard(services, tap.message, measure(services, tap.message, tap.language)))


async def measure(services: Services, message: Message, language: Language) -> None:
    """Show the progress in one message, then the result in two pictures."""
    progress = _Progress()
    try:
        test = await services.test_set.images()
        telling = await say(message, measuring_text(0, len(test), language))
        measuring = asyncio.create_task(services.measuring.measure(progress.note))
        while not measuring.done():
            await asyncio.wait((measuring,), timeout=PROGRESS_EVERY_S)
            if not measuring.done():
                await change_text(telling, measuring_text(progress.done, len(test), language))
        measurement = measuring.result()
    except DataError:
        await say(message, texts(language).faults.no_test_images)
        return
    except ModelError:
        await say(message, texts(language).faults.no_model)
        return
    await change_text(telling, measuring_done_text(len(test), language))
    await show_measurement(services, message, measurement, test, language)


async def show_measurement(
    services: Services, message: Message, measurement: Measurement, test: Split, language: Language
) -> None:
    """Send the confusion matrix and the most confused pairs of a measurement."""
    pairs = confused_pairs(measurement.confusion)
    examples = [examples_of(pair, measurement, test) for pair in pairs]
    matrix = await services.workshop.draw(partial(confusion_card, measurement.confusion, language))
    caption = measured_caption(
        measurement.confusion, measurement.took, language, on_card=accuracy_on_card(measurement.live)
    )
    await show(message, Picture(matrix, caption, accuracy_keyboard(language)))
    if pairs:
        drawn = await services.workshop.draw(partial(pairs_card, examples, language))
        await show(message, Picture(drawn, pairs_caption(pairs, language)))
    else:
        await say(message, pairs_caption(pairs, language))


def examples_of(pair: ConfusedPair, measurement: Measurement, test: Split) -> PairExamples:
    """Some of the test images of a frequent mistake."""
    mistaken = (test.labels == pair.actual) & (measurement.predicted == pair.predicted)
    indices: Sequence[int] = np.flatnonzero(mistaken)[:EXAMPLES].tolist()
    return PairExamples(pair, tuple(test.images[index] for index in indices))


def accuracy_on_card(live: LiveModel) -> float | None:
    """The test accuracy that the card states, if it is this file's card."""
    return live.card.test.accuracy if live.card is not None and live.card_matches else None


class _Progress:
    def __init__(self) -> None:
        self.done = 0

    def note(self, done: int, _: int) -> None:
        self.done = done
