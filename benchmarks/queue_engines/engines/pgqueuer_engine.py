"""PgQueuer: a job an update, a dedupe key by its number; there is no lock by chat."""

import contextlib
from datetime import timedelta

import psycopg
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.errors import DuplicateJobError
from pgqueuer.domain.models import Job

from benchmarks.queue_engines.engines import BOT, GONE_AFTER_S, HEARTBEAT_S, Engine, Handle
from bot.updates.reading import read_update

QUEUE_TABLE = "pgqueuer"


class PgQueuerEngine:
    """Two connections a process: one listens and dequeues, one enqueues, so that neither holds the other up."""

    def __init__(self, database_url: str, handle: Handle) -> None:
        self._url = database_url
        self._handle = handle
        self._putting: psycopg.AsyncConnection | None = None

    async def open(self) -> None:
        """Make the tables where there are none."""
        queries = await self._queries()
        if not await queries.has_table(QUEUE_TABLE):
            await queries.install()

    async def run(self) -> None:
        """Work; a connection that is lost is never made again, so every run makes its own."""
        async with await self._connect() as connection:
            worker = PgQueuer.from_psycopg_connection(connection)

            @worker.entrypoint("answer")
            async def answer(job: Job) -> None:
                await self._handle(read_update(job.payload or b"", BOT))

            await worker.run(
                dequeue_timeout=timedelta(seconds=HEARTBEAT_S), heartbeat_timeout=timedelta(seconds=GONE_AFTER_S)
            )

    async def put(self, payload: bytes) -> None:
        """Enqueue the update, unless it waits or is being handled already."""
        number = read_update(payload, BOT).update_id
        with contextlib.suppress(DuplicateJobError):
            await (await self._queries()).enqueue("answer", payload, dedupe_key=str(number))

    async def _queries(self) -> Queries:
        if self._putting is None or self._putting.closed:
            self._putting = await self._connect()
        return Queries(PsycopgDriver(self._putting))

    async def _connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(self._url, autocommit=True)


def open_engine(database_url: str, replica: str, handle: Handle) -> Engine:
    """Make one; see :func:`benchmarks.queue_engines.engines.engine`."""
    return PgQueuerEngine(database_url, handle)
