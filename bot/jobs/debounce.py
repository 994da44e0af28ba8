"""Collects what comes in a burst until it is over: an album's photos come as single updates, without count or end."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Sequence
from typing import Any, Final, Generic, TypeVar

from bot.jobs.detached_tasks import DetachedTasks
from bot.updates.tracker import Held, UpdateTracker

QUIET_S: Final = 1.0
"""After so long without another part a burst is over."""

LONGEST_S: Final = 5.0
"""A burst is not waited for longer than this."""

Item = TypeVar("Item")
Then = Callable[[list[Item], Sequence[Held]], Coroutine[Any, Any, None]]


class Debouncer(Generic[Item]):
    """One burst for each key; the updates that brought its parts stay open until it has been dealt with.

    What comes while an earlier burst of its key is still being dealt with waits for that, as one burst.
    """

    def __init__(
        self,
        tracker: UpdateTracker,
        detached_tasks: DetachedTasks,
        quiet_s: float = QUIET_S,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._tracker = tracker
        self._detached_tasks = detached_tasks
        self._quiet_s = quiet_s
        self._longest_s = longest_s
        self._bursts: dict[Hashable, _Burst[Item]] = {}
        self._dealt_with: set[Hashable] = set()

    def add(self, key: Hashable, item: Item, update_id: int, then: "Then[Item]") -> None:
        """Add a part to its burst; when the burst is over, the first part's ``then`` gets all parts.

        Args:
            key: what the parts of a burst share.
            item: the part.
            update_id: the update that brought it.
            then: what to do with all of them; it gets the parts and their updates, both in the order they came.
        """
        loop = asyncio.get_running_loop()
        self._tracker.hold(update_id)
        burst = self._bursts.setdefault(key, _Burst(then, loop.time() + self._longest_s))
        burst.items.append(item)
        burst.update_ids.append(update_id)
        if burst.timer is not None:
            burst.timer.cancel()
        burst.timer = loop.call_at(min(loop.time() + self._quiet_s, burst.latest), self._end, key)

    def _end(self, key: Hashable) -> None:
        burst = self._bursts[key]
        burst.is_over = True
        if key not in self._dealt_with:
            del self._bursts[key]
            self._dealt_with.add(key)
            self._detached_tasks.start(self._deal_with(key, burst))

    async def _deal_with(self, key: Hashable, burst: "_Burst[Item]") -> None:
        try:
            with self._tracker.releasing(burst.update_ids):
                await burst.then(burst.items, burst.update_ids)
        finally:
            self._dealt_with.discard(key)
            following, task = self._bursts.get(key), asyncio.current_task()
            if following is not None and following.is_over and task is not None and not task.cancelling():
                self._end(key)


class _Burst(Generic[Item]):
    def __init__(self, then: "Then[Item]", latest: float) -> None:
        self.then = then
        self.latest = latest
        self.items: list[Item] = []
        self.update_ids: list[int] = []
        self.timer: asyncio.TimerHandle | None = None
        self.is_over = False
