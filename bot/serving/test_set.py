"""The 10,000 test images, fetched when somebody first asks for one."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.dataset import Split, load_test
from bot.serving.workshop import Workshop


class TestSet:
    """Reads the test images once; those who ask meanwhile wait for the same reading."""

    __test__ = False  # not a test, whatever pytest thinks of the name

    def __init__(self, data_dir: Path, workshop: Workshop, load: Callable[[Path], Split] = load_test) -> None:
        self._data_dir = data_dir
        self._workshop = workshop
        self._load = load
        self._images: Split | None = None
        self._reading = asyncio.Lock()

    async def images(self) -> Split:
        """The test images.

        Raises:
            DataError: they are missing and cannot be had; the next call tries again.
        """
        async with self._reading:
            if self._images is None:
                self._images = await self._workshop.wait_for(lambda: self._load(self._data_dir))
            return self._images
