"""/quiz: guess test images before the model does, ten a game; the score is in the buttons."""

import secrets
from dataclasses import dataclass
from functools import partial

from telegram import Message

from bot.datasets import DataError, TestImages, as_pixels
from bot.handlers.languages import Languages
from bot.handlers.sending import Picture, change_picture, indicate_picture, reply_photo, reply_text
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.executors import Executors
from bot.jobs.test_set import TestSet
from bot.replies.callback_data.actions import QuizAsk, QuizGuess
from bot.replies.callback_data.quiz import QuizScore
from bot.replies.cards.sample import sample_card
from bot.replies.keyboards import actions_of
from bot.replies.quiz.card import question_card
from bot.replies.quiz.keyboards import answer_keyboard, question_keyboard
from bot.replies.quiz.words import answer_caption, question_caption
from bot.replies.texts import Language, texts
from bot.vision.interpreter import ModelError
from bot.vision.recognizer import Recognizer


@dataclass(frozen=True)
class QuizHandlers:
    """Games against the model."""

    languages: Languages
    recognizer: Recognizer
    executors: Executors
    test_set: TestSet
    detached_tasks: DetachedTasks

    async def quiz(self, message: Message) -> None:
        """Begin a game."""
        language = await self.languages.of(message.chat, message.from_user)
        self.detached_tasks.start(indicate_picture(message))
        try:
            picture = await self.question(QuizScore(), language)
        except DataError:
            await reply_text(message, texts(language).faults.no_test_images)
        else:
            await reply_photo(message, picture)

    async def ask(self, tap: Tap, asked: QuizAsk) -> None:
        """Ask the next question in the same message; a new game begins below the old one."""
        await tap.answer()
        picture = await self.question(asked.score, tap.language)
        await (
            reply_photo(tap.message, picture) if asked.score == QuizScore() else change_picture(tap.message, picture)
        )

    async def guess(self, tap: Tap, guessed: QuizGuess) -> None:
        """Tell who was right; of two taps on one question, the first counts."""
        if guessed not in actions_of(tap.message.reply_markup):
            await tap.answer(tap.texts.toasts.outdated, alert=True)
            return
        try:
            test = await self.test_set.images()
            if not test.has(guessed.image):
                await tap.answer(tap.texts.toasts.not_at_hand, alert=True)
                return
            draw = partial(answered, self.recognizer, test, guessed, tap.language)
            picture = await self.executors.draw(draw)
        except DataError:
            await tap.answer(tap.texts.faults.no_test_images, alert=True)
        except ModelError:
            await tap.answer(tap.texts.faults.no_model, alert=True)
        else:
            await tap.answer()
            await change_picture(tap.message, picture)

    async def question(self, score: QuizScore, language: Language) -> Picture:
        """Pick a test image and draw the question.

        Raises:
            DataError: the test images cannot be had.
        """
        test = await self.test_set.images()
        image = int(secrets.choice(test.numbers))
        drawn = await self.executors.draw(partial(question_card, test.images[test.place(image)], score, language))
        return Picture(drawn, question_caption(score, language), question_keyboard(image, score, language))


def answered(recognizer: Recognizer, test: TestImages, guessed: QuizGuess, language: Language) -> Picture:
    """Ask the model, and draw its answer; blocks.

    Raises:
        ModelError: there is no model, or it fails.
    """
    place = test.place(guessed.image)
    actual, score = int(test.labels[place]), guessed.score
    said = recognizer.classify_pixels(as_pixels(test.images[place]))
    following = None
    if not score.is_last:
        following = score.after(person=guessed.label == actual, model=said.label == actual)
    return Picture(
        sample_card(test.images[place], said, actual, guessed.image, language),
        answer_caption(score, guessed.label, said, actual, language),
        answer_keyboard(following, language),
    )
