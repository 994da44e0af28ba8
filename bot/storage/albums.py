"""Albums whose photos reach different replicas still get one answer.

Telegram sends an album as separate updates, without a count and without an end. Every replica puts its parts here;
after a moment of quiet one of them gets the whole album, and the others get nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, update

from bot.storage import retention
from bot.storage.leases import LEASE, LeasedTable
from bot.storage.schema import album_parts, albums
from bot.storage.types import AlbumClaim, AlbumPart, AlbumState
from bot.storage.updates import MAX_ATTEMPTS

QUIET: Final = timedelta(seconds=1)
"""An album is complete when nothing has come for this long."""

LONGEST: Final = timedelta(seconds=5)
"""And after this long in any case."""

MAX_FAILURES: Final = 3
"""An album that cannot be taken on is tried so often; as an update, it may see more processes end."""


class AlbumTable(LeasedTable):
    """Albums in progress, over all replicas."""

    _rows = albums

    def key_of(self, chat: int, media_group: str) -> str:
        """Name an album.

        Args:
            chat: Telegram id of the chat.
            media_group: the ``media_group_id`` of its messages.
        """
        return self._key.digest(f"{chat}:{media_group}")

    def add_album_part(self, album: str, part: AlbumPart, *, take_over: bool = True) -> bool:
        """Put a photo to the others of its album.

        Args:
            album: from :meth:`key_of`.
            part: the photo.
            take_over: whether a lease that has ended means that its owner is gone; what was left is taken always.

        Returns:
            False when it comes too late: the album is answered, or being answered, without it. Answer it by itself.
            One that was put there before, by a process that could not note it any more, is never too late.
        """
        now = self._database.now()
        new = self._database.insert(albums).values(album_key=album, first_at=now, last_at=now, attempts=0)
        photo = self._database.insert(album_parts).values(
            album_key=album, message_id=part.message_id, payload=part.payload
        )
        with self._database.write() as connection:
            connection.execute(new.on_conflict_do_nothing())
            if connection.execute(
                select(album_parts.c.message_id).where(
                    album_parts.c.album_key == album, album_parts.c.message_id == part.message_id
                )
            ).first():
                return True
            if not connection.execute(
                update(albums).where(albums.c.album_key == album, self._open(now, take_over)).values(last_at=now)
            ).rowcount:
                return False
            connection.execute(photo)
            return True

    def claim_album(self, album: str, *, quiet: timedelta = QUIET, take_over: bool = True) -> AlbumClaim:
        """Ask for an album, after its last photo has come.

        Args:
            album: from :meth:`key_of`.
            quiet: for how long nothing has come when it is complete.
            take_over: as for :meth:`add_album_part`.

        Returns:
            ``FILLING`` with how long to wait before asking again, ``MINE`` with all photos, or ``TAKEN``
            (always so after :meth:`release`).
        """
        now = self._database.now()
        with self._lease_state.lasting() as lasts, self._database.write() as connection:
            if not lasts:
                return AlbumClaim(AlbumState.TAKEN)
            times = connection.execute(
                select(albums.c.first_at, albums.c.last_at, albums.c.attempts)
                .where(albums.c.album_key == album, self._open(now, take_over))
                .with_for_update()
            ).first()
            if times is None:
                return AlbumClaim(AlbumState.TAKEN)
            wait = min(times.last_at + quiet, times.first_at + LONGEST) - now
            if wait > timedelta(0):
                return AlbumClaim(AlbumState.FILLING, wait_s=wait.total_seconds())
            attempts = times.attempts + 1
            lease = {"owner": self._owner, "lease_until": now + LEASE, "attempts": attempts}
            connection.execute(update(albums).where(albums.c.album_key == album).values(**lease))
            return AlbumClaim(
                AlbumState.MINE,
                _parts(connection, album),
                last_attempt=attempts >= MAX_FAILURES,
                given_up=attempts >= MAX_ATTEMPTS,
            )

    def finish_album(self, album: str) -> None:
        """Note that an album is answered, and forget what its photos were; nothing when it is another's by now."""
        mine = and_(albums.c.album_key == album, albums.c.owner == self._owner)
        with self._database.write() as connection:
            if connection.execute(update(albums).where(mine).values(answered_at=self._database.now())).rowcount:
                connection.execute(update(album_parts).where(album_parts.c.album_key == album).values(payload=b""))

    def give_back(self, album: str) -> None:
        """Leave an album that could not be answered to another attempt, here or elsewhere."""
        mine = and_(albums.c.album_key == album, self._mine())
        with self._database.write() as connection:
            connection.execute(update(albums).where(mine).values(**self._nobodys()))

    def lost(self, *keys: str) -> frozenset[str]:
        """Which of these albums another process has answered or answers now."""
        elsewhere = or_(albums.c.answered_at.is_not(None), albums.c.owner != self._owner)
        query = select(albums.c.album_key).where(albums.c.album_key.in_(keys), elsewhere)
        with self._database.read() as connection:
            return frozenset(connection.scalars(query))

    def unfinished_albums(self, limit: int = 20, *, take_over: bool = True) -> tuple[str, ...]:
        """Albums that are complete and that nobody works on: ask for them with :meth:`claim_album`.

        Args:
            limit: at most this many at once.
            take_over: as for :meth:`add_album_part`.
        """
        now = self._database.now()
        left = and_(self._open(now, take_over), albums.c.last_at < now - LONGEST)
        query = select(albums.c.album_key).where(left).order_by(albums.c.first_at).limit(limit)
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def expire(self) -> int:
        """Delete albums that nobody can add to any more; returns how many."""
        old = albums.c.first_at < self._database.now() - retention.ALBUMS_KEPT
        return self._database.delete(albums, old)

    def _mine(self) -> ColumnElement[bool]:
        return and_(albums.c.owner == self._owner, albums.c.answered_at.is_(None))

    def _nobodys(self) -> Mapping[str, object]:
        return {"owner": None, "lease_until": None}

    @staticmethod
    def _open(now: datetime, take_over: bool) -> ColumnElement[bool]:
        ended = albums.c.lease_until < now if take_over else false()
        return and_(
            albums.c.answered_at.is_(None),
            or_(albums.c.owner.is_(None), ended),
            albums.c.attempts < MAX_ATTEMPTS,
        )


def _parts(connection: Connection, album: str) -> tuple[AlbumPart, ...]:
    query = (
        select(album_parts.c.message_id, album_parts.c.payload)
        .where(album_parts.c.album_key == album)
        .order_by(album_parts.c.message_id)
    )
    return tuple(AlbumPart(message_id, bytes(payload)) for message_id, payload in connection.execute(query))
