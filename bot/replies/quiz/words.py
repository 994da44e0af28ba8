"""Captions of /quiz: HTML."""

from bot.replies.callback_data.quiz import QUESTIONS, QuizScore
from bot.replies.numerals import count, percent_of_permille, permille
from bot.replies.shares import shares_of
from bot.replies.texts import Language
from bot.replies.texts.quiz import quiz_texts
from bot.replies.words import aside, class_name_html, spaced
from bot.vision.prediction import Prediction


def question_caption(score: QuizScore, language: Language) -> str:
    """Ask a question; ``score`` is that before it."""
    words = quiz_texts(language)
    said = words.score.format(person=score.person, model=score.model)
    return words.question.format(number=score.number, total=QUESTIONS, score=said)


def answer_caption(score: QuizScore, guess: int, said: Prediction, actual: int, language: Language) -> str:
    """Say who was right, and how the game stands.

    Args:
        score: before the question.
        guess: the person's class, 0-9.
        said: the model's answer.
        actual: the true class, 0-9.
        language: of the text.
    """
    words = quiz_texts(language)
    text = words.answer.format(
        number=score.number,
        total=QUESTIONS,
        guess=class_name_html(guess, language),
        guess_result=words.right if guess == actual else words.wrong,
        said=class_name_html(said.label, language),
        share=percent_of_permille(shares_of(said)[said.label]),
        said_result=words.right if said.label == actual else words.wrong,
        actual=class_name_html(actual, language),
    )
    person, model = score.person + (guess == actual), score.model + (said.label == actual)
    stands = words.score
    if score.is_last:
        stands = words.won if person > model else words.lost if person < model else words.drawn
    counted = stands.format(total=QUESTIONS, person=person, model=model)
    return spaced(f"{text}\n\n{counted}\n\n{aside(words.picture, language)}")


def poll_question(questions: int, model_right: int, answers: int, right: int, language: Language) -> str:
    """What a group is asked, and how it stands: plain, at most 300 characters.

    Args:
        questions: pictures that somebody has guessed at.
        model_right: those of them that the model got right.
        answers: guesses of everybody.
        right: those that were right.
        language: of the text.
    """
    words = quiz_texts(language)
    score = words.poll_score.format(
        questions=count(questions), model_right=count(model_right), answers=count(answers), right=count(right)
    )
    return words.poll_question.format(score=score if answers else "")


def poll_explanation(said: Prediction, actual: int, language: Language) -> str:
    """What is shown after a guess: HTML, at most 200 characters."""
    words = quiz_texts(language)
    return spaced(
        words.poll_explanation.format(
            actual=class_name_html(actual, language),
            said=class_name_html(said.label, language),
            share=percent_of_permille(permille(said.probabilities)[said.label]),
            said_result=words.right if said.label == actual else words.wrong,
        )
    )
