"""The bot as an admin runs it, in processes of its own, with no setting from outside."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from benchmarks.live.errors import LiveError
from bot.settings import PROJECT_ROOT, Settings
from telegram_playground import Playground

START_S: Final = 120.0
END_S: Final = 30.0
"""Platforms kill after so long."""

LIVE: Final = "The bot is live"
"""What it logs once it takes updates."""


class BotProcess:
    """A running bot and what it logged."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it is gone."""
        return self._process.returncode is not None

    @property
    def is_live(self) -> bool:
        """Whether it runs and has begun to take updates."""
        return not self.has_ended and LIVE in self.text

    @property
    def text(self) -> str:
        """What it logged so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def logged(self, level: str) -> int:
        """How many lines of a level it logged."""
        return sum(json.loads(line)["level"] == level for line in self.text.splitlines() if line.startswith("{"))

    async def wait(self) -> int:
        """Wait for its end; its exit status, negative after a signal."""
        return await self._process.wait()

    async def fail_when_it_ends(self) -> None:
        """Wait for its end, which nobody asked for.

        Raises:
            LiveError: it came.
        """
        status = await self._process.wait()
        raise LiveError(f"the bot ended with status {status}: {self.last_line}")

    @property
    def last_line(self) -> str:
        """What it logged last."""
        lines = self.text.splitlines()
        return lines[-1] if lines else "it said nothing"

    async def until_live(self) -> None:
        """Wait until it takes updates.

        Raises:
            LiveError: it ended, or did not begin in time.
        """
        for _ in range(int(START_S / 0.1)):
            if LIVE in self.text:
                return
            if self.has_ended:
                await self.fail_when_it_ends()
            await asyncio.sleep(0.1)
        raise LiveError(f"the bot does not start within {START_S:.0f} s")

    async def end(self) -> None:
        """Tell it to end.

        Raises:
            LiveError: it took too long, or ended badly.
        """
        self.tell_to_end()
        try:
            async with asyncio.timeout(END_S):
                status = await self._process.wait()
        except TimeoutError:
            self.kill()
            raise LiveError(f"the bot did not end within {END_S:.0f} s") from None
        if status:
            raise LiveError(f"the bot ended with status {status}")

    def tell_to_end(self) -> None:
        """Send the signal that a platform sends, if it still runs."""
        if not self.has_ended:
            self._process.terminate()

    def kill(self) -> None:
        """End it at once, if it still runs; its children are left to notice."""
        if not self.has_ended:
            self._process.send_signal(signal.SIGKILL)


def environment_for(playground: Playground, models_dir: Path, **settings: str) -> dict[str, str]:
    """The environment of a bot that talks to ``playground``; a setting not named is unset.

    Compiled modules are kept, whatever this process does: compiling ours at every start takes a sixth of its time.
    """
    unset = {name.upper(): "" for name in (*Settings.model_fields, "pythondontwritebytecode")}
    return (
        os.environ
        | unset
        | {"BOT_TOKEN": playground.token, "BOT_API_URL": playground.api_url, "MODELS_DIR": str(models_dir)}
        | settings
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def start(arguments: tuple[str, ...], environment: Mapping[str, str], log: Path) -> BotProcess:
    """Start ``python -m bot``.

    In a session of its own, since Ctrl-C on the terminal is for the benchmark, which ends it; where the system can, it
    ends even when the benchmark is killed.
    """
    tied_to_us = (setpriv, "--pdeathsig=KILL") if (setpriv := shutil.which("setpriv")) else ()
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *(*tied_to_us, sys.executable, "-m", "bot", *arguments),
            cwd=PROJECT_ROOT,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    return BotProcess(process, log)


@asynccontextmanager
async def running_bot(
    arguments: tuple[str, ...], environment: Mapping[str, str], log: Path
) -> AsyncIterator[BotProcess]:
    """A bot that takes updates; it ends with the block."""
    bot = await start(arguments, environment, log)
    try:
        await bot.until_live()
        yield bot
        await bot.end()
    finally:
        bot.kill()
        await bot.wait()
