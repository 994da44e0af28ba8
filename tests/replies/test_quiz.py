import re
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from bot.replies.callback_data.actions import LearnStep, QuizAsk, QuizGuess
from bot.replies.callback_data.quiz import QUESTIONS, QuizScore
from bot.replies.keyboards import actions_of
from bot.replies.quiz.card import question_card
from bot.replies.quiz.keyboards import answer_keyboard, question_keyboard
from bot.replies.quiz.words import answer_caption, poll_explanation, poll_question, question_caption
from bot.replies.texts import Language
from bot.replies.texts.quiz import quiz_texts
from bot.vision.prediction import Prediction
from tests.replies.catalogues import strings
from tests.replies.test_fonts import FONTS
from tests.replies.test_texts import BUTTON
from tests.telegram_html import as_shown

MakePrediction = Callable[..., Prediction]
LAST = QuizScore(QUESTIONS, 5, 5)


def plain(text: str) -> str:
    assert not re.search(r"[{}]", text)
    return as_shown(text)


def test_the_score_counts_and_ends() -> None:
    score = QuizScore()
    for number in range(1, QUESTIONS):
        assert not score.is_last
        score = score.after(person=number % 2 == 0, model=True)
    assert score == QuizScore(QUESTIONS, 4, QUESTIONS - 1)
    assert score.is_last
    with pytest.raises(ValueError, match="no such score"):
        score.after(person=True, model=True)


@pytest.mark.parametrize("wrong", [(0, 0, 0), (11, 0, 0), (3, 3, 0), (3, 0, 3), (3, -1, 0)])
def test_no_other_score_is_one(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no such score"):
        QuizScore(*wrong)


def test_a_question_gives_nothing_away(language: Language) -> None:
    caption = plain(question_caption(QuizScore(3, 2, 1), language))
    for part in ("3", "10", "2", "1"):
        assert part in caption
    markup = question_keyboard(42, QuizScore(3, 2, 1), language)
    assert list(actions_of(markup)) == [QuizGuess(42, label, QuizScore(3, 2, 1)) for label in range(10)]
    image = np.zeros((28, 28), np.uint8)
    with Image.open(BytesIO(question_card(image, QuizScore(3, 2, 1), language))) as card:
        assert card.width == 1080
    assert question_card(image, QuizScore(3, 2, 1), language) != question_card(image, QuizScore(3, 2, 2), language)


@pytest.mark.parametrize(("guess", "actual"), [(4, 4), (2, 4), (4, 2), (2, 2), (7, 1)])
def test_an_answer_says_who_was_right(prediction: MakePrediction, guess: int, actual: int, language: Language) -> None:
    words = quiz_texts(language)
    caption = plain(answer_caption(QuizScore(3, 2, 1), guess, prediction(4, 2, 0.873), actual, language))
    results = [words.right if each == actual else words.wrong for each in (guess, 4)]
    lines = caption.splitlines()
    assert lines[1].endswith(results[0])
    assert lines[2].endswith(results[1])
    assert "87.3%" in lines[2]
    assert words.score.format(person=2 + (guess == actual), model=1 + (actual == 4)) in caption


@pytest.mark.parametrize(("guess", "actual", "end"), [(4, 4, "drawn"), (2, 4, "lost"), (2, 2, "won")])
def test_the_last_answer_ends_the_game(
    prediction: MakePrediction, guess: int, actual: int, end: str, language: Language
) -> None:
    caption = answer_caption(LAST, guess, prediction(4, 2), actual, language)
    said = getattr(quiz_texts(language), end)
    counted = said.format(total=QUESTIONS, person=5 + (guess == actual), model=5 + (actual == 4))
    assert counted in caption
    assert len(plain(caption)) <= 1024


def test_after_an_answer_the_next_question_or_another_game(language: Language) -> None:
    assert list(actions_of(answer_keyboard(QuizScore(4, 3, 1), language))) == [QuizAsk(QuizScore(4, 3, 1))]
    assert list(actions_of(answer_keyboard(None, language))) == [QuizAsk(QuizScore()), LearnStep("start")]


@pytest.mark.parametrize("said", range(10))
def test_a_groups_quiz_fits_telegrams_limits(prediction: MakePrediction, said: int, language: Language) -> None:
    for actual in range(10):
        explanation = plain(poll_explanation(prediction(said, (said + 1) % 10), actual, language))
        assert len(explanation) <= 200
        assert (quiz_texts(language).right in explanation) == (said == actual)
    assert len(poll_question(10_000, 9_999, 1_000_000, 999_999, language)) <= 300
    asked = poll_question(5, 4, 12, 7, language)
    assert "7 / 12" in asked
    assert "4 / 5" in asked
    assert not re.search(r"\d", poll_question(0, 0, 0, 0, language)), "nobody has guessed yet"


def test_what_is_drawn_has_glyphs_and_labels_are_short(language: Language) -> None:
    with TTFont(FONTS / "NotoSansTC-Bold.otf") as font:
        known = {chr(code) for code in font.getBestCmap()}
    for path, text in strings(quiz_texts(language).pictures):
        assert not set(text) - known, path
    assert all(len(text) <= BUTTON for _, text in strings(quiz_texts(language).buttons))
