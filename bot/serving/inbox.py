"""Updates that a webhook delivers: written down first, then answered, once, by this process or by the next.

For Telegram an update is gone when its delivery is answered with 200. So it is stored before that, and stays stored
until its answer has been sent; what a killed process leaves open, another one takes over when the lease ends. While
the store is away the delivery itself waits for the answer: a process that dies then has not said 200, and the update
comes again.
"""

import asyncio
import json
import logging
import time
from typing import Final

from telegram import Bot, Update

from bot.corrections.errors import StoreUnavailable
from bot.corrections.storage import Storage
from bot.corrections.updates import LEASE
from bot.serving.dispatcher import Dispatcher
from bot.serving.ledger import Ledger

_LOGGER = logging.getLogger(__name__)

HEARTBEAT_S: Final = LEASE.total_seconds() / 4
"""How often this process says that it lives, and looks for what others left."""

HOLD_S: Final = 10.0
"""So long a delivery waits for its answer while the store is away; Telegram gives up after a minute."""


LEAVE_S: Final = 2.0
"""For the last words to the store."""


class NotAnUpdate(ValueError):
    """What was delivered is no update."""


class NotNow(Exception):
    """This process cannot take the update on: deliver it again, here or elsewhere."""


class Inbox:
    """Takes deliveries for the dispatcher, and keeps the store's record of them."""

    def __init__(self, storage: Storage, dispatcher: Dispatcher, ledger: Ledger, bot: Bot) -> None:
        self._storage = storage
        self._dispatcher = dispatcher
        self._ledger = ledger
        self._bot = bot
        self._bot_id = bot.token.partition(":")[0]  # Bot.id is known only after getMe
        self._keys: dict[int, str] = {}
        self._open = False
        self._store_back_since = float("-inf")

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
            NotAnUpdate: it is none.
            NotNow: this process is starting or ending.
        """
        if not self._open:
            raise NotNow
        update, key = self._read(payload)
        try:
            new = await self._storage.run(self._storage.updates.claim_update, key, payload)
        except StoreUnavailable as error:
            self._note_away(error)
            self._take(update, key)
            await self._wait_for_the_answer(update)
        else:
            if new and not self._open:  # closed meanwhile: the claim is released, or ends with its lease
                raise NotNow
            if new:
                self._take(update, key)

    async def run(self) -> None:
        """Keep the record until cancelled: note what is answered, renew the lease, take over what others left."""
        next_beat = 0.0
        while True:
            if not self._done():
                await self._ledger.wait_for_a_release(max(0.01, next_beat - time.monotonic()))
            try:
                await self.settle()
                if time.monotonic() >= next_beat:
                    next_beat = time.monotonic() + HEARTBEAT_S
                    await self._beat()
            except StoreUnavailable as error:
                self._note_away(error)
                await asyncio.sleep(1.0)
            except Exception:
                _LOGGER.exception("The record of updates could not be kept")
                await asyncio.sleep(1.0)

    async def settle(self) -> None:
        """Note in the store what has been answered.

        Raises:
            StoreUnavailable: the store is away; what was answered is noted next time.
        """
        if done := self._done():
            await self._storage.run(self._storage.updates.mark_answered, *done.values())
            for update_id in done:
                self._keys.pop(update_id, None)

    def close(self) -> None:
        """Take no more updates on; :meth:`run` goes on for those that are being answered."""
        self._open = False

    async def leave(self) -> None:
        """Note what was answered, and leave the rest to the other processes at once."""
        try:
            async with asyncio.timeout(LEAVE_S):
                await self.settle()
                await self._storage.run(self._storage.release)
        except (StoreUnavailable, TimeoutError) as error:
            _LOGGER.warning("Unanswered updates are taken over when their lease ends (%s)", error or "too slow")

    async def _beat(self) -> None:
        await self._storage.run(self._storage.renew)
        # After an outage the others must first have had time to renew their leases.
        if not self._open or time.monotonic() - self._store_back_since < LEASE.total_seconds():
            return
        for left in await self._storage.run(self._storage.updates.unfinished_updates):
            try:
                update, _ = self._read(left.payload)
            except NotAnUpdate:
                await self._storage.run(self._storage.updates.mark_answered, left.key)
            else:
                _LOGGER.info("Taking over update %d, which another process left unanswered", update.update_id)
                self._take(update, left.key)

    def _done(self) -> dict[int, str]:
        """What is answered and not yet noted in the store."""
        return {update_id: key for update_id, key in self._keys.items() if not self._ledger.is_open(update_id)}

    def _read(self, payload: bytes) -> tuple[Update, str]:
        try:
            key = self._storage.updates.key_of(payload, bot=self._bot_id)
            update = Update.de_json(json.loads(payload), self._bot)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise NotAnUpdate(type(error).__name__) from error
        return update, key

    def _take(self, update: Update, key: str) -> None:
        self._keys[update.update_id] = key
        self._dispatcher.accept(update)

    async def _wait_for_the_answer(self, update: Update) -> None:
        until = time.monotonic() + HOLD_S
        while self._ledger.is_open(update.update_id):
            if not self._open:
                raise NotNow
            if time.monotonic() >= until:
                return
            await self._ledger.wait_for_a_release(0.25)

    def _note_away(self, error: StoreUnavailable) -> None:
        if time.monotonic() > self._store_back_since:
            _LOGGER.warning("Updates are answered without being written down first: %s", error)
        self._store_back_since = time.monotonic() + 1.0
