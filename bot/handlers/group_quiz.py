"""/quiz in a group: Telegram's own quiz, with the picture above and the model's bars in the explanation.

Who was right is counted for a day, over everybody, against the model; the next picture's question says how it stands.
"""

import contextlib
import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from telegram import InputMediaPhoto, Message, PollAnswer
from telegram.constants import ParseMode, PollType

from bot.datasets import DataError, TestImages, as_pixels
from bot.handlers.languages import Languages
from bot.handlers.sending import quoting, reply_text, thread_id
from bot.handlers.taps import Tap
from bot.jobs.executors import Executors
from bot.jobs.test_set import TestSet
from bot.replies.callback_data.actions import QuizPoll
from bot.replies.cards.sample import sample_card
from bot.replies.quiz.card import picture_card
from bot.replies.quiz.keyboards import poll_keyboard
from bot.replies.quiz.words import poll_explanation, poll_question
from bot.replies.texts import Language, texts
from bot.replies.texts.quiz import quiz_texts
from bot.replies.words import class_name
from bot.storage.errors import StoreUnavailable
from bot.storage.quizzes import AskedPicture, GroupScore
from bot.storage.storage import Storage
from bot.vision.interpreter import ModelError
from bot.vision.labels import CLASS_COUNT
from bot.vision.recognizer import Recognizer

_LOGGER = logging.getLogger(__name__)

PAUSE: Final = timedelta(seconds=5)
"""Between two pictures: everybody may ask for the next one, and they all tap at the same time."""


@dataclass(frozen=True, slots=True)
class Question:
    """A picture to ask about.

    Attributes:
        image: index of the test image.
        label: its true class, 0-9.
        model_right: whether the model is right.
        picture: JPEG, the image enlarged.
        answer: JPEG, the model's bars.
        explanation: HTML.
    """

    image: int
    label: int
    model_right: bool
    picture: bytes
    answer: bytes
    explanation: str


@dataclass(frozen=True)
class GroupQuizHandlers:
    """Quizzes in groups, and their score."""

    languages: Languages
    storage: Storage
    recognizer: Recognizer
    executors: Executors
    test_set: TestSet

    async def quiz(self, message: Message) -> None:
        """Ask a group about a picture."""
        language = await self.languages.of(message.chat, message.from_user)
        try:
            await self.ask(message, await self.score_of(message), language)
        except DataError:
            await reply_text(message, texts(language).faults.no_test_images)
        except ModelError:
            await reply_text(message, texts(language).faults.no_model)

    async def following(self, tap: Tap, _: QuizPoll) -> None:
        """Ask about another picture, unless one was asked about just now."""
        score = await self.score_of(tap.message)
        if score.latest is not None and datetime.now(UTC) - score.latest < PAUSE:
            await tap.answer(quiz_texts(tap.language).just_asked)
            return
        try:
            await self.ask(tap.message, score, tap.language)
        except DataError:
            await tap.answer(tap.texts.faults.no_test_images, alert=True)
        except ModelError:
            await tap.answer(tap.texts.faults.no_model, alert=True)

    async def count(self, answer: PollAnswer) -> None:
        """Count a guess; without the store, it is not counted."""
        person = answer.user or answer.voter_chat
        if person is None or not answer.option_ids:
            return
        try:
            await self.storage.run(self.storage.quizzes.guessed, answer.poll_id, person.id, answer.option_ids[0])
        except StoreUnavailable as error:
            _LOGGER.warning("A guess was not counted: %s", error)

    async def ask(self, message: Message, score: GroupScore, language: Language) -> None:
        """Send a quiz about a random test image.

        Raises:
            DataError: the test images cannot be had.
            ModelError: there is no model, or it fails.
        """
        test = await self.test_set.images()
        asked = await self.executors.draw(partial(question, self.recognizer, test, language))
        sent = await message.reply_poll(
            poll_question(score.questions, score.model_right, score.answers, score.right, language),
            [class_name(label, language) for label in range(CLASS_COUNT)],
            is_anonymous=False,
            type=PollType.QUIZ,
            correct_option_ids=[asked.label],  # type: ignore[list-item]
            explanation=asked.explanation,
            explanation_parse_mode=ParseMode.HTML,
            media=InputMediaPhoto(asked.picture, filename="question.jpg"),
            explanation_media=InputMediaPhoto(asked.answer, filename="answer.jpg"),
            reply_markup=poll_keyboard(language),
            reply_parameters=quoting(message),
        )
        if sent.poll is not None:
            await self._remember(message, sent.poll.id, asked)

    async def _remember(self, message: Message, poll_id: str, asked: Question) -> None:
        thread = thread_id(message)
        picture = AskedPicture(poll_id, message.chat_id, thread, asked.image, asked.label, asked.model_right)
        try:
            await self.storage.run(self.storage.quizzes.asked, picture)
        except StoreUnavailable as error:
            _LOGGER.warning("A quiz goes uncounted: %s", error)

    async def score_of(self, message: Message) -> GroupScore:
        """How the group stands; as at the beginning, while the store is away."""
        with contextlib.suppress(StoreUnavailable):
            return await self.storage.run(self.storage.quizzes.score, message.chat_id, thread_id(message))
        return GroupScore()


def question(recognizer: Recognizer, test: TestImages, language: Language) -> Question:
    """Pick a test image, ask the model, and draw both pictures; blocks.

    Raises:
        ModelError: there is no model, or it fails.
    """
    number = int(secrets.choice(test.numbers))
    place = test.place(number)
    actual = int(test.labels[place])
    said = recognizer.classify_pixels(as_pixels(test.images[place]))
    return Question(
        image=number,
        label=actual,
        model_right=said.label == actual,
        picture=picture_card(test.images[place]),
        answer=sample_card(test.images[place], said, actual, number, language),
        explanation=poll_explanation(said, actual, language),
    )
