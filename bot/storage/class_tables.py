"""What a class reached with /train: one table a group, with first names, for a week."""

from dataclasses import dataclass
from typing import Any, Final, NewType

from sqlalchemy import Connection, Row, and_, delete, select, update

from bot.storage import retention
from bot.storage.schema import class_results, class_tables
from bot.storage.table import PeopleTable

ClassTableId = NewType("ClassTableId", int)

MAX_NAME: Final = 64
"""Telegram's own limit for a first name."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What somebody reached.

    Attributes:
        neurons: width of the hidden layer.
        epochs: that were trained.
        normalised: whether the network saw 0..1.
        train_accuracy: after the last epoch, 0..1.
        test_accuracy: the same, 0..1.
    """

    neurons: int
    epochs: int
    normalised: bool
    train_accuracy: float
    test_accuracy: float


@dataclass(frozen=True, slots=True)
class Classmate:
    """A row of a table.

    Attributes:
        first_name: as Telegram gave it.
        best: what they reached, the best on the test images; None while there is nothing.
    """

    first_name: str
    best: Reached | None


@dataclass(frozen=True, slots=True)
class ClassTableMessage:
    """A table and the message that shows it.

    Attributes:
        id: its number.
        chat_id: the group.
        message_id: the bot's message there.
        language: what it is written in.
        rows: the best first, then those without a result.
    """

    id: ClassTableId
    chat_id: int
    message_id: int
    language: str
    rows: tuple[Classmate, ...]


class ClassTables(PeopleTable):
    """Tables by group and topic."""

    def of_chat(self, chat_id: int, thread_id: int) -> ClassTableMessage | None:
        """The table of a group's topic (0 where there are none); None without one."""
        return self._first(and_(class_tables.c.chat_id == chat_id, class_tables.c.thread_id == thread_id))

    def by_id(self, table: ClassTableId) -> ClassTableMessage | None:
        """One table; None when it has expired."""
        return self._first(class_tables.c.id == table)

    def show(self, chat_id: int, thread_id: int, message_id: int, language: str) -> None:
        """Remember which message shows the table of a group; the table is made where there is none.

        Args:
            chat_id: the group.
            thread_id: its topic, 0 where there are none.
            message_id: the bot's message.
            language: what it is written in.
        """
        row = {"message_id": message_id, "language": language, "shown_at": self._database.now()}
        with self._database.write() as connection:
            self._database.put(connection, class_tables, {"chat_id": chat_id, "thread_id": thread_id}, row)

    def join(self, chat_id: int, message_id: int, user: int, first_name: str) -> bool:
        """Write a person into the table that a message shows.

        Args:
            chat_id: the group.
            message_id: the bot's message.
            user: Telegram id.
            first_name: theirs.

        Returns:
            Whether there is such a table.
        """
        row = {"first_name": first_name[:MAX_NAME], "joined_at": self._database.now()}
        query = select(class_tables.c.id).where(
            class_tables.c.chat_id == chat_id, class_tables.c.message_id == message_id
        )
        with self._database.write() as connection:
            number = connection.scalar(query)
            if number is None:
                return False
            keys = {"table_id": number, "user_key": self._key.reference(user)}
            self._database.put(connection, class_results, keys, row)
        return True

    def record(self, user: int, reached: Reached) -> tuple[ClassTableMessage, ...]:
        """Write what a person reached into every table that they joined, where it is their best.

        Args:
            user: Telegram id.
            reached: with the network just trained.

        Returns:
            Those tables, to show them anew.
        """
        mine = class_results.c.user_key == self._key.reference(user)
        better = class_results.c.test_accuracy.is_(None) | (class_results.c.test_accuracy < reached.test_accuracy)
        row = {
            "neurons": reached.neurons,
            "epochs": reached.epochs,
            "normalised": reached.normalised,
            "train_accuracy": reached.train_accuracy,
            "test_accuracy": reached.test_accuracy,
        }
        with self._database.write() as connection:
            connection.execute(update(class_results).where(mine, better).values(**row))
        return self.joined(user)

    def joined(self, user: int) -> tuple[ClassTableMessage, ...]:
        """Every table that a person is in."""
        mine = select(class_results.c.table_id).where(class_results.c.user_key == self._key.reference(user))
        with self._database.read() as connection:
            found = connection.execute(select(class_tables).where(class_tables.c.id.in_(mine))).all()
            return tuple(self._table(connection, row) for row in found)

    def expire(self) -> int:
        """Delete names a week after they joined, and tables that nobody is in; returns how many rows."""
        aged = self._database.now() - retention.CLASS_TABLE_KEPT
        empty = class_tables.c.id.not_in(select(class_results.c.table_id))
        with self._database.write() as connection:
            rows = connection.execute(delete(class_results).where(class_results.c.joined_at < aged)).rowcount
            rows += connection.execute(delete(class_tables).where(class_tables.c.shown_at < aged, empty)).rowcount
        return rows

    def _first(self, which: Any) -> ClassTableMessage | None:
        with self._database.read() as connection:
            row = connection.execute(select(class_tables).where(which)).first()
            return None if row is None else self._table(connection, row)

    def _table(self, connection: Connection, row: Row[Any]) -> ClassTableMessage:
        aged = self._database.now() - retention.CLASS_TABLE_KEPT
        query = select(class_results).where(class_results.c.table_id == row.id, class_results.c.joined_at >= aged)
        order = class_results.c.joined_at, class_results.c.user_key
        mates = [_classmate(each) for each in connection.execute(query.order_by(*order))]
        mates.sort(key=lambda mate: -1.0 if mate.best is None else mate.best.test_accuracy, reverse=True)
        return ClassTableMessage(ClassTableId(row.id), row.chat_id, row.message_id, row.language, tuple(mates))


def _classmate(row: Row[Any]) -> Classmate:
    if row.test_accuracy is None:
        return Classmate(row.first_name, None)
    return Classmate(
        row.first_name,
        Reached(row.neurons, row.epochs, row.normalised, row.train_accuracy, row.test_accuracy),
    )
