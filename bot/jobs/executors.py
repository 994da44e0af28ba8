"""Threads for what would block the event loop, so that every other chat goes on meanwhile."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

VISION_THREADS: Final = 2
DRAWING_THREADS: Final = 2

Result = TypeVar("Result")


class Executors:
    """Two pools of threads: photos in one, the pictures of commands and the reading of data in the other.

    Commands have a pool of their own because they are answered at once, however many photos wait.
    """

    def __init__(self, vision_threads: int = VISION_THREADS) -> None:
        """Start all threads.

        Raises:
            RuntimeError: the system gives no more threads. Later it cannot: work that a full system refuses would stay
                in the executor's queue and be done after its caller had given up.
        """
        self._vision = _started(vision_threads, "vision")
        self._drawing = _started(DRAWING_THREADS, "drawing")
        self._waiting = _started(1, "waiting")

    async def look(self, work: Callable[[], Result]) -> Result:
        """Look at a photo."""
        return await asyncio.get_running_loop().run_in_executor(self._vision, work)

    async def draw(self, work: Callable[[], Result]) -> Result:
        """Draw, or classify a single picture."""
        return await asyncio.get_running_loop().run_in_executor(self._drawing, work)

    async def wait_for(self, work: Callable[[], Result]) -> Result:
        """Do what may take long because of others: a download, a slow disk."""
        return await asyncio.get_running_loop().run_in_executor(self._waiting, work)

    def close(self) -> None:
        """Take no more work; a thread that hangs in a download does not hold up the end."""
        for executor in (self._vision, self._drawing, self._waiting):
            executor.shutdown(wait=False, cancel_futures=True)


def _started(threads: int, name: str) -> ThreadPoolExecutor:
    """A pool whose threads all run already: an executor starts another one while none is idle."""
    executor = ThreadPoolExecutor(threads, name)
    everybody = threading.Event()
    try:
        for _ in range(threads):
            executor.submit(everybody.wait)
    except RuntimeError:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    finally:
        everybody.set()
    return executor
