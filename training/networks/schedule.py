"""How long a network for photos is trained, and how fast it learns on the way: by batches, or by the clock.

On a machine that is shared, nobody knows how many batches an evening has; a rate that follows the clock still ends low.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    Done = Callable[[int], float]

WARM_UP: Final = 0.02
"""Share of the training in which the rate rises to its peak."""

LAST: Final = 0.01
"""Share of its peak at which the rate ends."""


def by_steps(steps: int) -> Done:
    """What share of the training is done after some batches, where there are ``steps``."""
    return lambda step: step / steps


def by_clock(minutes: float, now: Callable[[], float] = time.monotonic) -> Done:
    """What share of the training is done, where it takes ``minutes`` from the first question on."""
    started: list[float] = []

    def done(step: int) -> float:
        if not started:
            started.append(now())
        return (now() - started[0]) / 60 / minutes

    return done


def rate_at(done: float, peak: float) -> float:
    """The learning rate: a straight line up to ``peak``, then half a cosine down (Loshchilov and Hutter 2017).

    Args:
        done: share of the training, from 0.
        peak: the highest.
    """
    if done < WARM_UP:
        return peak * done / WARM_UP
    falling = (1 + math.cos(math.pi * min(1.0, (done - WARM_UP) / (1 - WARM_UP)))) / 2
    return peak * (LAST + (1 - LAST) * falling)
