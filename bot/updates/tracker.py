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


class Work:
    """Something to answer that is no update, such as an album whose parts came in many; each is itself alone."""


Held = int | Work
"""What can be held open: an update by its id, or other work. Only updates are ever confirmed to Telegram."""


class UpdateTracker:
    """Counts who still works on each update; for one event loop."""

    def __init__(self) -> None:
        self._holders: dict[Held, int] = {}
        self._confirmed_early: set[int] = set()
        self._finished: dict[int, None] = {}
        self._next = 0
        self._wakers: set[asyncio.Event] = set()

    def begin(self, update_id: int, *, confirmed: bool = False) -> bool:
        """Take an update on; False when it was taken on before.

        Args:
            update_id: as Telegram numbers it.
            confirmed: Telegram has forgotten it already, so it says nothing about what may be confirmed.
        """
        if update_id in self._holders or update_id in self._finished:
            return False
        if confirmed:
            self._confirmed_early.add(update_id)
        else:
            restarted = not self._updates() and update_id < self._next  # Telegram numbers anew after a quiet week
            self._next = update_id + 1 if restarted else max(self._next, update_id + 1)
        self._holders[update_id] = 1
        return True

    def begin_work(self) -> Work:
        """Take on what is no update; it is held and released like one."""
        work = Work()
        self._holders[work] = 1
        return work

    def pass_over(self, update_id: int) -> None:
        """Take note of an update that needs nothing more."""
        if self.begin(update_id):
            self.release(update_id)

    def hold(self, held: Held) -> None:
        """Keep something open for work that its handler only queued; each call needs its :meth:`release`."""
        if held in self._holders:
            self._holders[held] += 1

    def release(self, held: Held) -> None:
        """Say that one of those who held something is done with it."""
        if held not in self._holders:
            return
        self._holders[held] -= 1
        if not self._holders[held]:
            self._end(held)

    def abandon(self, held: Held) -> None:
        """Let go of what another process answers now, however many hold it."""
        if held in self._holders:
            self._end(held)

    @contextlib.contextmanager
    def releasing(self, held: Iterable[Held]) -> Iterator[None]:
        """Release updates after the block, unless it was cancelled: then they are for the next process."""
        try:
            yield
        except asyncio.CancelledError:
            raise
        except BaseException:
            self.release_all(held)
            raise
        else:
            self.release_all(held)

    def release_all(self, held: Iterable[Held]) -> None:
        """:meth:`release` each of them."""
        for each in held:
            self.release(each)

    @property
    def offset(self) -> int:
        """The first update that is not to be confirmed; 0 before the first update."""
        return min(self._updates() - self._confirmed_early, default=self._next)

    def is_open(self, held: Held) -> bool:
        """Whether somebody still works on it."""
        return held in self._holders

    @property
    def open(self) -> int:
        """How many updates, and other pieces of work, are being answered."""
        return len(self._holders)

    def confirm_early(self, update_ids: Iterable[int]) -> None:
        """Let Telegram forget updates that are being answered, once they are kept where the next process finds them."""
        self._confirmed_early.update(self._updates().intersection(update_ids))

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

    def _updates(self) -> set[int]:
        return {held for held in self._holders if isinstance(held, int)}

    def _end(self, held: Held) -> None:
        del self._holders[held]
        if isinstance(held, int):
            self._confirmed_early.discard(held)
            self._finished[held] = None
            if len(self._finished) > REMEMBERED:
                del self._finished[next(iter(self._finished))]
        for waker in self._wakers:
            waker.set()
