"""Photos wait here, each person's in a queue of their own, and the people are served in turn.

A photo is dealt with in two parts: looking at it, by a few workers, and delivering the answer, beside them. So a chat
that Telegram tells to wait holds up nobody else's photo.
"""

import asyncio
import logging
import time
import weakref
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.jobs.background_tasks import BackgroundTasks
from bot.jobs.detached_tasks import DetachedTasks
from bot.logging import UPDATE_ID
from bot.updates.tracker import Held, UpdateTracker

_LOGGER = logging.getLogger(__name__)

WORKERS: Final = 6
"""How many photos are fetched and looked at at once: more than there are vision threads, since fetching waits."""

_FIRST_GUESS_S: Final = 0.5
_MEMORY: Final = 0.2

Deliver = Callable[[], Awaitable[None]]


class TryLater(Exception):
    """The photo cannot be had yet; it takes its turn again after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.1f} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class PhotoJob:
    """One answer to give.

    Attributes:
        user_id: whose queue it waits in.
        update_ids: the updates, and other work, that it answers.
        look: fetches and looks; returns what delivers the answer, or raises :class:`TryLater`.
    """

    user_id: int
    update_ids: Sequence[Held]
    look: Callable[[], Awaitable[Deliver]]


class PhotoQueue:
    """A fair queue with its workers."""

    def __init__(self, tracker: UpdateTracker, detached_tasks: DetachedTasks, workers: int = WORKERS) -> None:
        self._tracker = tracker
        self._detached_tasks = detached_tasks
        self._workers = workers
        self._waiting: OrderedDict[int, deque[PhotoJob]] = OrderedDict()
        self._noticed: set[int] = set()
        self._arrived = asyncio.Semaphore(0)
        self._tasks = BackgroundTasks(lambda _: None)
        self._begun: set[PhotoJob] = set()
        self._begun_ever = 0
        self._held: weakref.WeakSet[PhotoJob] = weakref.WeakSet()
        self._draining = False
        self._nothing_begun = asyncio.Event()
        self._nothing_begun.set()
        self._seconds_per_photo = _FIRST_GUESS_S
        self._last_done: float | None = None

    def put(self, job: PhotoJob) -> None:
        """Let a job wait its turn."""
        if any(self._tracker.is_open(each) for each in job.update_ids):
            self._held.add(job)
        for each in job.update_ids:
            self._tracker.hold(each)
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

    @property
    def begun_ever(self) -> int:
        """How many photos were ever begun."""
        return self._begun_ever

    def __len__(self) -> int:
        return sum(len(jobs) for jobs in self._waiting.values())

    def start(self, report: Callable[[Exception], None] = lambda _: None) -> None:
        """Start the workers.

        Args:
            report: told when one of them ends; it is started again.
        """
        self._tasks = BackgroundTasks(report)
        for number in range(self._workers):
            self._tasks.keep(f"photo worker {number}", self._work)

    async def drain(self) -> None:
        """Begin nothing more and finish what was begun.

        What waits stays open in the tracker, so its updates come again to the next process.
        """
        self._draining = True
        self._waiting.clear()
        await self._nothing_begun.wait()

    async def close(self) -> None:
        """Cancel the workers, whatever they do."""
        await self._tasks.close()

    async def _work(self) -> None:
        while True:
            await self._arrived.acquire()
            job = self._next_job()
            if job is None:
                continue
            UPDATE_ID.set(next((each for each in job.update_ids if isinstance(each, int)), None))
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
        return None if self._is_lost(job) else job

    def _is_lost(self, job: PhotoJob) -> bool:
        """Whether another process has taken over what this job was to answer."""
        return job in self._held and not any(self._tracker.is_open(each) for each in job.update_ids)

    def _begin(self, job: PhotoJob) -> None:
        self._begun.add(job)
        self._begun_ever += 1
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
            self._tracker.release_all(job.update_ids)
        else:
            self._detached_tasks.start(self._finish(job, deliver))

    async def _finish(self, job: PhotoJob, deliver: Deliver) -> None:
        with self._tracker.releasing(job.update_ids):
            await deliver()

    def _note_pace(self) -> None:
        now = time.monotonic()
        if self._last_done is not None:
            self._seconds_per_photo += _MEMORY * (now - self._last_done - self._seconds_per_photo)
        self._last_done = now if self._waiting else None
