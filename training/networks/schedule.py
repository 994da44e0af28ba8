"""How long a network for photos is trained, and how fast it learns on the way: by batches, or by the clock.

On a machine that is shared, nobody knows how many batches an evening has; a rate that follows the clock still ends low.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import keras
    from numpy.typing import NDArray

    Done = Callable[[int], float]

WARM_UP: Final = 0.02
"""Share of the training in which the rate rises to its peak."""

LAST: Final = 0.01
"""Share of its peak at which the rate ends."""

REPORT_EVERY: Final = 100
"""Steps."""


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


def take_steps(
    network: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    step_once: Callable[[], NDArray[np.float32]],
    done: Done,
    peak: float,
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Train in steps until all is done, and leave the averaged weights.

    Args:
        network: what is trained.
        optimizer: changes it, at the rate that is set here, and averages its weights.
        step_once: takes one step and gives its figures, float32 [n].
        done: the share of the training after a number of steps.
        peak: the highest learning rate.

    Yields:
        The step, and the mean of the figures since the last report.
    """
    optimizer.build(network.trainable_variables)  # a step that made them would be traced twice
    since: list[NDArray[np.float32]] = []
    step, share = 0, done(0)
    while share < 1:
        optimizer.learning_rate = rate_at(share, peak)
        since.append(step_once())
        step += 1
        share = done(step)
        if share >= 1:
            optimizer.finalize_variable_values(network.trainable_variables)
        if step % REPORT_EVERY == 0 or share >= 1:
            yield step, np.mean(since, 0)
            since = []
