"""The queue of updates that the bot has not confirmed yet."""

import asyncio
from collections import OrderedDict
from typing import Any, Final

from telegram_playground.errors import ApiError
from telegram_playground.faults import Faults

MAX_PENDING: Final = 20_000
NOT_BY_DEFAULT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that a bot gets only when it asks for them by name."""


class UpdateQueue:
    """Numbers updates, keeps them until they are confirmed, and lets one poller wait for them."""

    def __init__(self, first_id: int, faults: Faults) -> None:
        self._next_id = first_id
        self._faults = faults
        self._pending: OrderedDict[int, Any] = OrderedDict()
        self._allowed: frozenset[str] | None = None
        self._poller = 0
        self._ended_by = ""
        self._changed = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def allowed(self) -> list[str]:
        """The kinds that the bot asked for; empty for the usual ones."""
        return sorted(self._allowed or ())

    def open(self) -> None:
        """Lets pollers wait again after `close`."""
        self._closed = False

    def close(self) -> None:
        """Ends every wait."""
        self._closed = True
        self.wake()

    def allow(self, kinds: list[str] | None) -> None:
        """Remembers which kinds the bot wants; None leaves that as it is, an empty list means the usual ones."""
        if kinds is not None:
            self._allowed = frozenset(kinds) or None

    def push(self, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
        """Queues an update, unless the bot does not want its kind.

        Returns:
            The update, or None when it is not wanted.
        """
        if kind in NOT_BY_DEFAULT if self._allowed is None else kind not in self._allowed:
            return None
        update = {"update_id": self._next_id, kind: content}
        self.push_raw(update)
        return update

    def push_raw(self, update: Any) -> int:
        """Queues anything that JSON can hold, as it is, whatever the bot wants and can read; its place in the queue."""
        number = self._next_id
        self._pending[number] = update
        self._next_id += 1
        while len(self._pending) > MAX_PENDING:
            self._pending.popitem(last=False)
        self.wake()
        return number

    @property
    def next_id(self) -> int:
        """The id that the next update gets."""
        return self._next_id

    def confirm(self, offset: int) -> None:
        """Forgets updates below an offset; a negative one keeps that many of the latest."""
        known = list(self._pending)
        outdated = known[:offset] if offset < 0 else [number for number in known if number < offset]
        for update_id in outdated:
            del self._pending[update_id]

    def drop(self) -> None:
        """Forgets everything pending."""
        self._pending.clear()

    def pending(self) -> list[Any]:
        """All unconfirmed updates in order."""
        return list(self._pending.values())

    def numbered(self) -> list[tuple[int, Any]]:
        """All unconfirmed updates in order, each with its place in the queue: its id, where it is sound."""
        return list(self._pending.items())

    def remove(self, update_id: int) -> None:
        """Forgets one update, which a webhook has taken."""
        self._pending.pop(update_id, None)
        self.wake()

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Any]:
        """Waits for updates as getUpdates does.

        Raises:
            ApiError: 409 when somebody else began to poll meanwhile, or set a webhook.
        """
        self.end_polls("other getUpdates request; make sure that only one bot instance is running")
        ticket = self._poller
        if offset:
            self.confirm(offset)
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not self._pending and not self._closed:
            try:
                async with asyncio.timeout_at(deadline):
                    await self._changed.wait()
            except TimeoutError:
                break
            if ticket != self._poller:
                raise ApiError(409, f"Conflict: terminated by {self._ended_by}")
        return self._faults.disturb(self.pending()[:limit])

    def end_polls(self, reason: str) -> None:
        """Ends whoever waits for updates, with a 409 that gives the reason."""
        self._poller += 1
        self._ended_by = reason
        self.wake()

    async def changed(self) -> None:
        """Waits until something is queued, taken or closed."""
        await self._changed.wait()

    def wake(self) -> None:
        """Lets everybody who waits look again."""
        self._changed.set()
        self._changed = asyncio.Event()
