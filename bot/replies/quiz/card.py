"""The picture of a question: a test image enlarged, and how the game stands."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.recorded_runs import SIDE
from bot.replies.callback_data.quiz import QUESTIONS, QuizScore
from bot.replies.cards.canvas import BLACK, LINE, MARGIN, MUTED, TEAL, WIDTH, Canvas, enlarged
from bot.replies.texts import Language
from bot.replies.texts.quiz import quiz_texts

_SCALE: Final = 26
_TOP: Final = 132
_STEP_HIGH: Final = 12
_STEP_GAP: Final = 8


def question_card(image: NDArray[np.uint8], score: QuizScore, language: Language) -> bytes:
    """Draw a question.

    Args:
        image: uint8 [28, 28].
        score: before the question.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    words, side = quiz_texts(language).pictures, SIDE * _SCALE
    canvas = Canvas(_TOP + side + 110)
    width = (WIDTH - 2 * MARGIN - _STEP_GAP * (QUESTIONS - 1)) / QUESTIONS
    for step in range(QUESTIONS):
        left = MARGIN + step * (width + _STEP_GAP)
        canvas.box((left, 24, left + width, 24 + _STEP_HIGH), TEAL if step < score.number else LINE, radius=6)
    canvas.text((MARGIN, 84), words.question, 46, bold=True)
    number = words.number.format(number=score.number, total=QUESTIONS)
    canvas.text((WIDTH - MARGIN, 84), number, 32, MUTED, anchor="rm")
    left = (WIDTH - side) / 2
    canvas.box((left, _TOP, left + side, _TOP + side), BLACK)
    canvas.paste(enlarged(image, _SCALE), (left, _TOP))
    stands = words.score.format(person=score.person, model=score.model)
    canvas.text((WIDTH / 2, _TOP + side + 58), stands, 40, bold=True, anchor="mm")
    return canvas.jpeg(90)


def picture_card(image: NDArray[np.uint8]) -> bytes:
    """Enlarge a test image, uint8 [28, 28], for a group's quiz, without a word: JPEG."""
    side = SIDE * _SCALE
    canvas = Canvas(side + 2 * MARGIN, side + 2 * MARGIN)
    canvas.box((0, 0, canvas.width, canvas.height), BLACK)
    canvas.paste(enlarged(image, _SCALE), (MARGIN, MARGIN))
    return canvas.jpeg(90)
