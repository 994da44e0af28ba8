"""Hands each update to the handlers: one after the other in a chat, the chats side by side."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from telegram import Update

from bot.logs import UPDATE_ID
from bot.serving.ledger import Ledger

_LOGGER = logging.getLogger(__name__)

Handle = Callable[[Update], Awaitable[None]]


class Dispatcher:
    """A lane for every chat that has something to say, so that a chat that has to wait holds up no other."""

    def __init__(self, handle: Handle, ledger: Ledger) -> None:
        self._handle = handle
        self._ledger = ledger
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(self, update: Update) -> bool:
        """Take an update on; False when this update was taken on before."""
        if not self._ledger.begin(update.update_id):
            return False
        key = _lane_of(update)
        if key in self._lanes:
            self._lanes[key].append(update)
        else:
            self._lanes[key] = deque([update])
            task = asyncio.create_task(self._walk(key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return True

    async def drain(self) -> None:
        """Wait until every update taken on has been handled."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Cancel whatever is still being handled; it stays open in the ledger."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _walk(self, key: int) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                update = lane.popleft()
                UPDATE_ID.set(update.update_id)
                try:
                    await self._handle(update)
                except Exception:
                    _LOGGER.exception("An update could not be handled")
                self._ledger.release(update.update_id)
        finally:
            del self._lanes[key]


def _lane_of(update: Update) -> int:
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else 0
