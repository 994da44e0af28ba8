"""Runs ``python -m bot`` as people run it, in a process of its own, against a Bot API server."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from bot.settings import PROJECT_ROOT, Settings
from bot.storage.storage import KEY_FILE
from telegram_playground import Playground
from telegram_playground.playground import PATIENCE_S

BRISK_BOT = "tests.e2e.brisk_bot"
"""A module for :func:`start`."""

START_S = 120.0
END_S = 120.0


class BotProcess:
    """A running bot, where it keeps its store, and everything that it printed: when it has ended, without a secret."""

    def __init__(self, process: asyncio.subprocess.Process, var: Path, environment: Mapping[str, str]) -> None:
        self.process = process
        self.var = var
        self._environment = environment
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
        for secret in secrets_of(self._environment, self.var):
            assert secret not in self.text
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


async def start(arguments: list[str], environment: Mapping[str, str], var: Path, *, module: str = "bot") -> BotProcess:
    """Start ``python -m bot``, or another module that runs it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=PROJECT_ROOT,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return BotProcess(process, var, environment)


def secrets_of(environment: Mapping[str, str], var: Path) -> Iterator[str]:
    """What a bot must print nowhere, in the forms in which it might."""
    url = urlsplit(environment.get("DATABASE_URL", ""))
    token = environment.get("BOT_TOKEN", "")
    key_file = var / KEY_FILE
    known = [token, token.partition(":")[2], url.password or "", key_file.read_text() if key_file.is_file() else ""]
    known += [environment.get(name, "") for name in ("WEBHOOK_SECRET", "METRICS_TOKEN", "DATA_KEY")]
    for secret in filter(None, map(str.strip, known)):
        yield from {secret, quote(secret, safe=""), repr(secret)[1:-1]}


@asynccontextmanager
async def running(
    playground: Playground, var: Path, *, module: str = "bot", **settings: str
) -> AsyncIterator[BotProcess]:
    """A bot that has begun to poll; it is ended, and its output searched for secrets and for what nobody expected."""
    bot = await start([], environment_for(playground, var, **settings), var, module=module)
    try:
        await until(lambda: "The bot is live" in bot.text, bot, START_S)
        yield bot
    finally:
        status = await bot.stop()
        assert "Traceback" not in bot.text or "expected trouble" in bot.text, bot.text
        assert status == 0, bot.text


async def until(condition: Callable[[], object], bot: BotProcess, seconds: float = PATIENCE_S) -> None:
    """Wait until something comes true while the bot runs."""
    async with asyncio.timeout(seconds):
        while not condition():
            assert bot.process.returncode is None, bot.text
            await asyncio.sleep(0.05)
