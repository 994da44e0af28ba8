"""Keeps what this process has leased in the store: notes what is answered, renews, takes over what others left.

There is one keeper for everything that is leased, and so one guard: after a start or an outage of the store a lease
that has ended says nothing about its owner, who had no chance to renew it. And who could not renew for longer than a
lease looks first whether somebody else has taken its work over.
"""

import asyncio
import logging
import time
from typing import Final, Protocol

from bot.storage.errors import StoreUnavailable
from bot.storage.leases import LEASE
from bot.storage.storage import Storage
from bot.updates.tracker import UpdateTracker

_LOGGER = logging.getLogger(__name__)

HEARTBEAT_S: Final = LEASE.total_seconds() / 4
"""How often this process says that it lives, and looks for what others left."""

RETRY_S: Final = 1.0
"""While the store is away."""

LEAVE_S: Final = 2.0
"""For the last words to the store."""


class Leased(Protocol):
    """One kind of work that is leased in the store.

    Raises, from every coroutine:
        StoreUnavailable: the store is away; what was to be noted is noted next time.
    """

    @property
    def has_news(self) -> bool:
        """Whether something is answered and not yet noted."""

    async def settle(self) -> None:
        """Note what is answered."""

    async def let_go(self) -> None:
        """Give up what another process has taken over."""

    async def take_over(self, *, of_the_dead: bool) -> None:
        """Take on what others left.

        Args:
            of_the_dead: also where a lease has ended; else only what was left in an orderly way.
        """


class LeaseKeeper:
    """Keeps the leases of one process."""

    def __init__(
        self, storage: Storage, tracker: UpdateTracker, *kinds: Leased, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        """Nothing is kept before :meth:`run`.

        Args:
            storage: where the leases are.
            tracker: wakes the keeper when something is answered.
            kinds: what is leased.
            heartbeat_s: how often leases are renewed.
        """
        self._storage = storage
        self._tracker = tracker
        self._kinds = kinds
        self._heartbeat_s = heartbeat_s
        self._renewed_at = time.monotonic()

    async def run(self) -> None:
        """Keep the record until cancelled."""
        next_beat, away = 0.0, False
        while True:
            if not any(kind.has_news for kind in self._kinds):
                await self._tracker.wait_for_a_release(max(0.01, next_beat - time.monotonic()))
            try:
                for kind in self._kinds:
                    await kind.settle()
                if time.monotonic() >= next_beat:
                    next_beat = time.monotonic() + self._heartbeat_s
                    await self._beat()
                away = False
            except StoreUnavailable as error:
                next_beat = 0.0  # the others wait for a sign of life
                if not away:
                    _LOGGER.warning("The record of what is answered is kept later: %s", error)
                away = True
                await asyncio.sleep(RETRY_S)

    async def leave(self) -> None:
        """Note what was answered, and leave the rest to other processes at once."""
        try:
            async with asyncio.timeout(LEAVE_S):
                for kind in self._kinds:
                    await kind.settle()
                await self._storage.run(self._storage.release)
        except (StoreUnavailable, TimeoutError) as error:
            _LOGGER.warning("What is unanswered is taken over when its lease ends (%s)", error or "too slow")

    async def _beat(self) -> None:
        may_have_lost = time.monotonic() - self._renewed_at > LEASE.total_seconds()
        await self._storage.run(self._storage.renew)
        if may_have_lost:
            for kind in self._kinds:
                await kind.let_go()
        self._renewed_at = time.monotonic()
        steady = self._storage.there_for(LEASE)
        for kind in self._kinds:
            await kind.take_over(of_the_dead=steady)
