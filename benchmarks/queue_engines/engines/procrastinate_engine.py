"""Procrastinate: a job an update, a queueing lock by its number, a lock by its chat, a task for stalled jobs."""

import contextlib

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued

from benchmarks.queue_engines.engines import BOT, GONE_AFTER_S, HEARTBEAT_S, Engine, Handle
from bot.updates.reading import read_update

CONCURRENCY = 100


class ProcrastinateEngine:
    """One App a process: it defers what is put and works on whatever is in the queue."""

    def __init__(self, database_url: str, replica: str, handle: Handle) -> None:
        self._connector = procrastinate.PsycopgConnector(conninfo=database_url)
        self._app = procrastinate.App(connector=self._connector)
        self._replica = replica

        @self._app.task(name="answer")
        async def answer(payload: str) -> None:
            await handle(read_update(payload.encode(), BOT))

        @self._app.periodic(cron=f"* * * * * */{HEARTBEAT_S:.0f}")
        @self._app.task(name="retry_stalled", queueing_lock="retry_stalled")
        async def retry_stalled(timestamp: int) -> None:
            for job in await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=GONE_AFTER_S):
                await self._app.job_manager.retry_job(job)

        self._answer = answer

    async def open(self) -> None:
        """Open the pool of connections; the tables are made once, since making them again fails."""
        await self._app.open_async()
        if not await self._app.check_connection_async():
            await self._app.schema_manager.apply_schema_async()

    async def run(self) -> None:
        """Work; ends when its listener or its heartbeat loses the database."""
        await self._app.run_worker_async(
            name=self._replica,
            concurrency=CONCURRENCY,
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=GONE_AFTER_S,
        )

    async def put(self, payload: bytes) -> None:
        """Defer the update, unless it waits already."""
        update = read_update(payload, BOT)
        chat = None if update.effective_chat is None else str(update.effective_chat.id)
        with contextlib.suppress(AlreadyEnqueued):
            await self._answer.configure(queueing_lock=str(update.update_id), lock=chat).defer_async(
                payload=payload.decode()
            )


def open_engine(database_url: str, replica: str, handle: Handle) -> Engine:
    """Make one; see :func:`benchmarks.queue_engines.engines.engine`."""
    return ProcrastinateEngine(database_url, replica, handle)
