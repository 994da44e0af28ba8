"""Collects what comes in a burst until it is over: an album's photos come as single updates, without count or end."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Final, Generic, TypeVar

from bot.serving.errands import Errands
from bot.serving.ledger import Ledger

QUIET_S: Final = 1.0
"""After so long without another part a burst is over."""

LONGEST_S: Final = 5.0
"""A burst is not waited for longer than this."""

Item = TypeVar("Item")
Then = Callable[[list[Item], list[int]], Coroutine[Any, Any, None]]


class Gatherer(Generic[Item]):
    """One burst for each key; the updates that brought its parts stay open until it has been dealt with."""

    def __init__(
        self, ledger: Ledger, errands: Errands, quiet_s: float = QUIET_S, longest_s: float = LONGEST_S
    ) -> None:
        self._ledger = ledger
        self._errands = errands
        self._quiet_s = quiet_s
        self._longest_s = longest_s
        self._bursts: dict[Hashable, _Burst[Item]] = {}

    def add(self, key: Hashable, item: Item, update_id: int, then: "Then[Item]") -> None:
        """Add a part to its burst; when the burst is over, the first part's ``then`` gets all parts.

        Args:
            key: what the parts of a burst share.
            item: the part.
            update_id: the update that brought it.
            then: what to do with all of them; it gets the parts and their updates, both in the order they came.
        """
        loop = asyncio.get_running_loop()
        self._ledger.hold(update_id)
        burst = self._bursts.setdefault(key, _Burst(then, loop.time() + self._longest_s))
        burst.items.append(item)
        burst.update_ids.append(update_id)
        if burst.timer is not None:
            burst.timer.cancel()
        burst.timer = loop.call_at(min(loop.time() + self._quiet_s, burst.latest), self._end, key)

    def _end(self, key: Hashable) -> None:
        burst = self._bursts.pop(key)
        self._errands.start(self._deal_with(burst))

    async def _deal_with(self, burst: "_Burst[Item]") -> None:
        with self._ledger.releasing(burst.update_ids):
            await burst.then(burst.items, burst.update_ids)


class _Burst(Generic[Item]):
    def __init__(self, then: "Then[Item]", latest: float) -> None:
        self.then = then
        self.latest = latest
        self.items: list[Item] = []
        self.update_ids: list[int] = []
        self.timer: asyncio.TimerHandle | None = None
