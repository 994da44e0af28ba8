"""Gives memory back to the system when the start is over, and when the photos that took it have been answered."""

import asyncio
from collections.abc import Callable
from typing import Final

from bot.jobs.photo_queue import PhotoQueue
from bot.memory import give_back_what_lies_free

EVERY_S: Final = 2.0
"""Without a new photo for so long, nobody waits for the pages that would be used again."""


class MemoryUpkeep:
    """Looks whether photos came, and then none for a while."""

    def __init__(self, photos: PhotoQueue, give_back: Callable[[], None] = give_back_what_lies_free) -> None:
        """Begin with what the start has left.

        Args:
            photos: where photos wait.
            give_back: does it, once after the start and after each burst.
        """
        self._photos = photos
        self._give_back = give_back
        self._seen = photos.begun_ever
        self._done: int | None = None

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            self.look()

    def look(self) -> None:
        """Give memory back when nothing has come since the last look, once for all that came before."""
        if self._done != self._photos.begun_ever == self._seen:
            self._give_back()
            self._done = self._seen
        self._seen = self._photos.begun_ever
