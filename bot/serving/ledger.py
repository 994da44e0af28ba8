"""Which updates are being answered, and so which of them Telegram may forget.

``getUpdates`` confirms everything below its offset. An update is confirmed only when its answer has been sent, so an
update that a dying process leaves unanswered comes again to the next one.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator
from typing import Final

MAX_UNCONFIRMED: Final = 100
"""How many updates ``getUpdates`` returns at most: with more unanswered ones, newer updates stay out of sight."""

REMEMBERED: Final = 10_000
"""How many finished updates are known by their id when they come again."""


class Ledger:
    """Counts who still works on each update; for one event loop."""

    def __init__(self) -> None:
        self._holders: dict[int, int] = {}
        self._confirmed_early: set[int] = set()
        self._finished: dict[int, None] = {}
        self._next = 0
        self._wakers: set[asyncio.Event] = set()

    def begin(self, update_id: int) -> bool:
        """Take an update on; False when it was taken on before."""
        if update_id in self._holders or update_id in self._finished:
            return False
        restarted = not self._holders and update_id < self._next  # Telegram numbers anew after a quiet week
        self._next = update_id + 1 if restarted else max(self._next, update_id + 1)
        self._holders[update_id] = 1
        return True

    def pass_over(self, update_id: int) -> None:
        """Take note of an update that needs nothing more."""
        if self.begin(update_id):
            self.release(update_id)

    def hold(self, update_id: int) -> None:
        """Keep an update open for work that its handler only queued; each call needs its :meth:`release`."""
        if update_id in self._holders:
            self._holders[update_id] += 1

    def release(self, update_id: int) -> None:
        """Say that one of those who held an update is done with it."""
        if update_id not in self._holders:
            return
        self._holders[update_id] -= 1
        if self._holders[update_id]:
            return
        del self._holders[update_id]
        self._confirmed_early.discard(update_id)
        self._finished[update_id] = None
        if len(self._finished) > REMEMBERED:
            del self._finished[next(iter(self._finished))]
        for waker in self._wakers:
            waker.set()

    @contextlib.contextmanager
    def releasing(self, update_ids: Iterable[int]) -> Iterator[None]:
        """Release updates after the block, unless it was cancelled: then they are for the next process."""
        try:
            yield
        except asyncio.CancelledError:
            raise
        except BaseException:
            self.release_all(update_ids)
            raise
        else:
            self.release_all(update_ids)

    def release_all(self, update_ids: Iterable[int]) -> None:
        """:meth:`release` each of them."""
        for update_id in update_ids:
            self.release(update_id)

    @property
    def offset(self) -> int:
        """The first update that is not to be confirmed; 0 before the first update."""
        return min(self._holders.keys() - self._confirmed_early, default=self._next)

    def is_open(self, update_id: int) -> bool:
        """Whether somebody still works on this update."""
        return update_id in self._holders

    @property
    def open(self) -> int:
        """How many updates are being answered."""
        return len(self._holders)

    def make_room(self) -> None:
        """Confirm the older half of a full window although it is unanswered, so that new updates can be seen."""
        waiting = sorted(self._holders.keys() - self._confirmed_early)
        if len(waiting) >= MAX_UNCONFIRMED:
            self._confirmed_early.update(waiting[: len(waiting) // 2])

    async def wait_for_a_release(self, timeout_s: float) -> None:
        """Return after the next finished update, or after ``timeout_s``."""
        waker = asyncio.Event()
        self._wakers.add(waker)
        try:
            async with asyncio.timeout(timeout_s):
                await waker.wait()
        except TimeoutError:
            pass
        finally:
            self._wakers.discard(waker)

    async def wait_until_idle(self) -> None:
        """Return when no update is being answered."""
        while self._holders:
            await self.wait_for_a_release(1.0)
