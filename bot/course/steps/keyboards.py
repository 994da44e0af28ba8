"""The buttons of the course: walk through it, see a step's code, take files along."""

from telegram import InlineKeyboardMarkup

from bot.course.steps import STEPS, Step, place_of
from bot.replies.callback_data.actions import (
    CourseFile,
    LearnCode,
    LearnContents,
    LearnFile,
    LearnOther,
    LearnStep,
    LearnTry,
)
from bot.replies.keyboards import action_button, rows_of
from bot.replies.texts import Language, texts

_NUMBERS_A_ROW = 6
_HAS_FILE = "tflite"


def step_keyboard(step: Step, language: Language, *, has_photo: bool = False) -> InlineKeyboardMarkup:
    """Below a step.

    Args:
        step: the step.
        language: of the labels.
        has_photo: whether the step is about a photo of the person's own now.
    """
    labels, place = texts(language).buttons, place_of(step)
    rows = []
    if step.takes_photo:
        other = action_button(labels.learn_other, LearnOther(step.name))
        rows.append([other if has_photo else action_button(labels.learn_try, LearnTry(step.name))])
    rows.append(
        [
            action_button(labels.learn_code, LearnCode(step.name)),
            action_button(labels.learn_contents, LearnContents(step.name)),
        ]
    )
    walk = []
    if place:
        walk.append(action_button(labels.learn_back, LearnStep(STEPS[place - 1].name)))
    if place + 1 < len(STEPS):
        walk.append(action_button(labels.learn_next, LearnStep(STEPS[place + 1].name)))
    else:
        walk.append(action_button(labels.learn_again, LearnStep(STEPS[0].name)))
    return InlineKeyboardMarkup([*rows, walk])


def contents_keyboard(step: Step | None, language: Language) -> InlineKeyboardMarkup:
    """Below the contents: a number for each step, and the way back to the one that was shown."""
    numbers = [action_button(str(number), LearnStep(each.name)) for number, each in enumerate(STEPS, start=1)]
    rows = rows_of(numbers, _NUMBERS_A_ROW)
    if step is not None:
        label = texts(language).buttons.learn_to_step.format(number=place_of(step) + 1)
        rows.append([action_button(label, LearnStep(step.name))])
    return InlineKeyboardMarkup(rows)


def code_keyboard(step: Step, language: Language) -> InlineKeyboardMarkup:
    """Below a step's code: the whole program as a notebook, and the file that the step makes."""
    labels = texts(language).buttons
    rows = [[action_button(labels.learn_notebook, LearnFile(CourseFile.NOTEBOOK))]]
    if step.name == _HAS_FILE:
        rows.insert(0, [action_button(labels.learn_tflite, LearnFile(CourseFile.TFLITE))])
    return InlineKeyboardMarkup(rows)
