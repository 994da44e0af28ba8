"""Which replica trains for whom, so that a training is cancelled wherever the tap arrives.

A process that trains leases that; a lease that is not renewed has lost its owner, and the training with it.
"""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select, update

from bot.storage.data_key import DataKey
from bot.storage.database import Database
from bot.storage.schema import trainings
from bot.storage.table import PeopleTable

TRAINING_LEASE: Final = timedelta(seconds=20)
"""Renew several times in it."""

Place = tuple[int, int]
"""Where a training is told: the chat's and the message's id."""


class Cancelling(StrEnum):
    """What became of the wish to cancel the training of a message."""

    ASKED = "asked"
    NOT_YOURS = "not yours"
    GONE = "gone"


class TrainingTable(PeopleTable):
    """One training a person that waits or runs, as one process sees them."""

    def __init__(self, database: Database, key: DataKey, *, owner: str) -> None:
        """Use a database.

        Args:
            database: shared by all replicas.
            key: hides who trains and where.
            owner: names this process, differently at each start.
        """
        super().__init__(database, key)
        self._owner = owner

    def begin(self, user: int, place: Place) -> bool:
        """Note a training of this process.

        Args:
            user: Telegram id of whoever asked for it.
            place: where it is told.

        Returns:
            Whether it may go on. False where another process has one of this person.
        """
        now = self._database.now()
        row = {
            "place_key": self._key_of(place),
            "owner": self._owner,
            "lease_until": now + TRAINING_LEASE,
            "cancelled": False,
        }
        statement = self._database.insert(trainings).values(user_key=self._key.reference(user), **row)
        ours = or_(trainings.c.owner == self._owner, trainings.c.lease_until < now)
        statement = statement.on_conflict_do_update(index_elements=["user_key"], set_=row, where=ours)
        with self._database.write() as connection:
            return connection.execute(statement.returning(trainings.c.user_key)).first() is not None

    def cancel(self, user: int, place: Place) -> Cancelling:
        """Ask whichever process trains in a message to cancel that.

        Args:
            user: Telegram id of whoever wants it.
            place: the message.
        """
        living = and_(trainings.c.place_key == self._key_of(place), trainings.c.lease_until >= self._database.now())
        with self._database.write() as connection:
            owners = connection.scalars(select(trainings.c.user_key).where(living)).all()
            if not owners:
                return Cancelling.GONE
            mine = and_(living, trainings.c.user_key == self._key.reference(user))
            asked = connection.execute(update(trainings).where(mine).values(cancelled=True)).rowcount
        return Cancelling.ASKED if asked else Cancelling.NOT_YOURS

    def runs_at(self, place: Place) -> bool:
        """Whether some process trains, or lets wait, what is told in this message."""
        living = and_(trainings.c.place_key == self._key_of(place), trainings.c.lease_until >= self._database.now())
        with self._database.read() as connection:
            return connection.execute(select(trainings.c.user_key).where(living)).first() is not None

    def renew(self, places: Collection[Place]) -> frozenset[Place]:
        """Say that this process still has these trainings.

        Args:
            places: where those are told that :meth:`begin` noted.

        Returns:
            Those that are to end: somebody cancelled them, or their owner had everything deleted.
        """
        keys = {self._key_of(place): place for place in places}
        until = self._database.now() + TRAINING_LEASE
        with self._database.write() as connection:
            renewed = update(trainings).where(self._mine(keys)).values(lease_until=until)
            wanted = {row.place_key for row in connection.execute(renewed.returning(*_RENEWED)) if not row.cancelled}
        return frozenset(place for key, place in keys.items() if key not in wanted)

    def end(self, place: Place) -> None:
        """Note that a training of this process has ended."""
        self._database.delete(trainings, self._mine([self._key_of(place)]))

    def expire(self) -> int:
        """Delete what processes left that are gone; returns how many."""
        return self._database.delete(trainings, trainings.c.lease_until < self._database.now())

    def _mine(self, keys: Collection[str]) -> ColumnElement[bool]:
        return and_(trainings.c.owner == self._owner, trainings.c.place_key.in_(keys))

    def _key_of(self, place: Place) -> str:
        chat, message = place
        return self._key.digest(f"training:{chat}:{message}")


_RENEWED: Final = (trainings.c.place_key, trainings.c.cancelled)
