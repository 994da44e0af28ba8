"""The keys of what /quiz says: HTML for Telegram, but for pictures and buttons, which are plain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizPictures:
    """Words drawn into the question's picture."""

    question: str
    number: str
    score: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizButtons:
    """Labels."""

    following: str
    again: str
    course: str
    next_poll: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizTexts:
    """Everything that /quiz says in one language."""

    question: str
    answer: str
    right: str
    wrong: str
    score: str
    picture: str
    won: str
    drawn: str
    lost: str
    poll_question: str
    poll_score: str
    poll_explanation: str
    just_asked: str
    pictures: QuizPictures
    buttons: QuizButtons
