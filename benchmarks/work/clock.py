"""The processor's time of a piece of work in this process, which other programs do not lengthen much."""

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")


def processor_ms(work: Callable[[Thing], object], things: Iterable[Thing]) -> float:
    """The mean time of ``work`` for one of ``things``, in milliseconds; the first one warms up."""
    given = list(things)
    work(given[0])
    began = time.process_time()
    for thing in given:
        work(thing)
    return 1000 * (time.process_time() - began) / len(given)
