"""How a game of /quiz stands: it is in the buttons, so restarts change nothing."""

from dataclasses import dataclass
from typing import Final, Self

from bot.replies.callback_data.codecs import Codec, read_integer

QUESTIONS: Final = 10


@dataclass(frozen=True, slots=True)
class QuizScore:
    """The score before a question.

    Attributes:
        number: of the question, from 1.
        person: questions before it that the person got right.
        model: those that the model got right.
    """

    number: int = 1
    person: int = 0
    model: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.number <= QUESTIONS or max(self.person, self.model) >= self.number:
            raise ValueError("no such score")
        if min(self.person, self.model) < 0:
            raise ValueError("no such score")

    @property
    def is_last(self) -> bool:
        """Whether no question follows."""
        return self.number == QUESTIONS

    def after(self, *, person: bool, model: bool) -> Self:
        """The score before the next question.

        Args:
            person: whether the person got this one right.
            model: whether the model did.

        Raises:
            ValueError: there is no next question.
        """
        return type(self)(self.number + 1, self.person + person, self.model + model)


def _write(score: QuizScore) -> str:
    return f"{score.number}.{score.person}.{score.model}"


def _read(text: str) -> QuizScore:
    number, person, model = (read_integer(part, QUESTIONS) for part in text.split("."))
    return QuizScore(number, person, model)


SCORE: Final = Codec(_write, _read)
"""Three numbers, parted by points."""
