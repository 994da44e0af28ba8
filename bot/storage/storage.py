"""Opens everything that shares one database, and calls it from an event loop."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from bot.storage.albums import AlbumTable
from bot.storage.class_tables import ClassTables
from bot.storage.course_places import CoursePlaceTable
from bot.storage.data_key import DataKey, key_beside
from bot.storage.database import CONNECTIONS, TIMEOUTS, Clock, Database, Timeouts, parse_url, utc_now
from bot.storage.errors import StoreSettingsError, StoreUnavailable
from bot.storage.languages import LanguageTable
from bot.storage.last_answers import LastAnswerTable
from bot.storage.models import ModelTable
from bot.storage.networks import NetworkTable
from bot.storage.quizzes import QuizTable
from bot.storage.store import CorrectionStore
from bot.storage.trainings import TrainingTable
from bot.storage.updates import UpdateLog

SQLITE_FILE: Final = Path("var/bot.sqlite3")
KEY_FILE: Final = "data.key"
"""Beside the SQLite file: losing one makes the other useless, so they are kept and backed up together."""

P = ParamSpec("P")
T = TypeVar("T")


class Storage:
    """The stores of one process, and threads to call them from.

    Attributes:
        corrections: what people told the bot of its answers.
        updates: which updates were handled.
        albums: albums in progress.
        models: published models, polled by replicas when :attr:`shared`.
        networks: what people trained in the chat.
        classes: what groups reached with it.
        quizzes: what groups were asked.
        languages: in which language chats are answered.
        course_places: at which step of the course people are.
        last_answers: what people may share.
        trainings: which process trains for whom.
        when_away: told each time that the database turns out to be away.
    """

    def __init__(self, database: Database, key: DataKey) -> None:
        owner = secrets.token_hex(16)
        self.corrections = CorrectionStore(database, key)
        self.updates = UpdateLog(database, key, owner=owner)
        self.albums = AlbumTable(database, key, owner=owner)
        self.models = ModelTable(database)
        self.networks = NetworkTable(database, key)
        self.classes = ClassTables(database, key)
        self.quizzes = QuizTable(database, key)
        self.languages = LanguageTable(database, key)
        self.course_places = CoursePlaceTable(database, key)
        self.last_answers = LastAnswerTable(database, key)
        self.trainings = TrainingTable(database, key, owner=owner)
        self._database = database
        self.when_away: Callable[[StoreUnavailable], None] = lambda error: None
        self._there_since = time.monotonic()
        self._away_since: float | None = None
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="store")

    @property
    def shared(self) -> bool:
        """Whether other machines may use the same database."""
        return self._database.on_postgres

    def prepare(self) -> None:
        """Bring the tables up to date. Not needed: the first call does it, also when the database was away until then.

        Raises:
            StoreUnavailable: the database is away.
            StoreSettingsError: the database is not ours to use; do not start.
        """
        self._database.prepare()

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a method of a store without stopping the event loop.

        >>> await storage.run(storage.corrections.permission, user)

        Raises:
            StoreUnavailable: the database is away, or slower than the timeouts of its calls.
        """
        deadline = time.monotonic() + self._database.timeouts.work_s

        def call() -> T:
            with self._database.until(deadline):
                return function(*args, **kwargs)

        try:
            result = await self._in_time(asyncio.get_running_loop().run_in_executor(self._threads, call))
        except StoreUnavailable as error:
            self._there_since = time.monotonic()
            if self._away_since is None:
                self._away_since = self._there_since
            self.when_away(error)
            raise
        self._away_since = None
        return result

    @property
    def away_s(self) -> float:
        """For how many seconds the store has answered no call; 0 while it answers."""
        return 0.0 if self._away_since is None else time.monotonic() - self._away_since

    def there_for(self, period: timedelta) -> bool:
        """Whether the store has answered every call for so long.

        After an outage, and after a start, the other processes must first have had time to renew their leases: until
        then a lease that has ended says nothing about its owner.
        """
        return time.monotonic() - self._there_since > period.total_seconds()

    def renew(self) -> None:
        """Say that this process lives; call it several times in :data:`bot.storage.leases.LEASE`."""
        self.updates.renew()
        self.albums.renew()

    def release(self) -> None:
        """Leave what is claimed and not answered to other processes, at the end."""
        self.updates.release()
        self.albums.release()

    def expire(self) -> int:
        """Delete what is kept long enough; returns how many rows. A few times an hour is often enough."""
        rows = self.corrections.expire() + self.updates.expire() + self.albums.expire()
        rows += self.networks.expire() + self.classes.expire() + self.quizzes.expire()
        rows += (
            self.languages.expire() + self.course_places.expire() + self.last_answers.expire() + self.trainings.expire()
        )
        self._database.scrub()
        return rows

    def close(self) -> None:
        """End the threads and close the connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._database.close()

    async def _in_time(self, call: Awaitable[T]) -> T:
        call_s = self._database.timeouts.call_s
        try:
            async with asyncio.timeout(call_s):
                return await call
        except TimeoutError:
            raise StoreUnavailable(f"the database did not answer within {call_s:.0f} s") from None


def open_storage(
    database_url: str | None,
    data_key: str | None,
    *,
    root: Path,
    clock: Clock = utc_now,
    timeouts: Timeouts = TIMEOUTS,
) -> Storage:
    """Open the stores of a bot. The database itself is first touched when it is used.

    Args:
        database_url: ``DATABASE_URL``; SQLite in ``var/`` without.
        data_key: ``DATA_KEY``; beside SQLite it is made when there is none.
        root: the folder that relative paths start from.
        clock: tells the time.
        timeouts: how long the database is waited for.

    Raises:
        StoreSettingsError: one of the two cannot be used.
    """
    url = parse_url(database_url or f"sqlite:///{SQLITE_FILE}", root)
    if data_key is not None and data_key.strip():
        key = DataKey(data_key)
    elif url.get_backend_name() == "postgresql":
        raise StoreSettingsError(
            "DATA_KEY is required with PostgreSQL, the same for every replica; make one: "
            'python -c "import secrets; print(secrets.token_hex(32))"'
        )
    else:
        key = key_beside(Path(str(url.database)).with_name(KEY_FILE))
    return Storage(Database(url, clock=clock, timeouts=timeouts), key)


class AdminStorage:
    """What training and an admin's command line use: no user is asked for, so no ``DATA_KEY`` is needed.

    Attributes:
        corrections: listed, decided on, trained on; methods that take a user raise StoreSettingsError.
        models: where a model is put for replicas, when :attr:`shared`.
    """

    def __init__(self, database: Database) -> None:
        self.corrections = CorrectionStore(database, None)
        self.models = ModelTable(database)
        self._database = database

    @property
    def shared(self) -> bool:
        """Whether other machines may use the same database."""
        return self._database.on_postgres

    def close(self) -> None:
        """Close the connections."""
        self._database.close()


def open_for_admin(database_url: str | None, *, root: Path, clock: Clock = utc_now) -> AdminStorage:
    """Open the stores of training and of an admin's command line.

    Args:
        database_url: ``DATABASE_URL``; SQLite in ``var/`` without.
        root: the folder that relative paths start from.
        clock: tells the time.

    Raises:
        StoreSettingsError: the address cannot be used.
    """
    database = Database(parse_url(database_url or f"sqlite:///{SQLITE_FILE}", root), clock=clock)
    return AdminStorage(database)
