"""Photos wait here, each person's in a queue of their own, and the people are served in turn.

A photo is carried in two parts: looking at it, by a few carriers, and delivering the answer, beside them. So a chat
that Telegram tells to wait holds up nobody else's photo.
"""

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.logs import UPDATE_ID
from bot.serving.errands import Errands
from bot.serving.ledger import Ledger

_LOGGER = logging.getLogger(__name__)

CARRIERS: Final = 6
"""How many photos are fetched and looked at at once: more than there are vision threads, since fetching waits."""

_FIRST_GUESS_S: Final = 0.5
_MEMORY: Final = 0.2

Deliver = Callable[[], Awaitable[None]]


class TryLater(Exception):
    """The photo cannot be had yet; it takes its turn again after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.1f} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True, eq=False)
class PhotoJob:
    """One answer to give.

    Attributes:
        user_id: whose queue it waits in.
        update_ids: the updates that it answers.
        look: fetches and looks; returns what delivers the answer, or raises :class:`TryLater`.
    """

    user_id: int
    update_ids: Sequence[int]
    look: Callable[[], Awaitable[Deliver]]


class PhotoQueue:
    """A fair queue with its carriers."""

    def __init__(self, ledger: Ledger, errands: Errands, carriers: int = CARRIERS) -> None:
        self._ledger = ledger
        self._errands = errands
        self._carriers = carriers
        self._waiting: OrderedDict[int, deque[PhotoJob]] = OrderedDict()
        self._noticed: set[int] = set()
        self._arrived = asyncio.Semaphore(0)
        self._tasks: list[asyncio.Task[None]] = []
        self._begun: set[PhotoJob] = set()
        self._draining = False
        self._nothing_begun = asyncio.Event()
        self._nothing_begun.set()
        self._seconds_per_photo = _FIRST_GUESS_S
        self._last_done: float | None = None

    def put(self, job: PhotoJob) -> None:
        """Let a job wait its turn."""
        for update_id in job.update_ids:
            self._ledger.hold(update_id)
        self._put(job)

    def place(self, user_id: int) -> int:
        """How many photos are begun until the last one of this person is, itself counted."""
        own = len(self._waiting.get(user_id, ()))
        return sum(min(len(jobs), own) for jobs in self._waiting.values())

    def seconds_until(self, place: int) -> float:
        """About how long a photo at this place waits, judged by the last photos."""
        return place * self._seconds_per_photo

    def notice_due(self, user_id: int) -> bool:
        """Whether this person has photos waiting and was not yet told so; True only once until they are begun."""
        due = user_id in self._waiting and user_id not in self._noticed
        if due:
            self._noticed.add(user_id)
        return due

    def __len__(self) -> int:
        return sum(len(jobs) for jobs in self._waiting.values())

    def start(self) -> None:
        """Start the carriers."""
        self._tasks = [asyncio.create_task(self._carry()) for _ in range(self._carriers)]

    async def drain(self) -> None:
        """Begin nothing more and finish what was begun.

        What waits stays open in the ledger, so its updates come again to the next process.
        """
        self._draining = True
        self._waiting.clear()
        await self._nothing_begun.wait()

    async def close(self) -> None:
        """Cancel the carriers, whatever they carry."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self) -> None:
        while True:
            await self._arrived.acquire()
            job = self._next_job()
            if job is None:
                continue
            UPDATE_ID.set(job.update_ids[0])
            self._begin(job)
            try:
                await self._look(job)
            finally:
                self._end(job)
            self._note_pace()

    def _put(self, job: PhotoJob) -> None:
        self._waiting.setdefault(job.user_id, deque()).append(job)
        self._arrived.release()

    def _next_job(self) -> PhotoJob | None:
        if not self._waiting or self._draining:
            return None
        user_id, jobs = self._waiting.popitem(last=False)
        job = jobs.popleft()
        if jobs:
            self._waiting[user_id] = jobs
        else:
            self._noticed.discard(user_id)
        return job

    def _begin(self, job: PhotoJob) -> None:
        self._begun.add(job)
        self._nothing_begun.clear()

    def _end(self, job: PhotoJob) -> None:
        self._begun.discard(job)
        if not self._begun:
            self._nothing_begun.set()

    async def _look(self, job: PhotoJob) -> None:
        try:
            deliver = await job.look()
        except TryLater as later:
            asyncio.get_running_loop().call_later(later.seconds, self._put, job)
        except Exception:
            _LOGGER.exception("A photo could not be looked at")
            self._ledger.release_all(job.update_ids)
        else:
            self._errands.start(self._finish(job, deliver))

    async def _finish(self, job: PhotoJob, deliver: Deliver) -> None:
        with self._ledger.releasing(job.update_ids):
            await deliver()

    def _note_pace(self) -> None:
        now = time.monotonic()
        if self._last_done is not None:
            self._seconds_per_photo += _MEMORY * (now - self._last_done - self._seconds_per_photo)
        self._last_done = now if self._waiting else None
