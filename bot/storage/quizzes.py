"""Quizzes of groups: which pictures were asked, and how many were right, for a day."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, cast, delete, func, select

from bot.storage import retention
from bot.storage.schema import quiz_polls, quiz_votes
from bot.storage.table import PeopleTable


@dataclass(frozen=True, slots=True)
class AskedPicture:
    """A picture that a group was asked about.

    Attributes:
        poll_id: Telegram's id of the poll.
        chat_id: the group.
        thread_id: its topic, 0 where there are none.
        image: index of the test image.
        label: its true class, 0-9.
        model_right: whether the model was right.
    """

    poll_id: str
    chat_id: int
    thread_id: int
    image: int
    label: int
    model_right: bool


@dataclass(frozen=True, slots=True)
class GroupScore:
    """How a group stands against the model, over the last day.

    Attributes:
        questions: pictures that somebody has guessed at.
        model_right: those of them that the model got right.
        answers: guesses of everybody.
        right: those that were right.
        latest: when the last picture was asked; None without any.
    """

    questions: int = 0
    model_right: int = 0
    answers: int = 0
    right: int = 0
    latest: datetime | None = None


class QuizTable(PeopleTable):
    """The quizzes of groups."""

    def asked(self, picture: AskedPicture) -> None:
        """Remember which picture a poll asks about."""
        row = quiz_polls.insert().values(
            poll_id=picture.poll_id,
            chat_id=picture.chat_id,
            thread_id=picture.thread_id,
            image=picture.image,
            label=picture.label,
            model_right=picture.model_right,
            asked_at=self._database.now(),
        )
        with self._database.write() as connection:
            connection.execute(row)

    def guessed(self, poll_id: str, person: int, label: int) -> bool:
        """Count a guess, once a person and poll.

        Args:
            poll_id: Telegram's id of the poll.
            person: Telegram id of whoever guessed.
            label: the class that they chose, 0-9.

        Returns:
            Whether the poll is one of ours, not older than a day.
        """
        with self._database.write() as connection:
            truth = connection.scalar(select(quiz_polls.c.label).where(quiz_polls.c.poll_id == poll_id))
            if truth is None:
                return False
            row = {"poll_id": poll_id, "user_key": self._key.reference(person), "is_right": truth == label}
            connection.execute(self._database.insert(quiz_votes).values(**row).on_conflict_do_nothing())
        return True

    def score(self, chat_id: int, thread_id: int) -> GroupScore:
        """How a group's topic stands; pictures that nobody has guessed at do not count."""
        here = (
            quiz_polls.c.chat_id == chat_id,
            quiz_polls.c.thread_id == thread_id,
            quiz_polls.c.asked_at >= self._database.now() - retention.QUIZ_KEPT,
        )
        guessed = quiz_polls.c.poll_id.in_(select(quiz_votes.c.poll_id))
        questions = select(func.count(), func.sum(cast(quiz_polls.c.model_right, Integer))).where(*here, guessed)
        votes = (
            select(func.count(), func.sum(cast(quiz_votes.c.is_right, Integer)))
            .select_from(quiz_votes.join(quiz_polls))
            .where(*here)
        )
        latest = select(quiz_polls.c.asked_at).where(*here).order_by(quiz_polls.c.asked_at.desc()).limit(1)
        with self._database.read() as connection:
            asked, model_right = connection.execute(questions).one()
            answers, right = connection.execute(votes).one()
            return GroupScore(asked, model_right or 0, answers, right or 0, connection.scalar(latest))

    def expire(self) -> int:
        """Delete what is older than a day; returns how many rows."""
        aged = quiz_polls.c.asked_at < self._database.now() - retention.QUIZ_KEPT
        old = select(quiz_polls.c.poll_id).where(aged)
        with self._database.write() as connection:
            rows = connection.execute(delete(quiz_votes).where(quiz_votes.c.poll_id.in_(old))).rowcount
            return rows + connection.execute(delete(quiz_polls).where(aged)).rowcount
