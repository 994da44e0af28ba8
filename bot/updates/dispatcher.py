"""Hands each update to the handlers: one after the other in a chat, the chats side by side."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from telegram import Update

from bot.logging import UPDATE_ID
from bot.updates.tracker import UpdateTracker

_LOGGER = logging.getLogger(__name__)

Handle = Callable[[Update], Awaitable[None]]


class Dispatcher:
    """A lane for every chat that has something to say, so that a chat that has to wait holds up no other."""

    def __init__(self, handle: Handle, tracker: UpdateTracker) -> None:
        self._handle = handle
        self._tracker = tracker
        self._lanes: dict[int, deque[tuple[Update, Handle]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(self, update: Update, *, confirmed: bool = False, handle: Handle | None = None) -> bool:
        """Take an update on; False when this update was taken on before.

        Args:
            update: from Telegram, or from the store.
            confirmed: Telegram has forgotten it already.
            handle: handles it in the place of the handlers.
        """
        key = _lane_of(update)
        if not self._tracker.begin(update.update_id, confirmed=confirmed):
            return False
        if key in self._lanes:
            self._lanes[key].append((update, handle or self._handle))
        else:
            self._lanes[key] = deque([(update, handle or self._handle)])
            task = asyncio.create_task(self._walk(key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return True

    async def drain(self) -> None:
        """Wait until every update taken on has been handled."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Cancel whatever is still being handled; it stays open in the tracker."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _walk(self, key: int) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                update, handle = lane.popleft()
                UPDATE_ID.set(update.update_id)
                try:
                    await handle(update)
                except Exception:
                    _LOGGER.exception("An update could not be handled")
                self._tracker.release(update.update_id)
        finally:
            del self._lanes[key]


def _lane_of(update: Update) -> int:
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else 0
