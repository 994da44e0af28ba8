"""What the bot offers somebody who writes its name in another chat: their last answer, or a test image.

A number asks for that test image, a class for one of it; anything else for the last answer and a test image. Nothing
can be uploaded there: Telegram takes a picture that the bot has sent before, or fetches one by its address. So a test
image that was not shown lately is a picture where the bot has an https address, and words where it has none; a random
one is then one of those that were shown.
"""

import html
import logging
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from telegram import (
    InlineQuery,
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultPhoto,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Message,
)
from telegram.constants import ParseMode
from telegram.ext import filters
from telegram.helpers import create_deep_linked_url

from bot.card_links import card_link
from bot.datasets import DataError, TestImages, as_pixels
from bot.handlers.errors import ErrorReporter, nobody_is_there
from bot.handlers.languages import Languages
from bot.handlers.sample import number_asked
from bot.handlers.shown_images import ShownImages
from bot.jobs.executors import Executors
from bot.jobs.test_set import TestSet
from bot.registry.store import ModelStore
from bot.replies.captions import sample_caption
from bot.replies.cards.sample import SAMPLE_HEIGHT, SAMPLE_WIDTH
from bot.replies.keyboards import link_keyboard
from bot.replies.messages import shared_image_facts, shared_image_title
from bot.replies.texts import Language, texts
from bot.replies.words import class_named
from bot.storage.errors import StoreUnavailable
from bot.storage.last_answers import LastAnswer
from bot.storage.storage import Storage
from bot.vision.interpreter import ModelError
from bot.vision.recognizer import Recognizer

_LOGGER = logging.getLogger(__name__)

START: Final = "photo"
"""What the button above the results opens the private chat with; it names no command, so it is /start."""

_LONGEST_LINE: Final = 100


class _SentWithUs(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return message.via_bot is not None and message.via_bot.id == message.get_bot().id


SENT_WITH_US: Final = _SentWithUs("sent with the bot's help")
"""What somebody sends of what the bot has offered: a card is no photo of clothes."""


@dataclass(frozen=True, slots=True)
class _Image:
    """A test image in words: HTML, its facts in one plain line, and the version of the model that was asked."""

    number: int
    caption: str
    facts: str
    version: str


@dataclass(frozen=True)
class InlineHandlers:
    """What is offered in other chats.

    Attributes:
        page_url: where the page inside Telegram is, and below it what Telegram may fetch; None where there is none.
    """

    page_url: str | None
    languages: Languages
    storage: Storage
    models: ModelStore
    recognizer: Recognizer
    executors: Executors
    test_set: TestSet
    shown_images: ShownImages
    errors: ErrorReporter

    async def answer(self, query: InlineQuery) -> None:
        """Offer what fits; kept by Telegram for nobody, since what is offered is the person's own."""
        language = await self.languages.of_person(query.from_user)
        said = texts(language).sharing
        try:
            await query.answer(
                await self._results(query, language),
                cache_time=0,
                is_personal=True,
                button=InlineQueryResultsButton(said.send_photo, start_parameter=START),
            )
        except Exception as error:  # nobody waits for words about it: Telegram shows an empty list
            if nobody_is_there(error):
                _LOGGER.info("An inline query could not be answered in time: %s", error)
            else:
                self.errors.note(error)

    async def _results(self, query: InlineQuery, language: Language) -> list[InlineQueryResult]:
        number, label = number_asked(query.query), class_named(query.query)
        results: list[InlineQueryResult] = []
        if number is None and label is None:
            last = await self._last_answer(query.from_user.id)
            results += [] if last is None else [_answer_result(last, query, language)]
        try:
            test = await self.test_set.at_hand()
            shown = self.shown_images.numbers(language, self.models.live().version)
            chosen = _chosen(test, number, None if number is not None else label, () if self.page_url else shown)
            image = await self.executors.draw(partial(self._described, test, chosen, language))
        except (DataError, ModelError) as error:
            _LOGGER.info("No test image is offered: %s", error)
            return results
        file_id = self.shown_images.of(image.number, language, image.version)
        link = None
        if self.page_url is not None:
            token = query.get_bot().token
            link = card_link(self.page_url, token, image.number + 1, language.value, image.version)
        return [*results, _image_result(image, file_id, link, query, language)]

    async def _last_answer(self, user_id: int) -> LastAnswer | None:
        try:
            return await self.storage.run(self.storage.last_answers.of, user_id)
        except StoreUnavailable:
            return None

    def _described(self, test: TestImages, number: int, language: Language) -> _Image:
        """Classify a test image; blocks."""
        version, place = self.models.live().version, test.place(number)
        actual, said = int(test.labels[place]), self.recognizer.classify_pixels(as_pixels(test.images[place]))
        caption = sample_caption(said, actual, number, language, at_hand=len(test))
        return _Image(number, caption, shared_image_facts(said.label, actual, language), version)


def _chosen(test: TestImages, number: int | None, label: int | None, preferred: Collection[int]) -> int:
    """The image asked for, where it is at hand, else a random one of the class asked for, else any.

    Args:
        test: the images at hand.
        number: what was asked for, from 0.
        label: the class asked for.
        preferred: numbers of images that a random one is chosen from where they fit.
    """
    if number is not None and test.has(number):
        return number
    of_class = test.numbers if label is None else test.numbers[test.labels == label]
    fitting = of_class if len(of_class) else test.numbers
    best = fitting[np.isin(fitting, list(preferred))]
    return int(secrets.choice(best if len(best) else fitting))


def _answer_result(last: LastAnswer, query: InlineQuery, language: Language) -> InlineQueryResult:
    said = texts(language).sharing
    return InlineQueryResultCachedPhoto(
        "answer",
        last.file_id,
        title=said.last_answer,
        description=_first_line(last.caption),
        caption=last.caption,
        parse_mode=ParseMode.HTML,
        reply_markup=link_keyboard(said.try_it, _link(query, START)),
    )


def _image_result(
    image: _Image, file_id: str | None, link: str | None, query: InlineQuery, language: Language
) -> InlineQueryResult:
    identity, title = f"image-{image.number}", shared_image_title(image.number, language)
    button = link_keyboard(texts(language).sharing.see_it, _link(query, f"sample_{image.number + 1}"))
    if file_id is not None:
        return InlineQueryResultCachedPhoto(
            identity,
            file_id,
            title=title,
            description=image.facts,
            caption=image.caption,
            parse_mode=ParseMode.HTML,
            reply_markup=button,
        )
    if link is not None:
        return InlineQueryResultPhoto(
            identity,
            photo_url=link,
            thumbnail_url=link,
            photo_width=SAMPLE_WIDTH,
            photo_height=SAMPLE_HEIGHT,
            title=title,
            description=image.facts,
            caption=image.caption,
            parse_mode=ParseMode.HTML,
            reply_markup=button,
        )
    words = InputTextMessageContent(f"<b>{html.escape(title)}</b>\n{image.caption}", parse_mode=ParseMode.HTML)
    return InlineQueryResultArticle(identity, title, words, description=image.facts, reply_markup=button)


def _link(query: InlineQuery, payload: str) -> str:
    return create_deep_linked_url(query.get_bot().username, payload)


def _first_line(caption: str) -> str:
    """The first line of a caption, plain."""
    line = html.unescape(re.sub(r"<[^>]*>", "", caption.partition("\n")[0]))
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
