"""Telling the page, and tests that wait, what has changed."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final

_REMEMBERED: Final = 400


@dataclass(frozen=True, slots=True)
class Event:
    """One change, numbered in order."""

    number: int
    kind: str
    data: dict[str, Any]


class EventHub:
    """Fans changes out to listeners and remembers the latest for those who reconnect."""

    def __init__(self) -> None:
        self._latest: deque[Event] = deque(maxlen=_REMEMBERED)
        self._number = 0
        self._changed = asyncio.Event()
        self._closed = False

    @property
    def number(self) -> int:
        """The number of the latest event."""
        return self._number

    def publish(self, kind: str, data: dict[str, Any] | None = None) -> None:
        """Announces a change."""
        self._number += 1
        self._latest.append(Event(self._number, kind, data or {}))
        self._wake()

    def open(self) -> None:
        """Accepts listeners again after `close`."""
        self._closed = False

    def close(self) -> None:
        """Lets every listener finish."""
        self._closed = True
        self._wake()

    def after(self, number: int) -> list[Event] | None:
        """The events after a number, or None when some of them are forgotten or were never here."""
        if number > self._number or (self._latest and number < self._latest[0].number - 1):
            return None
        return [event for event in self._latest if event.number > number]

    async def listen(self, number: int, idle_s: float) -> AsyncIterator[list[Event] | None]:
        """Yields batches of events after a number; an empty one when nothing happened for a while.

        None stands for "something was missed: read everything again".
        """
        while not self._closed:
            batch = self.after(number)
            if batch is None or batch:
                number = self._number
                yield batch
                continue
            try:
                async with asyncio.timeout(idle_s):
                    await self._changed.wait()
            except TimeoutError:
                yield []

    async def wait_until(self, condition: Callable[[], Any]) -> Any:
        """Waits until a condition, looked at after every change, gives something true, and returns that."""
        while not (result := condition()):
            await self._changed.wait()
        return result

    def _wake(self) -> None:
        # Everybody who waits holds this event object; the next wait gets a fresh one.
        self._changed.set()
        self._changed = asyncio.Event()
