"""How often one person may ask: token buckets, one for each."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

MOST_PEOPLE: Final = 10_000
"""Remembered at most; whoever has not asked for the longest is forgotten first, and their bucket was full again."""


class RateLimit:
    """So many at once, then so many a second."""

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Let everybody begin with a full bucket.

        Args:
            burst: how many at once.
            per_second: how fast the bucket fills again.
            clock: seconds.
        """
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def seconds_to_wait(self, person: int) -> float:
        """Take one for ``person``; 0.0 when there was one, else after how many seconds there will be."""
        now = self._clock()
        left, at = self._buckets.pop(person, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._per_second)
        allowed = left >= 1
        self._buckets[person] = (left - 1 if allowed else left, now)
        if len(self._buckets) > MOST_PEOPLE:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._per_second
