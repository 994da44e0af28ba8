"""Measures the live model on all test images, once for all who ask at the same time, and without slowing photos."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.dataset import Split
from bot.serving.test_set import TestSet
from bot.vision.labels import CLASS_COUNT
from bot.vision.model_store import LiveModel, ModelStore

CHUNK: Final = 50
"""Images between two looks at the clock."""

_LOWER_PRIORITY: Final = 10

Progress = Callable[[int, int], None]
"""Called with images done and images in all."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """What the live model said about every test image.

    Attributes:
        live: the model that was measured.
        predicted: uint8 [n], the most probable class of each test image.
        confusion: counts; rows are actual, columns predicted classes.
        took: how long it took.
    """

    live: LiveModel
    predicted: NDArray[np.uint8]
    confusion: tuple[tuple[int, ...], ...]
    took: timedelta


class Measuring:
    """One measurement at a time; whoever asks meanwhile gets the same one."""

    def __init__(self, models: ModelStore, test_set: TestSet) -> None:
        self._models = models
        self._test_set = test_set
        self._thread = ThreadPoolExecutor(1, "measuring", initializer=_stand_back)
        self._running: asyncio.Task[Measurement] | None = None
        self._listeners: list[Progress] = []
        self._latest: Measurement | None = None

    @property
    def busy(self) -> bool:
        """Whether a measurement is running."""
        return self._running is not None

    async def measure(self, progress: Progress | None = None) -> Measurement:
        """Measure the live model now, or wait for the measurement that is running.

        Raises:
            DataError: the test images cannot be had.
            ModelError: there is no model, or it fails.
        """
        if progress is not None:
            self._listeners.append(progress)
        if self._running is None:
            self._running = asyncio.create_task(self._measure())
        return await asyncio.shield(self._running)

    @property
    def knows_live(self) -> bool:
        """Whether the live model has been measured by this process."""
        return self._latest is not None and self._latest.live.sha256 == self._models.live().sha256

    async def known(self) -> Measurement:
        """The measurement of the live model, made only when there is none yet; for errors see :meth:`measure`."""
        if self._latest is not None and self.knows_live:
            return self._latest
        return await self.measure()

    def close(self) -> None:
        """Measure no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _measure(self) -> Measurement:
        loop = asyncio.get_running_loop()
        try:
            test = await self._test_set.images()
            work = partial(measured, self._models.live(), test, self._reporter(loop))
            self._latest = await loop.run_in_executor(self._thread, work)
            return self._latest
        finally:
            self._running, self._listeners = None, []

    def _reporter(self, loop: asyncio.AbstractEventLoop) -> Progress:
        def report(done: int, total: int) -> None:
            for listener in tuple(self._listeners):
                loop.call_soon_threadsafe(listener, done, total)

        return report


def measured(live: LiveModel, test: Split, progress: Progress) -> Measurement:
    """Classify every test image; blocks."""
    began = time.monotonic()
    predicted = np.empty(len(test), np.uint8)
    for start in range(0, len(test), CHUNK):
        pixels = np.asarray(test.images[start : start + CHUNK], np.float32) / np.float32(255)
        predicted[start : start + CHUNK] = live.classifier.probabilities(pixels).argmax(axis=1)
        progress(min(start + CHUNK, len(test)), len(test))
        time.sleep(0)  # lets another thread have the interpreter lock
    confusion = np.zeros((CLASS_COUNT, CLASS_COUNT), np.int64)
    np.add.at(confusion, (test.labels, predicted), 1)
    return Measurement(
        live=live,
        predicted=predicted,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        took=timedelta(seconds=time.monotonic() - began),
    )


def _stand_back() -> None:
    """Let the system prefer every other thread; Linux gives threads priorities of their own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWER_PRIORITY)
