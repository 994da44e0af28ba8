"""Replicas seen from outside: what is delivered to them, and the journal of what they say."""

import asyncio
import itertools
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.live.errors import LiveError
from bot.settings import PROJECT_ROOT

START_S: Final = 180.0
REDELIVER_S: Final = 1.0
CHATS: Final = 50


@dataclass
class Journal:
    """What the replicas of one engine said; moments are those of :func:`time.monotonic`.

    Attributes:
        begun: by update, which replica began it and when.
        done: by update, which replica ended it and when.
        replies: by delivery, whether it was taken.
        endings: why an engine had to be run again, one entry each time.
    """

    begun: dict[int, list[tuple[str, float]]] = field(default_factory=lambda: defaultdict(list))
    done: dict[int, list[tuple[str, float]]] = field(default_factory=lambda: defaultdict(list))
    replies: dict[int, bool] = field(default_factory=dict)
    endings: list[str] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def note(self, replica: str, line: dict[str, object]) -> None:
        """Take a replica's line."""
        event, at = line["event"], float(str(line["at"]))
        if event in ("begun", "done"):
            (self.begun if event == "begun" else self.done)[int(str(line["update"]))].append((replica, at))
        elif event in ("taken", "refused"):
            self.replies[int(str(line["delivery"]))] = event == "taken"
        elif event == "ended":
            self.endings.append(str(line["reason"]))
        async with self._news:
            self._news.notify_all()

    def begun_twice(self, updates: Iterable[int]) -> int:
        """How many of these updates were begun more than once."""
        return sum(len(self.begun[update]) > 1 for update in updates)

    async def until(self, condition: Callable[[], bool], within_s: float) -> bool:
        """Wait until ``condition`` holds; False when it does not within the time."""
        try:
            async with asyncio.timeout(within_s), self._news:
                await self._news.wait_for(condition)
        except TimeoutError:
            return False
        return True


class Replica:
    """A running replica."""

    _numbers = itertools.count()

    def __init__(self, name: str, process: asyncio.subprocess.Process, journal: Journal) -> None:
        self.name = name
        self._process = process
        self._journal = journal
        self._ready = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(
        cls, engine: str, name: str, database_url: str, packages: Path | None, log: Path, journal: Journal
    ) -> "Replica":
        """Start one, and wait until it takes deliveries.

        Raises:
            LiveError: it does not.
        """
        path = [str(each) for each in (packages, PROJECT_ROOT) if each is not None]
        with (log / f"{engine}-{name}.log").open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "benchmarks.queue_engines.replica", engine, name),
                cwd=PROJECT_ROOT,
                env=os.environ | {"DATABASE_URL": database_url, "PYTHONPATH": os.pathsep.join(path)},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        replica = cls(name, process, journal)
        try:
            async with asyncio.timeout(START_S):
                await replica._ready.wait()
        except TimeoutError:
            await replica.kill()
            raise LiveError(f"{engine} does not start: see {errors.name}") from None
        return replica

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def put_until_taken(self, update: int, work_s: float = 0.0) -> None:
        """Deliver an update as Telegram does: again and again until it is taken."""
        while True:
            number = self._deliver(update, work_s)
            await self._journal.until(partial(self._journal.replies.__contains__, number), START_S)
            if self._journal.replies.get(number):
                return
            await asyncio.sleep(REDELIVER_S)

    async def kill(self) -> None:
        """End it at once."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reading

    def _deliver(self, update: int, work_s: float) -> int:
        number, chat = next(self._numbers), update % CHATS + 1
        person = {"id": chat, "first_name": "Ann", "is_bot": False}
        message = {"message_id": update, "date": 0, "chat": {"id": chat, "type": "private"}, "from": person}
        payload = json.dumps({"update_id": update, "message": message | {"text": str(work_s)}})
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps({"number": number, "payload": payload}).encode() + b"\n")
        return number

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            if said["event"] == "ready":
                self._ready.set()
            await self._journal.note(self.name, said)
