"""Updates that a webhook delivers: written down first, then answered, once, by this process or by the next.

For Telegram an update is gone when its delivery is answered with 200. So it is stored before that, and stays stored
until its answer has been sent; what a killed process leaves open, another one takes over when the lease ends. While
the store is away the delivery itself waits for the answer: a process that dies then has not said 200, and the update
comes again.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from telegram import Bot, Message, Update

from bot.storage.errors import StoreUnavailable
from bot.storage.leases import LEASE
from bot.storage.storage import Storage
from bot.updates.dispatcher import Dispatcher, Handle
from bot.updates.reading import UnreadableUpdate, read_update
from bot.updates.tracker import UpdateTracker

_LOGGER = logging.getLogger(__name__)

HOLD_S: Final = 10.0
"""So long a delivery waits for its answer while the store is away; Telegram gives up after a minute."""

STORE_PATIENCE_S: Final = 60.0
"""Replicas know of each other only through the store. While it is away for less than this, updates come later; then
rather twice than not at all."""

SAY_EVERY_S: Final = 60.0
"""How often an outage of the store is logged while it lasts."""


GiveUp = Callable[[Message, Exception], Awaitable[None]]
"""Tells the sender of a message that it cannot be answered, and why the admins."""


class GivenUp(Exception):
    """What was to be answered has seen so many processes end that it may be what ends them."""

    def __init__(self) -> None:
        super().__init__("given up: process after process has ended while it was to be answered")


class NotNow(Exception):
    """This process cannot take the update on: deliver it again, here or elsewhere."""


class Inbox:
    """Takes deliveries for the dispatcher, and keeps the store's record of them."""

    def __init__(
        self,
        storage: Storage,
        dispatcher: Dispatcher,
        tracker: UpdateTracker,
        bot: Bot,
        report: Callable[[Exception], None] | None = None,
        give_up: GiveUp | None = None,
        *,
        patience_s: float = STORE_PATIENCE_S,
    ) -> None:
        """Takes nothing on before :meth:`open`.

        Args:
            storage: where updates are written down.
            dispatcher: handles them.
            tracker: which of them are being answered.
            bot: whose updates.
            report: told of updates that cannot be read.
            give_up: told of messages whose processes end again and again.
            patience_s: how long replicas wait for a store that is away, before they answer without it.
        """
        self._storage = storage
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._report = report
        self._give_up = give_up
        self._patience_s = patience_s
        self._bot = bot
        self._bot_id = bot.token.partition(":")[0]  # Bot.id is known only after getMe
        self._keys: dict[int, str] = {}
        self._open = False
        self._said_away_at = float("-inf")

    @property
    def is_open(self) -> bool:
        """Whether updates are taken on."""
        return self._open

    def open(self) -> None:
        """Take updates on from now."""
        self._open = True

    async def receive(self, payload: bytes) -> None:
        """Take a delivery on; when this returns, Telegram may forget the update.

        Args:
            payload: the update's JSON.

        Raises:
            NotNow: this process is starting or ending, or waits for the store.
        """
        if not self._open:
            raise NotNow
        try:
            update, key = self._read(payload)
        except UnreadableUpdate as error:  # it would come again for ever, and be no more readable
            self._pass_over(error)
            return
        try:
            steady = self._storage.there_for(LEASE)
            new = await self._storage.run(self._storage.updates.claim_update, key, payload, take_over=steady)
        except StoreUnavailable as error:
            self._say_away(error)
            if self._storage.shared and self._storage.away_s < self._patience_s:
                raise NotNow from None  # a replica may have it, too: it comes again, and the store soon knows
            self._take(update, key)
            await self._wait_for_the_answer(update)
        else:
            if new and not self._open:  # closed meanwhile: the claim is released, or ends with its lease
                raise NotNow
            if new:
                self._take(update, key)

    async def keep(self, updates: Sequence[Update]) -> list[int]:
        """Write down updates that are being answered, so that Telegram may forget them.

        Returns:
            The ids of those that are kept: all of them, or none while the store is away.
        """
        payloads = {update.update_id: update.to_json().encode() for update in updates}
        keys = {number: self._key_of(payload) for number, payload in payloads.items()}
        try:
            await self._storage.run(
                self._storage.updates.write_down, {keys[number]: payload for number, payload in payloads.items()}
            )
        except StoreUnavailable as error:
            self._say_away(error)
            return []
        self._keys |= keys
        return list(keys)

    @property
    def has_news(self) -> bool:
        """Whether something is answered and not yet noted."""
        return bool(self._done())

    async def settle(self) -> None:
        """Note in the store what has been answered.

        Raises:
            StoreUnavailable: the store is away; what was answered is noted next time.
        """
        if done := self._done():
            await self._storage.run(self._storage.updates.mark_answered, *done.values())
            for update_id in done:
                self._keys.pop(update_id, None)

    async def let_go(self) -> None:
        """Give up updates that another process has taken over.

        Raises:
            StoreUnavailable: the store is away.
        """
        lost = await self._storage.run(self._storage.updates.lost, *self._keys.values()) if self._keys else ()
        for update_id in [number for number, key in self._keys.items() if key in lost]:
            _LOGGER.warning("Update %d is another process's by now", update_id)
            self._tracker.abandon(update_id)
            del self._keys[update_id]

    async def take_over(self, *, of_the_dead: bool) -> None:
        """Take on what others left, unless this process is starting or ending.

        Args:
            of_the_dead: also where a lease has ended.

        Raises:
            StoreUnavailable: the store is away.
        """
        if not self._open:
            return
        updates = self._storage.updates
        for left in await self._storage.run(updates.unfinished_updates, take_over=of_the_dead):
            try:
                update, _ = self._read(left.payload)
            except UnreadableUpdate as error:
                self._pass_over(error)
                await self._storage.run(updates.mark_answered, left.key)
            else:
                _LOGGER.info("Taking over update %d, which another process left unanswered", update.update_id)
                self._take(update, left.key, self._tell_that_it_is_given_up if left.given_up else None)

    def close(self) -> None:
        """Take no more updates on; those that are being answered are noted all the same."""
        self._open = False

    def _done(self) -> dict[int, str]:
        """What is answered and not yet noted in the store."""
        return {update_id: key for update_id, key in self._keys.items() if not self._tracker.is_open(update_id)}

    def _read(self, payload: bytes) -> tuple[Update, str]:
        update = read_update(payload, self._bot)
        try:
            return update, self._key_of(payload)
        except ValueError as error:
            raise UnreadableUpdate(update.update_id, type(error).__name__) from None

    def _key_of(self, payload: bytes) -> str:
        return self._storage.updates.key_of(payload, bot=self._bot_id)

    def _pass_over(self, error: UnreadableUpdate) -> None:
        _LOGGER.warning("Passed over: %s", error)
        if self._report is not None:
            self._report(error.with_traceback(None))

    def _take(self, update: Update, key: str, handle: Handle | None = None) -> None:
        self._keys[update.update_id] = key
        self._dispatcher.accept(update, confirmed=True, handle=handle)

    async def _tell_that_it_is_given_up(self, update: Update) -> None:
        if update.message is not None and self._give_up is not None:
            await self._give_up(update.message, GivenUp())
        elif self._report is not None:
            self._report(GivenUp())

    async def _wait_for_the_answer(self, update: Update) -> None:
        until = time.monotonic() + HOLD_S
        while self._tracker.is_open(update.update_id):
            if not self._open:
                raise NotNow
            if time.monotonic() >= until:
                return
            await self._tracker.wait_for_a_release(0.25)

    def _say_away(self, error: StoreUnavailable) -> None:
        now = time.monotonic()
        if now - self._said_away_at > SAY_EVERY_S:
            _LOGGER.warning("Updates are answered without being written down first: %s", error)
            self._said_away_at = now
