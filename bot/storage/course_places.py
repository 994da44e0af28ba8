"""At which step of the course a chat is."""

from sqlalchemy import delete, select

from bot.storage import retention
from bot.storage.data_key import DataKey
from bot.storage.database import Database
from bot.storage.schema import course_places


class CoursePlaceTable:
    """The step that a chat was at last, by the step's name.

    Raises, from every method:
        StoreUnavailable: the database is away.
    """

    def __init__(self, database: Database, key: DataKey) -> None:
        self._database = database
        self._key = key

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
        statement = self._database.insert(course_places).values(chat_key=self._key.reference(chat), **row)
        with self._database.write() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["chat_key"], set_=row))

    def expire(self) -> int:
        """Delete what is kept long enough; returns how many rows."""
        until = self._database.now() - retention.COURSE_PLACE_KEPT
        with self._database.write() as connection:
            return connection.execute(delete(course_places).where(course_places.c.shown_at < until)).rowcount
