"""One database, SQLite or PostgreSQL: connections, transactions, migrations, and what its errors mean.

The engine is a synchronous one. SQLite blocks whatever drives it, training and the command line have no event loop,
and the two drivers that the bot ships are synchronous; the bot calls it from threads of its own
(:meth:`bot.storage.storage.Storage.run`).
"""

import contextlib
import logging
import math
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, ColumnElement, Connection, Engine, Table, create_engine, delete, event, exc, make_url, text
from sqlalchemy.dialects import sqlite

from bot.storage.errors import StoreSettingsError, StoreUnavailable
from bot.storage.schema_version import is_current

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Clock = Callable[[], datetime]

CONNECTIONS: Final = 4
"""As many as :class:`bot.storage.storage.Storage` has threads."""

_WAL_PAUSE_S: Final = 0.02
_PRIMARY_CODE: Final = 0xFF
"""The part of SQLite's error codes that says what is wrong; the rest says why."""

_LOCKS: Final = {"schema": 7_261_001, "corrections": 7_261_002, "models": 7_261_003, "networks": 7_261_004}
"""Numbers of our advisory locks: any, as long as they differ."""

_SCRUBBED: Final = (
    "consents, refusals, corrections, languages, handled_updates, album_parts, own_networks, class_results, "
    "quiz_votes, course_places, last_answers, trainings"
)
"""Tables of people, whose deleted rows PostgreSQL is asked to wipe at once; SQLite wipes those of all tables."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a database is waited for, in seconds.

    Attributes:
        busy_s: how long a writer waits for another one.
        prepare_s: how long a process that starts waits for another one, which brings the tables up to date.
        connect_s: for a connection to PostgreSQL.
        statement_s: how long one statement may take, the commit among them; PostgreSQL ends it then.
        away_pause_s: how long nobody tries again after a failed connection: a lost database costs a photo nothing.
        work_s: what has not come to its commit by then is rolled back.
        call_s: how long a caller waits before it goes on without: longer than the last commit can take.
    """

    busy_s: float = 3.0
    prepare_s: float = 20.0
    connect_s: int = 3
    statement_s: float = 4.0
    away_pause_s: float = 1.0
    work_s: float = 4.0
    call_s: float = work_s + statement_s + 2.0


TIMEOUTS: Final = Timeouts()


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

    def __init__(self, url: URL, *, clock: Clock = utc_now, timeouts: Timeouts = TIMEOUTS) -> None:
        """Prepare to open a database.

        Args:
            url: from :func:`parse_url`.
            clock: tells the time; tests turn it.
            timeouts: how long it is waited for.

        Raises:
            StoreSettingsError: the driver is not installed.
        """
        self.now = clock
        self.timeouts = timeouts
        self.on_postgres = url.get_backend_name() == "postgresql"
        self._file = None if self.on_postgres else Path(url.database or "")
        self._place = f"SQLite at {self._file}" if self._file else f"PostgreSQL at {url.host or 'the local socket'}"
        self._password = str(url.password or "")
        self._engine = _make_engine(url, timeouts)
        self._one_writer = threading.Lock()
        self._local = threading.local()
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
            # Whoever waits for this has given up before a long migration ends; it must be done all the same.
            with self._transaction(writes=True, limited=False, patience_s=self.timeouts.prepare_s) as connection:
                self._lock_schema(connection)
                if not is_current(connection):
                    from bot.storage.migrate import migrate  # Alembic: a fifth of a second, only where it is used

                    migrate(connection)
                for check in self._checks:
                    check(connection)
            self._prepared = True
            self.scrub()  # what a killed process deleted and could not wipe any more

    @contextlib.contextmanager
    def until(self, deadline: float) -> Iterator[None]:
        """Let no transaction of this thread commit after ``deadline``, when nobody waits for it any more.

        Args:
            deadline: of :func:`time.monotonic`.
        """
        self._local.deadline = deadline
        try:
            yield
        finally:
            del self._local.deadline

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

    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """An insert that knows ``on conflict``."""
        if not self.on_postgres:
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql  # not for those who have no such database

        return postgresql.insert(table)

    def put(self, connection: Connection, table: Table, keys: Mapping[str, object], row: Mapping[str, object]) -> None:
        """Write a row, in the place of the one with the same keys where there is one."""
        statement = self.insert(table).values(**keys, **row)
        connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=row))

    def delete(self, table: Table, which: ColumnElement[bool]) -> int:
        """Delete rows in a transaction of its own; returns how many."""
        with self.write() as connection:
            return connection.execute(delete(table).where(which)).rowcount

    def scrub(self) -> None:
        """Remove what was deleted from the files, too.

        SQLite overwrites deleted rows with zeros (``secure_delete``) once its log is written back, which happens here.
        PostgreSQL is asked to vacuum; its write-ahead log and backups are the operator's.
        """
        try:
            with _translated(self._place, self._password), self._engine.connect() as connection:
                driver = connection.execution_options(isolation_level="AUTOCOMMIT")
                if self.on_postgres:
                    driver.execute(text(f"vacuum {_SCRUBBED}"))
                else:
                    with self._only_writer():
                        busy = driver.execute(text("pragma wal_checkpoint(truncate)")).scalar_one()
                    if busy:
                        _logger.warning("Deleted rows are wiped from the log of the database a little later")
        except StoreUnavailable as error:
            _logger.warning("Deleted rows are wiped from the files later: %s", error)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _lock_schema(self, connection: Connection) -> None:
        """Let no other process bring the tables up to date meanwhile; a migration may then take its time."""
        if self.on_postgres:
            for name in ("lock_timeout", "statement_timeout"):
                connection.execute(text(f"set local {name} = {_ms(self.timeouts.prepare_s)}"))
        self.lock(connection, "schema")
        if self.on_postgres:
            connection.execute(text(f"set local lock_timeout = {_ms(self.timeouts.busy_s)}"))
            connection.execute(text("set local statement_timeout = 0"))

    def _prepare_quietly(self) -> None:
        if self._prepared:
            return
        try:
            self.prepare()
        except StoreSettingsError as error:
            raise StoreUnavailable(str(error)) from error

    @contextlib.contextmanager
    def _transaction(
        self, *, writes: bool, limited: bool = True, patience_s: float | None = None
    ) -> Iterator[Connection]:
        with contextlib.ExitStack() as stack:
            stack.enter_context(_translated(self._place, self._password))
            if limited:
                self._check_in_time()
            if writes:
                stack.enter_context(self._only_writer())
            connection = stack.enter_context(self._connect())
            patience_s = self.timeouts.busy_s if patience_s is None else patience_s
            connection = connection.execution_options(bot_writes=writes, bot_patience_s=patience_s)
            with connection.begin():
                yield connection
                if limited:
                    self._check_in_time()

    def _check_in_time(self) -> None:
        if time.monotonic() > getattr(self._local, "deadline", math.inf):
            raise StoreUnavailable(f"{self._place} is too slow: nobody waits for the answer any more")

    @contextlib.contextmanager
    def _only_writer(self) -> Iterator[None]:
        """On SQLite, wait for the other writers of this process, which know nothing of each other's patience."""
        if self.on_postgres:
            yield
            return
        if not self._one_writer.acquire(timeout=self.timeouts.busy_s):
            raise StoreUnavailable(f"{self._place} is busy")
        try:
            yield
        finally:
            self._one_writer.release()

    def _connect(self) -> Connection:
        if time.monotonic() < self._away_until:
            raise StoreUnavailable(f"{self._place} was away a moment ago")
        try:
            if self._file is not None:
                _touch_privately(self._file)
            return self._engine.connect()
        except (exc.DBAPIError, exc.TimeoutError, OSError, sqlite3.Error):
            self._away_until = time.monotonic() + self.timeouts.away_pause_s
            raise


