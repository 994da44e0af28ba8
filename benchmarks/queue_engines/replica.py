"""One replica: ``python -m benchmarks.queue_engines.replica ENGINE NAME``, with ``DATABASE_URL``.

It gets deliveries as lines of JSON on standard input. On standard output it says what became of each, and when each
update was begun and done, with the moment of the system's monotonic clock. The bot's storage is open beside the
engine, as in the bot, so that the memory of two engines can be compared.
"""

import asyncio
import json
import os
import sys
import time
from typing import Any

from telegram import Update

from benchmarks.queue_engines.engines import engine
from bot.settings import PROJECT_ROOT
from bot.storage.storage import open_storage

PUT_S = 5.0
"""A delivery that takes longer is refused: it comes again."""

RESTART_S = 1.0
"""Before an engine that ended is run again, as the bot's background tasks are."""


def say(event: str, **values: object) -> None:
    """Report, with the time."""
    sys.stdout.write(json.dumps({"event": event, "at": time.monotonic(), **values}) + "\n")
    sys.stdout.flush()


async def handle(update: Update) -> None:
    """Answer an update: its text says for how many seconds."""
    say("begun", update=update.update_id)
    text = "0" if update.message is None else update.message.text or "0"
    await asyncio.sleep(float(text))
    say("done", update=update.update_id)


async def serve(engine_name: str, replica: str, database_url: str) -> None:
    """Take deliveries until standard input ends."""
    storage = open_storage(database_url, "0" * 64, root=PROJECT_ROOT)
    storage.prepare()
    working = engine(engine_name, database_url, replica, handle)
    await working.open()
    running = asyncio.create_task(_keep_running(working))
    say("ready")
    lines = asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    putting: set[asyncio.Task[None]] = set()
    while line := await lines.readline():
        task = asyncio.create_task(_put(working, json.loads(line)))
        putting.add(task)
        task.add_done_callback(putting.discard)
    running.cancel()


async def _keep_running(working: Any) -> None:
    while True:
        reason = "it returned"
        try:
            await working.run()
        except Exception as error:
            reason = type(error).__name__
        say("ended", reason=reason)
        await asyncio.sleep(RESTART_S)


async def _put(working: Any, delivery: dict[str, Any]) -> None:
    try:
        async with asyncio.timeout(PUT_S):
            await working.put(delivery["payload"].encode())
    except Exception as error:
        say("refused", delivery=delivery["number"], reason=type(error).__name__)
    else:
        say("taken", delivery=delivery["number"])


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], os.environ["DATABASE_URL"]))
    os._exit(0)  # some engines have threads that wait for more
