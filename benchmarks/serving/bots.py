"""A bot in a process of its own, polling a local Bot API server."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.live.bot_process import environment_for
from benchmarks.live.errors import LiveError
from bot.settings import PROJECT_ROOT
from telegram_playground import Playground

START_S: Final = 120.0
END_S: Final = 30.0

BOT: Final = ("-m", "bot", "run", "--polling")
WATCHED_BOT: Final = ("-m", "benchmarks.serving.watched_bot", "run", "--polling")
PLAIN_BOT: Final = ("-m", "benchmarks.serving.plain_bot")


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot that fetches updates.

    Attributes:
        playground: the server that it talks to.
        pid: its process.
        start_s: from the command to its first getUpdates, in seconds.
    """

    playground: Playground
    pid: int
    start_s: float


@asynccontextmanager
async def running(
    python: Path,
    arguments: Sequence[str],
    folder: Path,
    models_dir: Path,
    *,
    before: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[RunningBot]:
    """Start a bot with a server and a store of its own; both end with the block.

    Args:
        python: the interpreter, and with it the virtual environment.
        arguments: for it.
        folder: for its store and its log.
        models_dir: has the networks.
        before: a command that starts the interpreter, such as ``taskset``.
        settings: more environment variables.

    Raises:
        LiveError: it does not fetch updates.
    """
    async with Playground(port=0) as playground:
        own = {
            "DATABASE_URL": f"sqlite:///{folder / 'bot.sqlite3'}",
            "PHOTO_LIMIT": "0",
            "DATA_DIR": str(folder / "data"),
        }
        environment = environment_for(playground, models_dir, **own, **(settings or {}))
        started = time.perf_counter()
        with (folder / "bot.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *before, python, *arguments, cwd=PROJECT_ROOT, env=environment, stdout=log, stderr=log
            )
        try:
            await _first_fetch(playground, process)
            yield RunningBot(playground, process.pid, time.perf_counter() - started)
        finally:
            if process.returncode is None:
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), END_S)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _first_fetch(playground: Playground, process: asyncio.subprocess.Process) -> None:
    until = time.monotonic() + START_S
    while not playground.state.last_seen:
        if process.returncode is not None or time.monotonic() > until:
            raise LiveError("a bot does not fetch updates")
        await asyncio.sleep(0.002)


def one_core() -> Sequence[str]:
    """The command that keeps a process on one of this process's cores."""
    return ("taskset", "-c", str(min(os.sched_getaffinity(0))))
