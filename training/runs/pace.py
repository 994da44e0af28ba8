"""How long what is left will take, from how long what is done took."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """Measures one piece of work.

    Args:
        total: how much there is to do.
        done: how much of it was done before.
        clock: tells seconds.
    """

    def __init__(self, total: float, done: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self._clock = clock
        self._began = clock()
        self._before = done

    def seconds_left(self, done: float) -> float | None:
        """What is left when ``done`` is done, seconds; None before anything was."""
        since = done - self._before
        if since <= 0:
            return None
        return (self._clock() - self._began) * max(0.0, self.total - done) / since


def in_words(seconds: float) -> str:
    """A duration as people say it: ``12 s``, ``3 min 5 s``, ``2 h 7 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
