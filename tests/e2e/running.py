"""Runs ``python -m bot`` as people run it, in a process of its own, against a Bot API server."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.playground import Playground
from bot.settings import PROJECT_ROOT, Settings

START_S = 120.0
END_S = 120.0


class BotProcess:
    """A running bot, where it keeps its store, and everything that it printed."""

    def __init__(self, process: asyncio.subprocess.Process, var: Path) -> None:
        self.process = process
        self.var = var
        self.output = bytearray()
        self._reading = [asyncio.create_task(self._read(stream)) for stream in (process.stdout, process.stderr)]

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """End it with a signal; its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.wait()

    async def wait(self) -> int:
        """Wait for its end; its exit status."""
        try:
            async with asyncio.timeout(END_S):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            raise AssertionError(f"the bot does not end\n{self.text}") from None
        await asyncio.gather(*self._reading)
        return self.process.returncode or 0

    @property
    def text(self) -> str:
        """Everything printed so far."""
        return self.output.decode("utf-8", "replace")

    async def _read(self, stream: asyncio.StreamReader | None) -> None:
        assert stream is not None
        while chunk := await stream.read(65536):
            self.output += chunk


def environment_for(playground: Playground, var: Path, **settings: str) -> dict[str, str]:
    """The environment of a bot that talks to ``playground`` and keeps its store in ``var``."""
    unset = {name.upper(): "" for name in Settings.model_fields}
    return (
        os.environ
        | unset
        | {
            "BOT_TOKEN": playground.token,
            "BOT_API_URL": playground.api_url,
            "DATABASE_URL": f"sqlite:///{var / 'bot.sqlite3'}",
            "LOG_LEVEL": "DEBUG",
        }
        | settings
    )


async def start(arguments: list[str], environment: Mapping[str, str], var: Path) -> BotProcess:
    """Start ``python -m bot``."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=PROJECT_ROOT,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return BotProcess(process, var)


@asynccontextmanager
async def running(playground: Playground, var: Path, **settings: str) -> AsyncIterator[BotProcess]:
    """A bot that has begun to poll; it is ended, and its output searched for the token."""
    bot = await start([], environment_for(playground, var, **settings), var)
    try:
        await _until_live(bot)
        yield bot
    finally:
        status = await bot.stop()
        assert playground.token not in bot.text
        assert playground.token.partition(":")[2] not in bot.text
        assert "Traceback" not in bot.text or "expected trouble" in bot.text, bot.text
        assert status == 0, bot.text


async def _until_live(bot: BotProcess) -> None:
    async with asyncio.timeout(START_S):
        while "The bot is live" not in bot.text:
            assert bot.process.returncode is None, bot.text
            await asyncio.sleep(0.05)
