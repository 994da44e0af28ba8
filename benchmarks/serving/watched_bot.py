"""The bot, with a watch on its event loop: ``python -m benchmarks.serving.watched_bot run --polling``.

The file that LOOP_DELAYS names gets a line for each look: by how many milliseconds the loop came late to it.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final, TextIO

from bot.__main__ import main

EVERY_S: Final = 0.02


class WatchedLoops(asyncio.DefaultEventLoopPolicy):
    """Makes event loops that note how late they are."""

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """Make one."""
        loop = super().new_event_loop()
        file = Path(os.environ["LOOP_DELAYS"]).open("a", encoding="ascii", buffering=1)
        loop.call_soon(_look, loop, file, loop.time())
        return loop


def _look(loop: asyncio.AbstractEventLoop, file: TextIO, due: float) -> None:
    file.write(f"{1000 * (loop.time() - due):.3f}\n")
    due = loop.time() + EVERY_S
    loop.call_at(due, _look, loop, file, due)


if __name__ == "__main__":
    asyncio.set_event_loop_policy(WatchedLoops())
    sys.exit(main())
