"""At which step of the course a chat is."""

from sqlalchemy import select

from bot.storage import retention
from bot.storage.schema import course_places
from bot.storage.table import PeopleTable


class CoursePlaceTable(PeopleTable):
    """The step that a chat was at last, by the step's name."""

    def of(self, chat: int) -> str | None:
        """Where a chat is; None when it has not begun.

        Args:
            chat: Telegram id.
        """
        query = select(course_places.c.step).where(course_places.c.chat_key == self._key.reference(chat))
        with self._database.read() as connection:
            step: str | None = connection.scalar(query)
        return step

    def keep(self, chat: int, step: str) -> None:
        """Keep where a chat is."""
        row = {"step": step, "shown_at": self._database.now()}
        with self._database.write() as connection:
            self._database.put(connection, course_places, {"chat_key": self._key.reference(chat)}, row)

    def expire(self) -> int:
        """Delete what is kept long enough; returns how many rows."""
        until = self._database.now() - retention.COURSE_PLACE_KEPT
        return self._database.delete(course_places, course_places.c.shown_at < until)
