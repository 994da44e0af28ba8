"""/accuracy: how good the live model is, by its card, and measured again on request."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from telegram import Message
from telegram.error import TelegramError

from bot.datasets import DataError
from bot.handlers.errors import ErrorReporter
from bot.handlers.languages import Languages
from bot.handlers.sending import Picture, change_text, indicate_picture, reply_photo, reply_text
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.measuring import Measurement, Measuring
from bot.jobs.test_set import TestSet
from bot.registry.store import ModelStore
from bot.replies.callback_data.actions import MeasureAgain
from bot.replies.captions import accuracy_caption, measured_caption, pairs_caption
from bot.replies.cards.confusion import PairExamples, confusion_card, pairs_card
from bot.replies.confusion import ConfusedPair, confused_pairs
from bot.replies.keyboards import accuracy_keyboard
from bot.replies.messages import measuring_done_text, measuring_text
from bot.replies.texts import Language, texts
from bot.vision.interpreter import ModelError

_LOGGER = logging.getLogger(__name__)

PROGRESS_EVERY_S: Final = 1.5
"""Telegram takes about one edit a second in a chat."""

EXAMPLES: Final = 6
PAST_MODELS: Final = 3
"""Of the history, so many are told."""


class _Progress:
    def __init__(self) -> None:
        self.done = 0

    def note(self, done: int, _: int) -> None:
        self.done = done


@dataclass(frozen=True)
class AccuracyHandlers:
    """Show and measure how good the live model is."""

    languages: Languages
    models: ModelStore
    executors: Executors
    test_set: TestSet
    measuring: Measuring
    detached_tasks: DetachedTasks
    errors: ErrorReporter
    progress_every_s: float = PROGRESS_EVERY_S

    async def accuracy(self, message: Message) -> None:
        """Show what the live model's card says."""
        language = await self.languages.of(message.chat, message.from_user)
        try:
            live = self.models.live()
        except ModelError:
            await reply_text(message, texts(language).faults.no_model)
            return
        past = await asyncio.to_thread(self.models.past, PAST_MODELS)
        confusion = () if live.card is None else live.card.test.confusion
        caption, keyboard = (
            accuracy_caption(live, language, past),
            accuracy_keyboard(confused_pairs(confusion), language),
        )
        if not confusion:
            await reply_text(message, caption, keyboard)
            return
        self.detached_tasks.start(indicate_picture(message))
        image = await self.executors.draw(partial(confusion_card, confusion, language))
        await reply_photo(message, Picture(image, caption, keyboard))

    async def measure_again(self, tap: Tap, _: MeasureAgain) -> None:
        """Measure the live model now, beside everything else."""
        await tap.answer(tap.texts.accuracy.already_measuring if self.measuring.busy else None)
        self.detached_tasks.start(self.errors.guard(tap.message, self.measure(tap.message, tap.language)))

    async def measure(self, message: Message, language: Language) -> None:
        """Show the progress in one message, then the result in two pictures."""
        progress = _Progress()
        try:
            test = await self.test_set.images()
            telling = await reply_text(message, measuring_text(0, len(test), language))
            measuring = asyncio.create_task(self.measuring.measure(progress.note))
            while not measuring.done():
                await asyncio.wait((measuring,), timeout=self.progress_every_s)
                if not measuring.done():
                    await _tell_progress(telling, measuring_text(progress.done, len(test), language))
            measurement = measuring.result()
        except DataError:
            await reply_text(message, texts(language).faults.no_test_images)
            return
        except ModelError:
            await reply_text(message, texts(language).faults.no_model)
            return
        await _tell_progress(telling, measuring_done_text(len(measurement.test), language))
        await self.show_measurement(message, measurement, language)

    async def show_measurement(self, message: Message, measurement: Measurement, language: Language) -> None:
        """Send the confusion matrix and the most confused pairs of a measurement."""
        pairs = confused_pairs(measurement.confusion)
        examples = [examples_of(pair, measurement) for pair in pairs]
        matrix = await self.executors.draw(partial(confusion_card, measurement.confusion, language))
        caption = measured_caption(
            measurement.confusion, measurement.took, language, on_card=measurement.accuracy_on_card
        )
        await reply_photo(message, Picture(matrix, caption, accuracy_keyboard(pairs, language)))
        if pairs:
            drawn = await self.executors.draw(partial(pairs_card, examples, language))
            await reply_photo(message, Picture(drawn, pairs_caption(pairs, language)))
        else:
            await reply_text(message, pairs_caption(pairs, language))


async def _tell_progress(telling: Message, text: str) -> None:
    """Say how far it is, if that works: the result comes in messages of its own, which wait for longer."""
    try:
        await change_text(telling, text)
    except TelegramError as error:
        _LOGGER.info("The progress of a measurement could not be told: %s", error)


def examples_of(pair: ConfusedPair, measurement: Measurement) -> PairExamples:
    """Some of the test images of a frequent mistake."""
    test = measurement.test
    mistaken = (test.labels == pair.actual) & (measurement.predicted == pair.predicted)
    indices: Sequence[int] = np.flatnonzero(mistaken)[:EXAMPLES].tolist()
    return PairExamples(pair, tuple(test.images[index] for index in indices))
