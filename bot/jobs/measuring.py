"""Measures the live model on all test images, once for all who ask at the same time, and without slowing photos.

It is done once for every new model, so that what the model gets wrong is known before somebody asks, and kept for the
next start.
"""

import asyncio
import logging
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

from bot.datasets import DataError, TestImages, as_pixels
from bot.jobs.kept_measurement import KeptMeasurement
from bot.jobs.test_set import TestSet
from bot.registry.store import LiveModel, ModelStore
from bot.vision.interpreter import ModelError
from bot.vision.labels import CLASS_COUNT

_LOGGER = logging.getLogger(__name__)

CHUNK: Final = 50
"""Images between two steps of the progress."""

THREADS: Final = 2
"""Images classified at the same time; photos have the processor before them."""

LOOK_EVERY_S: Final = 5.0
"""So often it is looked whether the model or the test images are others now."""

_LOWER_PRIORITY: Final = 10

Progress = Callable[[int, int], None]
"""Called with images done and images in all."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """What the live model said about every test image.

    Attributes:
        sha256: of the classifier that was measured.
        accuracy_on_card: what its card says; None where that says nothing of it.
        test: the images that it was measured on.
        predicted: uint8 [n], the most probable class of each test image.
        confusion: counts; rows are actual, columns predicted classes.
        took: how long it took.
    """

    sha256: str
    accuracy_on_card: float | None
    test: TestImages
    predicted: NDArray[np.uint8]
    confusion: tuple[tuple[int, ...], ...]
    took: timedelta


class Measuring:
    """One measurement at a time; whoever asks meanwhile gets the same one."""

    def __init__(self, models: ModelStore, test_set: TestSet, kept: KeptMeasurement | None = None) -> None:
        """Measure nothing yet.

        Args:
            models: has the live model.
            test_set: what it is measured on.
            kept: where the latest measurement lies between two starts; None keeps nothing.
        """
        self._models = models
        self._test_set = test_set
        self._kept = kept
        self._thread = ThreadPoolExecutor(1, "measuring", initializer=_stand_back)
        self._running: asyncio.Task[Measurement] | None = None
        self._listeners: list[Progress] = []
        self._latest: Measurement | None = None
        self._done = 0.0

    @property
    def busy(self) -> bool:
        """Whether a measurement is running."""
        return self._running is not None

    @property
    def done(self) -> float:
        """How much of the measurement that is running, or ended last, is done: 0..1."""
        return self._done

    async def keep_known(self, every_s: float = LOOK_EVERY_S) -> None:
        """Measure the live model on what is at hand, now and whenever one of the two is another; never returns."""
        while True:
            try:
                await self._known_of(await self._test_set.at_hand())
            except (DataError, ModelError) as error:
                _LOGGER.debug("What the model gets wrong is not known: %s", error)
            await asyncio.sleep(every_s)

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

    def knows_live(self, test: TestImages) -> bool:
        """Whether the live model has been measured on these images by this process."""
        latest = self._latest
        return latest is not None and latest.test is test and latest.sha256 == self._models.live().sha256

    async def known(self) -> Measurement:
        """The measurement of the live model on what is at hand, made only when there is none yet.

        Raises:
            DataError: the test images cannot be had.
            ModelError: there is no model, or it fails.
        """
        return await self._known_of(await self._test_set.images())

    async def _known_of(self, test: TestImages) -> Measurement:
        if self._latest is None and self._running is None and self._kept is not None:
            before = await asyncio.get_running_loop().run_in_executor(self._thread, self._read_kept, self._kept, test)
            self._latest = self._latest or before
        if self._latest is not None and self.knows_live(test):
            return self._latest
        return await self.measure()

    def _read_kept(self, kept: KeptMeasurement, test: TestImages) -> Measurement | None:
        live = self._models.live()
        found = kept.read(live.sha256, test)
        return None if found is None else _measurement(live, test, *found)

    def close(self) -> None:
        """Measure no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _measure(self) -> Measurement:
        loop, self._done = asyncio.get_running_loop(), 0.0
        try:
            test = await self._test_set.at_hand()
            work = partial(self._measured, self._models.live(), test, self._reporter(loop))
            self._latest = await loop.run_in_executor(self._thread, work)
            return self._latest
        finally:
            self._running, self._listeners = None, []

    def _measured(self, live: LiveModel, test: TestImages, progress: Progress) -> Measurement:
        measurement = measured(live, test, progress)
        if self._kept is not None:
            self._kept.write(live.sha256, test, measurement.predicted, measurement.took.total_seconds())
        return measurement

    def _reporter(self, loop: asyncio.AbstractEventLoop) -> Progress:
        def report(done: int, total: int) -> None:
            self._done = done / total
            for listener in tuple(self._listeners):
                loop.call_soon_threadsafe(listener, done, total)

        return report


def measured(live: LiveModel, test: TestImages, progress: Progress) -> Measurement:
    """Classify every test image; blocks."""
    began = time.monotonic()
    predicted = np.empty(len(test), np.uint8)
    starts = range(0, len(test), CHUNK)

    def classes(start: int) -> NDArray[np.uint8]:
        pixels = as_pixels(test.images[start : start + CHUNK])
        return np.asarray(live.classifier.probabilities(pixels).argmax(axis=1), np.uint8)

    with ThreadPoolExecutor(THREADS, "measuring", initializer=_stand_back) as threads:
        for start, found in zip(starts, threads.map(classes, starts), strict=True):
            predicted[start : start + CHUNK] = found
            progress(min(start + CHUNK, len(test)), len(test))
    return _measurement(live, test, predicted, time.monotonic() - began)


def _measurement(live: LiveModel, test: TestImages, predicted: NDArray[np.uint8], took_s: float) -> Measurement:
    confusion = np.zeros((CLASS_COUNT, CLASS_COUNT), np.int64)
    np.add.at(confusion, (test.labels, predicted), 1)
    return Measurement(
        sha256=live.sha256,
        accuracy_on_card=live.card.test.accuracy if live.card is not None and live.card_matches else None,
        test=test,
        predicted=predicted,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        took=timedelta(seconds=took_s),
    )


def _stand_back() -> None:
    """Let the system prefer every other thread; Linux gives threads priorities of their own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWER_PRIORITY)
