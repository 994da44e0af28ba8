"""The bot's processes, as a platform keeps them: started, watched, and started again when they end."""

import asyncio
import os
import random
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.live.bot_process import END_S, BotProcess, start
from benchmarks.live.errors import LiveError
from benchmarks.soak import memory

DECODER: Final = b"bot.vision.decode_worker"
"""Stands in the command line of a decoder."""

ORPHAN_S: Final = 10.0
"""By then the children of a killed process have noticed."""

_PAUSE_S: Final = (0.5, 4.0)


@dataclass(frozen=True, slots=True)
class Kill:
    """A process killed.

    Attributes:
        at: Unix time in seconds.
        host: the name by which it called the Bot API server.
    """

    at: float
    host: str


@dataclass(slots=True)
class Ends:
    """How processes ended.

    Attributes:
        kills: by SIGKILL.
        told: how many were told to end.
        bad: what was wrong with ends that were not asked for, or not good.
        orphans: decoders that outlived their process.
    """

    kills: list[Kill] = field(default_factory=list)
    told: int = 0
    bad: list[str] = field(default_factory=list)
    orphans: int = 0


class Replica:
    """One process after the other in the same place.

    Args:
        name: of its log files.
        host: the name by which it calls the Bot API server.
        arguments: of ``python -m bot``.
        environment: the settings.
        logs: the folder for its logs.
        ends: where its ends are noted.
        chances: draws pauses.
    """

    def __init__(
        self,
        name: str,
        host: str,
        arguments: tuple[str, ...],
        environment: Mapping[str, str],
        logs: Path,
        ends: Ends,
        chances: random.Random,
    ) -> None:
        self.name = name
        self._host = host
        self._arguments = arguments
        self._environment = environment
        self._logs = logs
        self._ends = ends
        self._chances = chances
        self._started = 0
        self._process: BotProcess | None = None
        self._asked = False
        self._first = asyncio.Event()
        self._checks: set[asyncio.Task[None]] = set()

    @property
    def is_live(self) -> bool:
        """Whether it takes updates."""
        return self._process is not None and self._process.is_live and not self._asked

    async def keep(self) -> None:
        """Keep a process running until cancelled, and then end it."""
        try:
            while True:
                process = await self._start()
                status = await process.wait()
                if not self._asked:
                    self._ends.bad.append(f"{self.name} ended by itself with status {status}: {process.last_line}")
                await asyncio.sleep(self._chances.uniform(*_PAUSE_S))
        finally:
            if self._process is not None:
                self._process.kill()
                await self._process.wait()

    async def until_live(self) -> None:
        """Wait until it takes updates for the first time.

        Raises:
            LiveError: it ended, or did not begin in time.
        """
        await self._first.wait()
        assert self._process is not None
        await self._process.until_live()

    def kill(self) -> None:
        """End it as a machine does that fails."""
        if self._process is None or self._process.has_ended or self._asked:
            return
        children = _decoders(self._process.pid)
        self._asked = True
        self._process.kill()
        self._ends.kills.append(Kill(time.time(), self._host))
        self._check(self._look_for_orphans(children))

    def tell_to_end(self) -> None:
        """End it as a platform does for a new version."""
        if self._process is None or self._process.has_ended or self._asked:
            return
        self._asked = True
        self._ends.told += 1
        self._check(self._end(self._process))

    def kill_a_decoder(self) -> bool:
        """Kill one of its decoders, busy or not; False when it has none."""
        children = [] if self._process is None else sorted(_decoders(self._process.pid))
        if not children:
            return False
        os.kill(self._chances.choice(children)[0], 9)
        return True

    async def settle(self) -> None:
        """Wait for the checks that are under way."""
        await asyncio.gather(*self._checks)

    async def finish(self) -> None:
        """Tell it to end for good; whatever is wrong with that is noted."""
        if self._process is not None and not self._process.has_ended and not self._asked:
            self._asked = True
            await self._end(self._process)

    async def _start(self) -> BotProcess:
        self._started += 1
        log = self._logs / f"{self.name}-{self._started:02d}.log"
        self._process, self._asked = await start(self._arguments, self._environment, log), False
        self._first.set()
        return self._process

    async def _end(self, process: BotProcess) -> None:
        children = _decoders(process.pid)
        began = time.monotonic()
        try:
            await process.end()
        except LiveError as error:
            if (took := time.monotonic() - began) < END_S and process.has_ended:
                self._ends.bad.append(f"{self.name}, told to end: {error} after {took:.0f} s: {process.last_line}")
            else:
                self._ends.bad.append(f"{self.name}, told to end: {error}")
        await self._look_for_orphans(children)

    async def _look_for_orphans(self, children: set[tuple[int, str]]) -> None:
        until = time.monotonic() + ORPHAN_S
        while (left := {child for child in children if _alive(*child)}) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        self._ends.orphans += len(left)
        for pid, _ in left:
            os.kill(pid, 9)

    def _check(self, check: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(check)
        self._checks.add(task)
        task.add_done_callback(self._checks.discard)


def _decoders(root: int) -> set[tuple[int, str]]:
    """The decoders below a process, each by its id and its start time, which tell it from a later one."""
    found = set()
    for number in memory.tree(root):
        try:
            if DECODER in Path(f"/proc/{number}/cmdline").read_bytes():
                found.add((number, _start_time(number)))
        except OSError:
            continue
    return found


def _alive(number: int, since: str) -> bool:
    try:
        return _start_time(number) == since and _state(number) != "Z"
    except OSError:
        return False


def _start_time(number: int) -> str:
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[19]


def _state(number: int) -> str:
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