def _make_engine(url: URL, timeouts: Timeouts) -> Engine:
    postgres = url.get_backend_name() == "postgresql"
    try:
        engine = create_engine(
            url,
            connect_args=_postgres_options(timeouts) if postgres else {"timeout": timeouts.busy_s},
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=timeouts.busy_s,
            pool_pre_ping=postgres,
            hide_parameters=True,
        )
    except ImportError as error:
        raise StoreSettingsError("PostgreSQL needs its driver: pip install '.[postgres]'") from error
    if not postgres:
        event.listen(engine, "connect", partial(_set_up_sqlite, timeouts.busy_s))
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgres_options(timeouts: Timeouts) -> dict[str, Any]:
    return {
        "connect_timeout": timeouts.connect_s,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "tcp_user_timeout": 5_000,
        "application_name": "garment-bot",
        # A replica that hangs inside a transaction must not hold the others up.
        "options": f"-c lock_timeout={_ms(timeouts.busy_s)} -c statement_timeout={_ms(timeouts.statement_s)} "
        "-c idle_in_transaction_session_timeout=10000",
    }


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


def _set_up_sqlite(busy_s: float, connection: Any, _record: object) -> None:
    connection.isolation_level = None  # sqlite3 must not begin transactions by itself: see _begin_sqlite
    _switch_to_wal(connection, busy_s)
    for pragma in (
        "synchronous = full",
        "foreign_keys = on",
        "secure_delete = on",
        "cache_size = -512",  # KiB a connection, a fourth of the default: the system keeps the file in memory, too
    ):
        connection.execute(f"pragma {pragma}").close()


def _switch_to_wal(connection: sqlite3.Connection, busy_s: float) -> None:
    """Let readers and a writer work side by side; the file remembers it, so only the first connection changes anything.

    SQLite reads the file and then asks to write it. Where another connection does the same, or writes, it fails at
    once instead of waiting, since two that upgrade would wait for each other (sqlite.org/c3ref/busy_handler.html); so
    processes that start together on a new file have to try again.

    Raises:
        sqlite3.OperationalError: the file was busy for ``busy_s``, or cannot be used.
    """
    deadline = time.monotonic() + busy_s
    while True:
        try:
            connection.execute("pragma journal_mode = wal").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_WAL_PAUSE_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its place at once: an upgrade from reading to writing fails when another one was faster."""
    options = connection.get_execution_options()
    if not options.get("bot_writes", False):
        connection.exec_driver_sql("begin")
        return
    connection.exec_driver_sql(f"pragma busy_timeout = {_ms(options['bot_patience_s'])}").close()
    connection.exec_driver_sql("begin immediate")


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
