"""Albums whose photos reach different replicas still get one answer.

Telegram sends an album as separate updates, without a count and without an end. Every replica puts its parts here;
after a moment of quiet one of them gets the whole album, and the others get nothing.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from bot.corrections import retention
from bot.corrections.data_key import DataKey
from bot.corrections.database import Database
from bot.corrections.leases import Tenure
from bot.corrections.schema import album_parts, albums
from bot.corrections.types import AlbumClaim, AlbumPart, AlbumState
from bot.corrections.updates import LEASE

QUIET: Final = timedelta(seconds=1)
"""An album is complete when nothing has come for this long."""

LONGEST: Final = timedelta(seconds=5)
"""And after this long in any case."""


class AlbumTable:
    """Albums in progress, over all replicas.

    Raises, from every method:
        StoreUnavailable: the database is away.
    """

    def __init__(self, database: Database, key: DataKey, *, owner: str) -> None:
        """Use a database.

        Args:
            database: shared by all replicas.
            key: hides chat ids.
            owner: names this process, differently at each start.
        """
        self._database = database
        self._key = key
        self._owner = owner
        self._tenure = Tenure()

    def key_of(self, chat: int, media_group: str) -> str:
        """Name an album.

        Args:
            chat: Telegram id of the chat.
            media_group: the ``media_group_id`` of its messages.
        """
        return self._key.digest(f"{chat}:{media_group}")

    def add_album_part(self, album: str, part: AlbumPart) -> bool:
        """Put a photo to the others of its album.

        Returns:
            False when it comes too late: the album is answered, or being answered. Answer it by itself.
        """
        now = self._database.now()
        new = self._database.insert(albums).values(album_key=album, first_at=now, last_at=now)
        photo = self._database.insert(album_parts).values(
            album_key=album, message_id=part.message_id, payload=part.payload
        )
        with self._database.write() as connection:
            connection.execute(new.on_conflict_do_nothing())
            if not connection.execute(
                update(albums).where(albums.c.album_key == album, self._open(now)).values(last_at=now)
            ).rowcount:
                return False
            connection.execute(photo.on_conflict_do_nothing())
            return True

    def claim_album(self, album: str) -> AlbumClaim:
        """Ask for an album, after its last photo has come.

        Returns:
            ``FILLING`` with how long to wait before asking again, ``MINE`` with all photos, or ``TAKEN``
            (always so after :meth:`release`).
        """
        now = self._database.now()
        with self._tenure.lasting() as lasts, self._database.write() as connection:
            if not lasts:
                return AlbumClaim(AlbumState.TAKEN)
            times = connection.execute(
                select(albums.c.first_at, albums.c.last_at)
                .where(albums.c.album_key == album, self._open(now))
                .with_for_update()
            ).first()
            if times is None:
                return AlbumClaim(AlbumState.TAKEN)
            wait = min(times.last_at + QUIET, times.first_at + LONGEST) - now
            if wait > timedelta(0):
                return AlbumClaim(AlbumState.FILLING, wait_s=wait.total_seconds())
            lease = {"owner": self._owner, "lease_until": now + LEASE}
            connection.execute(update(albums).where(albums.c.album_key == album).values(**lease))
            return AlbumClaim(AlbumState.MINE, parts=_parts(connection, album))

    def finish_album(self, album: str) -> None:
        """Note that an album is answered, and forget its photos."""
        with self._database.write() as connection:
            connection.execute(delete(album_parts).where(album_parts.c.album_key == album))
            connection.execute(
                update(albums).where(albums.c.album_key == album).values(answered_at=self._database.now())
            )

    def unfinished_albums(self, limit: int = 20) -> tuple[str, ...]:
        """Albums that are complete and that nobody works on: ask for them with :meth:`claim_album`.

        Args:
            limit: at most this many at once.
        """
        now = self._database.now()
        left = and_(self._open(now), albums.c.last_at < now - LONGEST)
        query = select(albums.c.album_key).where(left).order_by(albums.c.first_at).limit(limit)
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def renew(self) -> None:
        """Say that this process lives and is still busy with the albums it claimed."""
        with self._tenure.lasting() as lasts:
            if lasts:
                self._set_leases(self._database.now() + LEASE)

    def release(self) -> None:
        """Leave what is not answered to the others, when this process ends."""
        with self._tenure.ending():
            self._set_leases(self._database.now() - timedelta(seconds=1))

    def expire(self) -> int:
        """Delete albums that nobody can add to any more; returns how many."""
        old = albums.c.first_at < self._database.now() - retention.ALBUMS_KEPT
        with self._database.write() as connection:
            return connection.execute(delete(albums).where(old)).rowcount

    def _set_leases(self, until: datetime) -> None:
        mine = and_(albums.c.owner == self._owner, albums.c.answered_at.is_(None))
        with self._database.write() as connection:
            connection.execute(update(albums).where(mine).values(lease_until=until))

    @staticmethod
    def _open(now: datetime) -> ColumnElement[bool]:
        return and_(albums.c.answered_at.is_(None), or_(albums.c.owner.is_(None), albums.c.lease_until < now))


def _parts(connection: Connection, album: str) -> tuple[AlbumPart, ...]:
    query = (
        select(album_parts.c.message_id, album_parts.c.payload)
        .where(album_parts.c.album_key == album)
        .order_by(album_parts.c.message_id)
    )
    return tuple(AlbumPart(message_id, bytes(payload)) for message_id, payload in connection.execute(query))
