"""DBOS: a workflow an update, named by its number; a process that died is recovered by the next of its name."""

import asyncio

from dbos import DBOS, SetWorkflowID

from benchmarks.queue_engines.engines import BOT, Engine, Handle
from bot.updates.reading import read_update

QUEUE = "updates"
POLL_S = 0.1
"""Queues are polled; a second is what the library would do by itself."""


class DbosEngine:
    """The library runs in threads and an event loop of its own; the handlers stay in the bot's loop."""

    def __init__(self, database_url: str, replica: str, handle: Handle) -> None:
        loop = asyncio.get_running_loop()
        url = database_url.replace("postgres://", "postgresql+psycopg://", 1)
        DBOS(
            config={
                "name": "queue-engines",
                "system_database_url": url,
                "executor_id": replica,
                "application_version": "1",
                "log_level": "ERROR",
            }
        )

        @DBOS.workflow(name="answer")
        async def answer(payload: str) -> None:
            handling = asyncio.run_coroutine_threadsafe(_handled(handle, payload), loop)
            await asyncio.wrap_future(handling)

        self._answer = answer

    async def open(self) -> None:
        """Make the tables, and take on what a process of this name has left."""
        await asyncio.to_thread(DBOS.launch)
        await DBOS.register_queue_async(QUEUE, polling_interval_sec=POLL_S)

    async def run(self) -> None:
        """Nothing to do: the library's threads work."""
        await asyncio.Event().wait()

    async def put(self, payload: bytes) -> None:
        """Enqueue the update; a number that was ever enqueued starts nothing."""
        with SetWorkflowID(str(read_update(payload, BOT).update_id)):
            await DBOS.enqueue_workflow_async(QUEUE, self._answer, payload.decode())


async def _handled(handle: Handle, payload: str) -> None:
    await handle(read_update(payload.encode(), BOT))


def open_engine(database_url: str, replica: str, handle: Handle) -> Engine:
    """Make one; see :func:`benchmarks.queue_engines.engines.engine`."""
    return DbosEngine(database_url, replica, handle)
