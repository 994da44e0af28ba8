"""Waiting for what nobody tells of: something in a thread, in another process or in a store."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], seconds: float = 120.0) -> None:
    """Wait until something comes true.

    Raises:
        TimeoutError: it does not in so many seconds.
    """
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)
