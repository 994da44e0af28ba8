"""The networks that people trained in the chat: the newest of each person, for a week, within a cap for all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select

from bot.storage import retention
from bot.storage.schema import own_networks
from bot.storage.table import PeopleTable

MAX_WEIGHT_BYTES: Final = 1024 * 1024
"""512 neurons in 16 bits are .81 MB."""


@dataclass(frozen=True, slots=True)
class StoredNetwork:
    """A network as it is kept.

    Attributes:
        weights: its arrays, as :class:`bot.course.own_network.OwnNetwork` writes them.
        record: how it was trained and what it reached, JSON.
        trained: when, UTC.
    """

    weights: bytes = field(repr=False)
    record: Mapping[str, Any]
    trained: datetime


class NetworkTable(PeopleTable):
    """One network a person."""

    def keep(self, user: int, weights: bytes, record: Mapping[str, Any]) -> None:
        """Keep a network in the place of this person's earlier one; where all are too many, the oldest go.

        Args:
            user: Telegram id.
            weights: at most :data:`MAX_WEIGHT_BYTES`.
            record: JSON.

        Raises:
            ValueError: the weights are too many.
        """
        if len(weights) > MAX_WEIGHT_BYTES:
            raise ValueError("too many weights for a network of the course")
        user_key = self._key.reference(user)
        row = {"weights": weights, "bytes": len(weights), "record": dict(record), "trained_at": self._database.now()}
        with self._database.write() as connection:
            self._database.lock(connection, "networks")
            self._database.put(connection, own_networks, {"user_key": user_key}, row)
            _drop_oldest(connection, retention.MAX_NETWORK_BYTES, user_key)

    def of(self, user: int) -> StoredNetwork | None:
        """The network of a person; None without one, and when its week is over."""
        query = select(own_networks).where(
            own_networks.c.user_key == self._key.reference(user),
            own_networks.c.trained_at >= self._database.now() - retention.NETWORK_KEPT,
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else StoredNetwork(bytes(row.weights), row.record, row.trained_at)

    def has(self, user: int) -> bool:
        """Whether :meth:`of` has one."""
        query = select(func.count()).where(
            own_networks.c.user_key == self._key.reference(user),
            own_networks.c.trained_at >= self._database.now() - retention.NETWORK_KEPT,
        )
        with self._database.read() as connection:
            return bool(connection.scalar(query))

    def expire(self) -> int:
        """Delete those whose week is over; returns how many."""
        aged = own_networks.c.trained_at < self._database.now() - retention.NETWORK_KEPT
        return self._database.delete(own_networks, aged)


def _drop_oldest(connection: Connection, limit: int, newest: str) -> None:
    """Delete the oldest networks until all together take at most ``limit`` bytes; the newest stays."""
    columns = own_networks.c.user_key, own_networks.c.bytes
    others = select(*columns).where(own_networks.c.user_key != newest).order_by(own_networks.c.trained_at.desc())
    total: int = connection.scalar(select(own_networks.c.bytes).where(own_networks.c.user_key == newest)) or 0
    dropped = []
    for user_key, size in connection.execute(others):
        total += size
        if total > limit:
            dropped.append(user_key)
    if dropped:
        connection.execute(delete(own_networks).where(own_networks.c.user_key.in_(dropped)))
