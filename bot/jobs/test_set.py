"""The test images: all 10,000 where they are at hand, else those that come with the bot."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.datasets import DataError, Split, TestImages, load_test, read_test, shipped_test_images
from bot.jobs.executors import Executors

_LOGGER = logging.getLogger(__name__)

FETCH_AGAIN_AFTER_S: Final = 600.0
"""After a fetch that failed, so long nothing is fetched."""


class TestSet:
    """Reads the test images once; those who ask meanwhile wait for the same reading, and nobody waits for a download.

    Args:
        data_dir: where the 10,000 are kept.
        executors: threads to read and fetch in.
        read: the 10,000, if they are there.
        load: the 10,000, fetched first when they are missing.
        fetch_again_after_s: how long to wait after a fetch that failed, in seconds.
    """

    __test__ = False  # not a test, whatever pytest thinks of the name

    def __init__(
        self,
        data_dir: Path,
        executors: Executors,
        *,
        read: Callable[[Path], Split | None] = read_test,
        load: Callable[[Path], Split] = load_test,
        fetch_again_after_s: float = FETCH_AGAIN_AFTER_S,
    ) -> None:
        self._data_dir = data_dir
        self._executors = executors
        self._read = read
        self._load = load
        self._fetch_again_after_s = fetch_again_after_s
        self._all: TestImages | None = None
        self._shipped: TestImages | None = None
        self._reading = asyncio.Lock()
        self._fetching: asyncio.Task[None] | None = None
        self._failed_at: float | None = None

    async def images(self) -> TestImages:
        """All test images that are at hand now; where some are missing, they are fetched meanwhile.

        Raises:
            DataError: not even those can be read that come with the bot.
        """
        test = await self.at_hand()
        if test is self._shipped:
            self._begin_to_fetch()
        return test

    async def at_hand(self) -> TestImages:
        """The same, and nothing is fetched.

        Raises:
            DataError: not even those can be read that come with the bot.
        """
        async with self._reading:
            if self._all is None and self._shipped is None:
                self._all = await self._executors.draw(self._read_all)
            if self._all is not None:
                return self._all
            if self._shipped is None:
                self._shipped = await self._executors.draw(shipped_test_images)
            return self._shipped

    def _read_all(self) -> TestImages | None:
        try:
            split = self._read(self._data_dir)
        except DataError as error:
            _LOGGER.warning("The test images cannot be read: %s", error)
            return None
        return None if split is None else TestImages.all_of(split)

    def _begin_to_fetch(self) -> None:
        waited_s = None if self._failed_at is None else time.monotonic() - self._failed_at
        if self._fetching is None and (waited_s is None or waited_s >= self._fetch_again_after_s):
            # No detached task: the bot's end waits for those, and this one may hang where there is no network.
            self._fetching = asyncio.create_task(self._fetch())

    async def _fetch(self) -> None:
        try:
            self._all = TestImages.all_of(await self._executors.wait_for(lambda: self._load(self._data_dir)))
        except DataError as error:
            self._failed_at = time.monotonic()
            _LOGGER.warning("Only the test images that come with the bot are at hand: %s", error)
        finally:
            self._fetching = None
