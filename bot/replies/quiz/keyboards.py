"""The buttons of /quiz."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies.callback_data import QUESTIONS, Action, LearnStep, QuizAsk, QuizGuess, QuizPoll, QuizScore, encode
from bot.replies.texts import Language
from bot.replies.texts.quiz import quiz_texts
from bot.replies.words import class_name
from bot.vision.labels import CLASS_COUNT

_CLASSES_A_ROW = 2


def question_keyboard(image: int, score: QuizScore, language: Language) -> InlineKeyboardMarkup:
    """The ten classes to guess from; ``image`` is among the test images, from 0."""
    buttons = [_button(class_name(label, language), QuizGuess(image, label, score)) for label in range(CLASS_COUNT)]
    return InlineKeyboardMarkup(
        [buttons[start : start + _CLASSES_A_ROW] for start in range(0, CLASS_COUNT, _CLASSES_A_ROW)]
    )


def answer_keyboard(following: QuizScore | None, language: Language) -> InlineKeyboardMarkup:
    """Below an answer: the next question; another game after the last one."""
    labels = quiz_texts(language).buttons
    if following is not None:
        return InlineKeyboardMarkup([[_button(labels.following, QuizAsk(following))]])
    again = _button(labels.again.format(total=QUESTIONS), QuizAsk(QuizScore()))
    return InlineKeyboardMarkup([[again], [_button(labels.course, LearnStep("start"))]])


def poll_keyboard(language: Language) -> InlineKeyboardMarkup:
    """Below a group's quiz: another picture."""
    return InlineKeyboardMarkup([[_button(quiz_texts(language).buttons.next_poll, QuizPoll())]])


def _button(label: str, action: Action) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=encode(action))
