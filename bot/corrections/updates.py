"""Which updates were handled: each one once, whoever receives it, and none lost when a process dies.

A webhook's update is gone for Telegram once it is answered with 200, so it is written down first. The process that
writes it down leases it; a lease that is not renewed has lost its owner, and another process takes the update over.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from bot.corrections import retention
from bot.corrections.data_key import DataKey
from bot.corrections.database import Database
from bot.corrections.leases import Tenure
from bot.corrections.schema import handled_updates
from bot.corrections.types import StoredUpdate

LEASE: Final = timedelta(seconds=20)
"""Renew several times in it."""

MAX_ATTEMPTS: Final = 3
"""An update that has ended three processes is left alone."""

_table = handled_updates.c


class UpdateLog:
    """The updates of one bot, as one process of it sees them.

    Raises, from every method:
        StoreUnavailable: the database is away.
    """

    def __init__(self, database: Database, key: DataKey, *, owner: str) -> None:
        """Use a database.

        Args:
            database: shared by all replicas.
            key: hides the chat ids in an update's identity.
            owner: names this process, differently at each start.
        """
        self._database = database
        self._key = key
        self._owner = owner
        self._tenure = Tenure()

    def key_of(self, payload: bytes, *, bot: str = "") -> str:
        """Name an update: equal for every delivery of it, different for every other one.

        The update's number alone would not do: it starts anew with another bot, or on a local server.

        Args:
            payload: the update's JSON.
            bot: tells apart bots that share a database.

        Raises:
            ValueError: this is not an update.
        """
        return self._key.digest(f"{bot}:{_identity(payload)}")

    def claim_update(self, update_key: str, payload: bytes | None = None) -> bool:
        """Write an update down as being handled here.

        Args:
            update_key: from :meth:`key_of`.
            payload: what another process needs to handle it in our place; without it nobody can.

        Returns:
            Whether it is ours. False when it is answered or being handled, here or elsewhere.
        """
        now = self._database.now()
        statement = self._database.insert(handled_updates).values(
            update_key=update_key,
            state="received",
            payload=payload,
            owner=self._owner,
            lease_until=now + LEASE,
            attempts=1,
            received_at=now,
        )
        with self._database.write() as connection:
            if connection.execute(statement.on_conflict_do_nothing().returning(_table.update_key)).first():
                return True
            return self._take_over(connection, update_key)

    def mark_answered(self, *update_keys: str) -> None:
        """Note that these updates need nothing more, and forget what they said.

        One that could not be written down when it came, because the database was away, is written down now.
        """
        now = self._database.now()
        done = {"state": "answered", "payload": None}
        received = {"owner": self._owner, "lease_until": now, "attempts": 1, "received_at": now}
        with self._database.write() as connection:
            for key in sorted(update_keys):  # in one order everywhere, so that no two replicas wait for each other
                statement = self._database.insert(handled_updates).values(update_key=key, **done, **received)
                connection.execute(statement.on_conflict_do_update(index_elements=["update_key"], set_=done))

    def answered(self, *update_keys: str) -> frozenset[str]:
        """Which of these updates need nothing more."""
        query = select(_table.update_key).where(_table.update_key.in_(update_keys), _table.state == "answered")
        with self._database.read() as connection:
            return frozenset(connection.scalars(query))

    def unfinished_updates(self, limit: int = 20) -> tuple[StoredUpdate, ...]:
        """Take over updates whose process is gone, oldest first; none after :meth:`release`.

        Args:
            limit: at most this many at once, so that several replicas share what one has left.
        """
        query = (
            select(_table.update_key, _table.payload)
            .where(self._orphaned(), _table.payload.is_not(None))
            .order_by(_table.received_at)
            .limit(limit)
        )
        with self._database.read() as connection:
            if not (left := connection.execute(query).all()):
                return ()
        with self._tenure.lasting() as lasts, self._database.write() as connection:
            return tuple(
                StoredUpdate(key, bytes(payload)) for key, payload in left if lasts and self._take_over(connection, key)
            )

    def renew(self) -> None:
        """Say that this process lives and is still busy with what it claimed."""
        with self._tenure.lasting() as lasts:
            if lasts:
                self._set_leases(self._database.now() + LEASE)

    def release(self) -> None:
        """Leave what is not answered to the others, when this process ends."""
        with self._tenure.ending():
            self._set_leases(self._database.now() - timedelta(seconds=1))

    def expire(self) -> int:
        """Delete what no duplicate can refer to any more; returns how many rows."""
        old = _table.received_at < self._database.now() - retention.UPDATES_KEPT
        with self._database.write() as connection:
            return connection.execute(delete(handled_updates).where(old)).rowcount

    def unanswered(self) -> int:
        """How many updates are written down and not answered, over all replicas."""
        query = select(func.count()).where(_table.state == "received")
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def _orphaned(self) -> ColumnElement[bool]:
        return and_(
            _table.state == "received",
            _table.lease_until < self._database.now(),
            _table.attempts < MAX_ATTEMPTS,
        )

    def _take_over(self, connection: Connection, update_key: str) -> bool:
        lease = {"owner": self._owner, "lease_until": self._database.now() + LEASE, "attempts": _table.attempts + 1}
        mine = update(handled_updates).where(_table.update_key == update_key, self._orphaned()).values(**lease)
        return bool(connection.execute(mine).rowcount)

    def _set_leases(self, until: datetime) -> None:
        mine = and_(_table.owner == self._owner, _table.state == "received")
        with self._database.write() as connection:
            connection.execute(update(handled_updates).where(mine).values(lease_until=until))


def _identity(payload: bytes) -> str:
    """The number of an update and what cannot change between two deliveries of it (file ids can)."""
    try:
        parsed = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(parsed, dict) or type(parsed.get("update_id")) is not int:
        raise ValueError("not an update: no update_id")
    parts: list[object] = [parsed["update_id"]]
    for kind, content in parsed.items():
        if isinstance(content, Mapping):
            chat = content.get("chat")
            parts += [kind, content.get("id"), content.get("message_id"), content.get("date")]
            parts.append(chat.get("id") if isinstance(chat, Mapping) else None)
    return json.dumps(parts)
