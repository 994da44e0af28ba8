"""One database, SQLite or PostgreSQL: connections, transactions, migrations, and what its errors mean.

The engine is a synchronous one. SQLite blocks whatever drives it, training and the command line have no event loop,
and the two drivers that the bot ships are synchronous; the bot calls it from threads of its own
(:meth:`bot.corrections.storage.Storage.run`).
"""

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, exc, make_url, text
from sqlalchemy.dialects import postgresql, sqlite

from bot.corrections.errors import StoreSettingsError, StoreUnavailable

Clock = Callable[[], datetime]

CONNECTIONS: Final = 4
"""As many as :class:`bot.corrections.storage.Storage` has threads."""

BUSY_S: Final = 4.0
"""How long a writer waits for another one."""

CONNECT_S: Final = 3
AWAY_PAUSE_S: Final = 1.0
"""After a failed connection nobody tries again for this long, so that a lost database costs each photo nothing."""

_POSTGRES_OPTIONS: Final = {
    "connect_timeout": CONNECT_S,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
    "application_name": "garment-bot",
    # A replica that hangs inside a transaction must not hold the others up.
    "options": f"-c lock_timeout={int(BUSY_S * 1000)} -c statement_timeout=8000 "
    "-c idle_in_transaction_session_timeout=10000",
}
_LOCKS: Final = {"schema": 7_261_001, "corrections": 7_261_002, "models": 7_261_003}
"""Numbers of our advisory locks: any, as long as they differ."""

_logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def parse_url(database_url: str, root: Path) -> URL:
    """Read ``DATABASE_URL``.

    Args:
        database_url: ``sqlite:///file``, ``postgres://...`` or ``postgresql://...``.
        root: the folder that a relative SQLite path starts from.

    Raises:
        StoreSettingsError: it is neither; the message holds no part of it, for it may hold a password.
    """
    try:
        url = make_url(database_url.strip())
    except (exc.ArgumentError, ValueError):
        raise StoreSettingsError(
            "DATABASE_URL cannot be read: postgresql://user:password@host:5432/name, or sqlite:///var/bot.sqlite3 "
            "(write @ : / in a password as %40 %3A %2F)"
        ) from None
    backend = url.drivername.partition("+")[0]
    if backend in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise StoreSettingsError("DATABASE_URL names no SQLite file: sqlite:///var/bot.sqlite3")
        return url.set(drivername="sqlite+pysqlite", database=str(root / url.database))
    raise StoreSettingsError("DATABASE_URL must start with sqlite:/// or postgresql://")


