"""Batches that are drawn a few ahead, in a thread of their own, while the network is busy with the last."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Batch = TypeVar("_Batch")

WAITING: Final = 8
"""Batches that wait at most."""


def prefetched(draw: Callable[[], _Batch]) -> Iterator[_Batch]:
    """Call ``draw`` without end, in one thread, and yield what it gives in order."""
    ready: queue.Queue[_Batch] = queue.Queue(WAITING)

    def keep_drawing() -> None:
        while True:
            ready.put(draw())

    threading.Thread(target=keep_drawing, daemon=True).start()
    while True:
        yield ready.get()
