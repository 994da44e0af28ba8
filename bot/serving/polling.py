"""Fetches updates with ``getUpdates`` and confirms each one when it has been answered, not before."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Final

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.serving.answered import AnsweredUpdates
from bot.serving.dispatcher import Dispatcher
from bot.serving.ledger import MAX_UNCONFIRMED, Ledger
from bot.serving.patience import backoff, seconds_to_wait

_LOGGER = logging.getLogger(__name__)

LONG_POLL_S: Final = 30
"""How long an idle ``getUpdates`` waits for an update."""

BUSY_POLL_S: Final = 0.25
"""While updates are unanswered ``getUpdates`` returns them at once: ask again this often."""

CONFLICT_WAIT_S: Final = 5.0

NOTE_EVERY_S: Final = 2.0
"""How often it is noted what was answered out of turn."""


class Poller:
    """The polling loop of one bot."""

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        ledger: Ledger,
        answered: AnsweredUpdates,
        allowed_updates: Sequence[str],
        report: Callable[[Exception], None],
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._ledger = ledger
        self._answered = answered
        self._allowed_updates = allowed_updates
        self._report = report
        self._unconfirmed: dict[int, Update] = {}
        self._noted: set[int] = set()
        self._note_after = 0.0
        self._catching_up = True

    async def run(self) -> None:
        """Fetch and dispatch updates until cancelled.

        Raises:
            InvalidToken: the token was revoked.
        """
        failures = 0
        while True:
            try:
                await self._poll_once()
            except InvalidToken:
                raise
            except TelegramError as error:
                failures += 1
                if isinstance(error, Conflict):
                    self._report(error)
                await asyncio.sleep(_wait_after(error, failures))
            else:
                failures = 0

    async def confirm(self) -> None:
        """Tell Telegram what has been answered, once, at the end, and note what cannot be told yet."""
        await self._note_answered()  # first, since Telegram may not hear the rest
        await self._bot.get_updates(
            offset=self._ledger.offset, limit=1, timeout=0, allowed_updates=self._allowed_updates
        )

    async def _poll_once(self) -> None:
        offset = self._ledger.offset
        updates = await self._bot.get_updates(
            offset=offset,
            limit=MAX_UNCONFIRMED,
            timeout=0 if self._ledger.open else LONG_POLL_S,
            allowed_updates=self._allowed_updates,
        )
        self._forget_below(offset)
        fresh = await self._accept(updates)
        if not fresh and len(updates) == MAX_UNCONFIRMED:
            self._ledger.make_room()
        elif self._ledger.open:
            await self._ledger.wait_for_a_release(BUSY_POLL_S)
        if time.monotonic() >= self._note_after:
            await self._note_answered()

    async def _accept(self, updates: Sequence[Update]) -> int:
        before = await self._answered.among(updates) if self._catching_up else frozenset()
        self._catching_up = self._catching_up and len(updates) == MAX_UNCONFIRMED
        fresh = 0
        for update in updates:
            if update.update_id in before:
                self._ledger.pass_over(update.update_id)
            elif self._dispatcher.accept(update):
                self._unconfirmed[update.update_id] = update
                fresh += 1
        return fresh

    def _forget_below(self, offset: int) -> None:
        self._unconfirmed = {number: update for number, update in self._unconfirmed.items() if number >= offset}
        self._noted &= self._unconfirmed.keys()

    async def _note_answered(self) -> None:
        self._note_after = time.monotonic() + NOTE_EVERY_S
        out_of_turn = {
            number: update
            for number, update in self._unconfirmed.items()
            if number not in self._noted and not self._ledger.is_open(number)
        }
        if out_of_turn:
            await self._answered.note(out_of_turn.values())
            self._noted |= out_of_turn.keys()


def _wait_after(error: TelegramError, failures: int) -> float:
    if isinstance(error, TimedOut):
        return 0.0 if failures == 1 else backoff(failures)
    if isinstance(error, RetryAfter):
        return seconds_to_wait(error)
    if isinstance(error, Conflict):
        _LOGGER.error("Another process polls with the same bot token (409 Conflict); stop one of the two")
        return CONFLICT_WAIT_S
    wait_s = backoff(failures)
    _LOGGER.warning("getUpdates failed (%s: %s), again in %.1f s", type(error).__name__, error, wait_s)
    return wait_s
