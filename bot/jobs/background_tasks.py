"""What runs for as long as the bot serves: none of it ends without a word, and none of it stays dead."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

from bot.updates.backoff import Backoff

_LOGGER = logging.getLogger(__name__)

BACKOFF: Final = Backoff(first_s=1.0, longest_s=60.0)
"""Before a task that ended is started again."""

STEADY_S: Final = 300.0
"""A task that ran for so long begins with the first pause again."""


class BackgroundTaskFailed(Exception):
    """A task that should run for as long as the bot serves has ended; it is started again."""


class BackgroundTasks:
    """Runs tasks side by side, logs the end of each, tells the admins and starts it again."""

    def __init__(self, report: Callable[[Exception], None], *, backoff: Backoff = BACKOFF) -> None:
        """Nothing runs yet.

        Args:
            report: told of trouble that an admin can end.
            backoff: the pauses before a task that keeps ending is started again.
        """
        self._report = report
        self._backoff = backoff
        self._tasks: list[asyncio.Task[None]] = []

    def keep(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Run ``work``, which should never return, again and again until :meth:`close`.

        Args:
            name: for the log.
            work: called anew for each start.
        """
        self._tasks.append(asyncio.create_task(self._keep(name, work), name=name))

    async def close(self) -> None:
        """Cancel all of them, and wait until they have ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _keep(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        failures = 0
        while True:
            began = time.monotonic()
            error = await _run(work)
            failures = 1 if time.monotonic() - began > STEADY_S else failures + 1
            pause_s = self._backoff.after(failures)
            kind = "it returned" if error is None else type(error).__name__
            _LOGGER.error("The background task %r ended (%s), again in %.1f s", name, kind, pause_s, exc_info=error)
            self._report(BackgroundTaskFailed(f"{name}: {kind}"))
            await asyncio.sleep(pause_s)


async def _run(work: Callable[[], Awaitable[object]]) -> BaseException | None:
    """Run ``work`` to its end; why it ended, None when it just returned."""
    try:
        await work()
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        return error  # something that it awaited was cancelled, not this task
    except Exception as error:
        return error
    return None
