"""Which updates were handled: each one once, whoever receives it, and none lost when a process dies.

A webhook's update is gone for Telegram once it is answered with 200, so it is written down first. The process that
writes it down leases it; a lease that is not renewed has lost its owner, and another process takes the update over.
"""

import json
from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select, update

from bot.storage import retention
from bot.storage.errors import StoreUnavailable
from bot.storage.leases import LEASE, LeasedTable
from bot.storage.schema import handled_updates
from bot.storage.types import StoredUpdate

MAX_ATTEMPTS: Final = 10
"""Whoever takes an update on for the tenth time gives it up: it may be what ends processes. Most that saw a few end
have ended none: machines are restarted, and with one update all fall that are being answered."""

NOBODY: Final = ""
"""Owner of what a process that ended in an orderly way has left."""

_table = handled_updates.c


class UpdateLog(LeasedTable):
    """The updates of one bot, as one process of it sees them."""

    _rows = handled_updates

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

    def claim_update(self, update_key: str, payload: bytes | None = None, *, take_over: bool = True) -> bool:
        """Write an update down as being handled here.

        Args:
            update_key: from :meth:`key_of`.
            payload: what another process needs to handle it in our place; without it nobody can.
            take_over: whether a lease that has ended means that its owner is gone; what was left is taken always.

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
            return self._take_over(connection, update_key, self._orphaned(take_over=take_over)) is not None

    def write_down(self, payloads: Mapping[str, bytes]) -> None:
        """Keep updates that are being handled here already, so that another process finds them if this one ends.

        Args:
            payloads: the updates' JSON by their keys.
        """
        now = self._database.now()
        received = {"state": "received", "owner": self._owner, "lease_until": now + LEASE, "attempts": 1}
        with self._lease_state.lasting() as lasts, self._database.write() as connection:
            if not lasts:
                raise StoreUnavailable("this process is ending")
            for key in sorted(payloads):
                row = {"update_key": key, "payload": payloads[key], "received_at": now, **received}
                connection.execute(self._database.insert(handled_updates).values(**row).on_conflict_do_nothing())

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

    def unfinished_updates(self, limit: int = 20, *, take_over: bool = True) -> tuple[StoredUpdate, ...]:
        """Take over updates whose process is gone, oldest first; none after :meth:`release`.

        Args:
            limit: at most this many at once, so that several replicas share what one has left.
            take_over: as for :meth:`claim_update`.
        """
        orphaned = self._orphaned(take_over=take_over)
        query = (
            select(_table.update_key, _table.payload)
            .where(orphaned, _table.payload.is_not(None))
            .order_by(_table.received_at)
            .limit(limit)
        )
        with self._database.read() as connection:
            if not (left := connection.execute(query).all()):
                return ()
        with self._lease_state.lasting() as lasts, self._database.write() as connection:
            return tuple(
                StoredUpdate(key, bytes(payload), given_up=attempts >= MAX_ATTEMPTS)
                for key, payload in left
                if lasts and (attempts := self._take_over(connection, key, orphaned))
            )

    def lost(self, *update_keys: str) -> frozenset[str]:
        """Which of these updates another process has answered or answers now."""
        elsewhere = or_(_table.state == "answered", _table.owner.not_in((self._owner, NOBODY)))
        query = select(_table.update_key).where(_table.update_key.in_(update_keys), elsewhere)
        with self._database.read() as connection:
            return frozenset(connection.scalars(query))

    def expire(self) -> int:
        """Delete what no duplicate can refer to any more; returns how many rows."""
        old = _table.received_at < self._database.now() - retention.UPDATES_KEPT
        return self._database.delete(handled_updates, old)

    def unanswered(self) -> int:
        """How many updates are written down and not answered, over all replicas."""
        query = select(func.count()).where(_table.state == "received")
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def _orphaned(self, *, take_over: bool) -> ColumnElement[bool]:
        ended = _table.lease_until < self._database.now() if take_over else false()
        return and_(
            _table.state == "received",
            or_(_table.owner == NOBODY, ended),
            _table.attempts < MAX_ATTEMPTS,
        )

    def _take_over(self, connection: Connection, update_key: str, orphaned: ColumnElement[bool]) -> int | None:
        """Take one over; how often it has been taken on by now, None when it is not to be had."""
        lease = {"owner": self._owner, "lease_until": self._database.now() + LEASE, "attempts": _table.attempts + 1}
        mine = update(handled_updates).where(_table.update_key == update_key, orphaned).values(**lease)
        return connection.execute(mine.returning(_table.attempts)).scalar()

    def _mine(self) -> ColumnElement[bool]:
        return and_(_table.owner == self._owner, _table.state == "received")

    def _nobodys(self) -> Mapping[str, object]:
        return {"owner": NOBODY, "lease_until": self._database.now()}


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
            if "poll_id" in content:  # an answer to a poll has no number of its own
                user = content.get("user")
                parts += [content["poll_id"], user.get("id") if isinstance(user, Mapping) else None]
    return json.dumps(parts)
