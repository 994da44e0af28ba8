"""The last answer that somebody got, so that they can share it: which card Telegram has, and the words below it."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.storage import retention
from bot.storage.schema import last_answers
from bot.storage.table import PeopleTable


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """An answer as it was sent.

    Attributes:
        file_id: what Telegram shows its card for.
        caption: the words below it, HTML.
    """

    file_id: str
    caption: str


class LastAnswerTable(PeopleTable):
    """One answer a person, for an hour."""

    def of(self, user: int) -> LastAnswer | None:
        """The last answer of a person; None when it is older than an hour.

        Args:
            user: Telegram id.
        """
        since = self._database.now() - retention.LAST_ANSWER_KEPT
        query = select(last_answers.c.file_id, last_answers.c.caption).where(
            last_answers.c.user_key == self._key.reference(user), last_answers.c.sent_at >= since
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else LastAnswer(row.file_id, row.caption)

    def keep(self, user: int, answer: LastAnswer) -> None:
        """Keep an answer in the place of the one before."""
        row = {"file_id": answer.file_id, "caption": answer.caption, "sent_at": self._database.now()}
        with self._database.write() as connection:
            self._database.put(connection, last_answers, {"user_key": self._key.reference(user)}, row)

    def expire(self) -> int:
        """Delete what is kept long enough; returns how many rows."""
        until = self._database.now() - retention.LAST_ANSWER_KEPT
        return self._database.delete(last_answers, last_answers.c.sent_at < until)
