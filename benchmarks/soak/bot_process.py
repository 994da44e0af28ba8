"""The bot as an admin runs it, in a process of its own, with no setting from outside."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from benchmarks.soak.errors import SoakError
from bot.playground import Playground
from bot.settings import PROJECT_ROOT, Settings

START_S: Final = 120.0
END_S: Final = 30.0
"""Platforms kill after so long."""


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
    def text(self) -> str:
        """What it logged so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def logged(self, level: str) -> int:
        """How many lines of a level it logged."""
        return sum(json.loads(line)["level"] == level for line in self.text.splitlines() if line.startswith("{"))

    async def fail_when_it_ends(self) -> None:
        """Wait for its end, which nobody asked for.

        Raises:
            SoakError: it came.
        """
        status = await self._process.wait()
        lines = self.text.splitlines()
        raise SoakError(f"the bot ended with status {status}: {lines[-1] if lines else 'it said nothing'}")

    async def until_live(self) -> None:
        """Wait until it polls.

        Raises:
            SoakError: it ended, or did not begin in time.
        """
        for _ in range(int(START_S / 0.1)):
            if "The bot is live" in self.text:
                return
            if self._process.returncode is not None:
                await self.fail_when_it_ends()
            await asyncio.sleep(0.1)
        raise SoakError(f"the bot does not start within {START_S:.0f} s")

    async def end(self) -> None:
        """Tell it to end.

        Raises:
            SoakError: it took too long, or ended badly.
        """
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(END_S):
                status = await self._process.wait()
        except TimeoutError:
            self.kill()
            raise SoakError(f"the bot did not end within {END_S:.0f} s") from None
        if status:
            raise SoakError(f"the bot ended with status {status}")

    def kill(self) -> None:
        """End it at once, if it still runs."""
        if self._process.returncode is None:
            self._process.kill()


@asynccontextmanager
async def running_bot(playground: Playground, folder: Path, models_dir: Path) -> AsyncIterator[BotProcess]:
    """``python -m bot run --polling`` with a store of its own; it ends with the block."""
    settings = {name.upper(): "" for name in Settings.model_fields} | {
        "BOT_TOKEN": playground.token,
        "BOT_API_URL": playground.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'bot.sqlite3'}",
        "MODELS_DIR": str(models_dir),
    }
    log = folder / "bot.log"
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "run", "--polling"),
            cwd=PROJECT_ROOT,
            env=os.environ | settings,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
    bot = BotProcess(process, log)
    try:
        await bot.until_live()
        yield bot
        await bot.end()
    finally:
        bot.kill()
        await process.wait()
