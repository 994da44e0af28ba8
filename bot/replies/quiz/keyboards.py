"""The buttons of /quiz."""

from telegram import InlineKeyboardMarkup

from bot.replies.callback_data.actions import LearnStep, QuizAsk, QuizGuess, QuizPoll
from bot.replies.callback_data.quiz import QUESTIONS, QuizScore
from bot.replies.keyboards import action_button
from bot.replies.texts import Language
from bot.replies.texts.quiz import quiz_texts
from bot.replies.words import short_name
from bot.vision.labels import CLASS_COUNT

_CLASSES_A_ROW = 2


def question_keyboard(image: int, score: QuizScore, language: Language) -> InlineKeyboardMarkup:
    """The ten classes to guess from; ``image`` is among the test images, from 0."""
    buttons = [
        action_button(short_name(label, language), QuizGuess(image, label, score)) for label in range(CLASS_COUNT)
    ]
    return InlineKeyboardMarkup(
        [buttons[start : start + _CLASSES_A_ROW] for start in range(0, CLASS_COUNT, _CLASSES_A_ROW)]
    )


def answer_keyboard(following: QuizScore | None, language: Language) -> InlineKeyboardMarkup:
    """Below an answer: the next question; another game after the last one."""
    labels = quiz_texts(language).buttons
    if following is not None:
        return InlineKeyboardMarkup([[action_button(labels.following, QuizAsk(following))]])
    again = action_button(labels.again.format(total=QUESTIONS), QuizAsk(QuizScore()))
    return InlineKeyboardMarkup([[again], [action_button(labels.course, LearnStep("start"))]])


def poll_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below a group's quiz: another picture."""
    return InlineKeyboardMarkup([[action_button(quiz_texts(language).buttons.next_poll, QuizPoll())]])