class Database:
    """Hands out transactions; every failure of the database leaves it as :class:`StoreUnavailable`.

    Nothing is opened at construction: a bot starts while its database is away, and finds it when it returns.
    """

    def __init__(self, url: URL, *, clock: Clock = utc_now) -> None:
        """Prepare to open a database.

        Args:
            url: from :func:`parse_url`.
            clock: tells the time; tests turn it.

        Raises:
            StoreSettingsError: the driver is not installed.
        """
        self.now = clock
        self.on_postgres = url.get_backend_name() == "postgresql"
        self._file = None if self.on_postgres else Path(url.database or "")
        self._place = f"SQLite at {self._file}" if self._file else f"PostgreSQL at {url.host or 'the local socket'}"
        self._password = str(url.password or "")
        self._engine = _make_engine(url)
        self._writing: contextlib.AbstractContextManager[Any] = (
            contextlib.nullcontext() if self.on_postgres else threading.Lock()
        )
        self._preparing = threading.Lock()
        self._prepared = False
        self._checks: list[Callable[[Connection], None]] = []
        self._away_until = 0.0

    def __repr__(self) -> str:
        return f"Database({self._place})"

    def check_at_start(self, check: Callable[[Connection], None]) -> None:
        """Run ``check`` in the transaction that brings the tables up to date."""
        self._checks.append(check)

    def prepare(self) -> None:
        """Bring the tables up to date, once; replicas that start together wait for each other.

        Raises:
            StoreUnavailable: the database is away.
            StoreSettingsError: it is not ours to use: made by a newer version, or kept under another ``DATA_KEY``.
        """
        with self._preparing:
            if self._prepared:
                return
            from bot.corrections.migrate import migrate  # Alembic: a fifth of a second, only where it is used

            with self._transaction(writes=True) as connection:
                self.lock(connection, "schema")
                migrate(connection)
                for check in self._checks:
                    check(connection)
            self._prepared = True
            self.scrub()  # what a killed process deleted and could not wipe any more

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads.

        Raises:
            StoreUnavailable: the database is away.
        """
        self._prepare_quietly()
        with self._transaction(writes=False) as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block has ended without an exception.

        Raises:
            StoreUnavailable: the database is away, or cannot write.
        """
        self._prepare_quietly()
        with self._transaction(writes=True) as connection:
            yield connection

    def lock(self, connection: Connection, name: str) -> None:
        """Make this transaction the only one that holds ``name``; on SQLite every writer is alone anyway."""
        if self.on_postgres:
            connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": _LOCKS[name]})

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insert that knows ``on conflict``."""
        return postgresql.insert(table) if self.on_postgres else sqlite.insert(table)

    def scrub(self) -> None:
        """Remove what was deleted from the files, too.

        SQLite overwrites deleted rows with zeros (``secure_delete``) once its log is written back, which happens here.
        PostgreSQL is asked to vacuum; its write-ahead log and backups are the operator's.
        """
        try:
            with _translated(self._place, self._password), self._engine.connect() as connection:
                driver = connection.execution_options(isolation_level="AUTOCOMMIT")
                if self.on_postgres:
                    driver.execute(text("vacuum corrections, handled_updates, album_parts"))
                else:
                    with self._writing:
                        busy = driver.execute(text("pragma wal_checkpoint(truncate)")).scalar_one()
                    if busy:
                        _logger.warning("Deleted rows are wiped from the log of the database a little later")
        except StoreUnavailable as error:
            _logger.warning("Deleted rows are wiped from the files later: %s", error)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _prepare_quietly(self) -> None:
        if self._prepared:
            return
        try:
            self.prepare()
        except StoreSettingsError as error:
            raise StoreUnavailable(str(error)) from error

    @contextlib.contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        with contextlib.ExitStack() as stack:
            stack.enter_context(_translated(self._place, self._password))
            if writes:
                stack.enter_context(self._writing)
            connection = stack.enter_context(self._connect())
            connection = connection.execution_options(bot_writes=writes)
            with connection.begin():
                yield connection

    def _connect(self) -> Connection:
        if time.monotonic() < self._away_until:
            raise StoreUnavailable(f"{self._place} was away a moment ago")
        try:
            if self._file is not None:
                _touch_privately(self._file)
            return self._engine.connect()
        except (exc.DBAPIError, exc.TimeoutError, OSError, sqlite3.Error):
            self._away_until = time.monotonic() + AWAY_PAUSE_S
            raise


def _make_engine(url: URL) -> Engine:
    postgres = url.get_backend_name() == "postgresql"
    try:
        engine = create_engine(
            url,
            connect_args={**_POSTGRES_OPTIONS} if postgres else {"timeout": BUSY_S},
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=BUSY_S,
            pool_pre_ping=postgres,
            hide_parameters=True,
        )
    except ImportError as error:
        raise StoreSettingsError("PostgreSQL needs its driver: pip install '.[postgres]'") from error
    if not postgres:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # sqlite3 must not begin transactions by itself: see _begin_sqlite
    for pragma in (
        "journal_mode = wal",
        "synchronous = full",
        "foreign_keys = on",
        "secure_delete = on",
        "cache_size = -512",  # KiB a connection, a fourth of the default: the system keeps the file in memory, too
    ):
        connection.execute(f"pragma {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its place at once: an upgrade from reading to writing fails when another one was faster."""
    writes = connection.get_execution_options().get("bot_writes", False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _touch_privately(file: Path) -> None:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


@contextlib.contextmanager
def _translated(place: str, password: str) -> Iterator[None]:
    """Turn what the drivers raise into one line without secrets; mistakes of ours stay as they are."""
    try:
        yield
    except (
        exc.OperationalError,
        exc.InterfaceError,
        exc.InternalError,
        exc.TimeoutError,
        OSError,
        sqlite3.Error,
    ) as error:
        raise StoreUnavailable(_reason(place, password, error)) from None
    except exc.DBAPIError as error:
        if error.connection_invalidated or type(error) is exc.DatabaseError:
            raise StoreUnavailable(_reason(place, password, error)) from None
        raise


def _reason(place: str, password: str, error: Exception) -> str:
    said = str(error.orig if isinstance(error, exc.DBAPIError) else error)
    line = " ".join(said.split())[:300]
    if password:
        line = line.replace(password, "***")
    return f"{place}: {line}"
