"""Fetches updates with ``getUpdates`` and confirms each one when it has been answered, not before."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError, TimedOut

from bot.updates.answered import AnsweredUpdates
from bot.updates.backoff import TELEGRAM_BACKOFF, Backoff
from bot.updates.bot_api import UpdatesBot
from bot.updates.dispatcher import Dispatcher
from bot.updates.first_calls import TokenTrial, in_a_line
from bot.updates.reading import UnreadableUpdate, parse_update
from bot.updates.tracker import MAX_UNCONFIRMED, UpdateTracker

_LOGGER = logging.getLogger(__name__)

LONG_POLL_S: Final = 30
"""How long an idle ``getUpdates`` waits for an update."""

WEBHOOK_PEACE_S: Final = 600.0
"""When no webhook was set for so long, the next one is deleted at once again."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait before ``getUpdates`` is asked again, in seconds.

    Attributes:
        busy_s: while updates are unanswered, since it returns them at once.
        conflict_s: while another process polls.
        longest_vain_s: at most, for what can be neither read nor confirmed, until a later update confirms it.
        backoff: after failures.
    """

    busy_s: float = 0.25
    conflict_s: float = 5.0
    longest_vain_s: float = 2.0
    backoff: Backoff = TELEGRAM_BACKOFF


PAUSES: Final = Pauses()


class WebhookInTheWay(Exception):
    """Another process set a webhook for this bot, and Telegram hands out no updates while there is one."""


class Poller:
    """The polling loop of one bot."""

    def __init__(
        self,
        bot: UpdatesBot,
        dispatcher: Dispatcher,
        tracker: UpdateTracker,
        answered: AnsweredUpdates,
        allowed_updates: Sequence[str],
        report: Callable[[Exception], None],
        keep: Callable[[Sequence[Update]], Awaitable[Sequence[int]]],
        trial: TokenTrial | None = None,
        *,
        pauses: Pauses = PAUSES,
    ) -> None:
        """Fetch nothing yet.

        Args:
            bot: whose updates.
            dispatcher: takes them on.
            tracker: which of them may be confirmed.
            answered: what an earlier process has answered.
            allowed_updates: kinds of updates that are fetched.
            report: told of trouble that an admin can end.
            keep: keeps updates where the next process finds them, and gives the ids of those that are kept.
            trial: judges the token.
            pauses: between two requests.
        """
        self._bot = bot
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._answered = answered
        self._allowed_updates = allowed_updates
        self._report = report
        self._keep = keep
        self._trial = trial if trial is not None else TokenTrial()
        self._pauses = pauses
        self._unconfirmed: dict[int, Update] = {}
        self._noted: set[int] = set()
        self._catching_up = True
        self._nameless = 0
        self._in_vain = 0
        self._webhooks_deleted = 0
        self._webhook_deleted_at = float("-inf")

    async def run(self) -> None:
        """Fetch and dispatch updates until cancelled.

        Raises:
            InvalidToken: the token was revoked.
        """
        failures = 0
        while True:
            try:
                await self._poll_once()
            except InvalidToken as error:
                if self._trial.failed_by(error):
                    raise
                failures += 1
                await self._wait_after(error, failures)
            except Conflict as error:
                failures += 1
                await self._resolve(error)
            except TelegramError as error:
                failures += 1
                await self._wait_after(error, failures)
            except Exception as error:  # whatever it is, nobody else fetches updates
                failures += 1
                _LOGGER.exception("Updates could not be taken on")
                self._report(error)
                await asyncio.sleep(self._pauses.backoff.after(failures))
            else:
                failures = 0

    async def confirm(self) -> None:
        """Tell Telegram what has been answered, once, at the end."""
        await self._bot.get_raw_updates(
            offset=self._tracker.offset, limit=1, timeout=0, allowed_updates=self._allowed_updates
        )

    async def _poll_once(self) -> None:
        offset = self._tracker.offset
        received = await self._bot.get_raw_updates(
            offset=offset,
            limit=MAX_UNCONFIRMED,
            timeout=0 if self._tracker.open else LONG_POLL_S,
            allowed_updates=self._allowed_updates,
        )
        self._trial.passed()
        self._forget_below(offset)
        read = self._read(received, offset)
        fresh = await self._accept(read, full=len(received) == MAX_UNCONFIRMED)
        if not fresh and len(received) == MAX_UNCONFIRMED:
            await self._make_room([each.update_id for each in read if each.update_id is not None])
        elif self._tracker.open:
            await self._tracker.wait_for_a_release(self._pauses.busy_s)
        await self._pause_when_in_vain(received, offset)

    @property
    def has_news(self) -> bool:
        """Whether something is answered that Telegram may send again and that is not noted."""
        return bool(self._out_of_turn())

    async def settle(self) -> None:
        """Note what is answered, so that the next process passes over it.

        Raises:
            StoreUnavailable: the store is away; it is noted next time.
        """
        if out_of_turn := self._out_of_turn():
            await self._answered.note(out_of_turn.values())
            self._noted |= out_of_turn.keys()

    async def let_go(self) -> None:
        """Nobody takes over what one process polls."""

    async def take_over(self, *, of_the_dead: bool) -> None:
        """Telegram itself sends again what an earlier process left."""

    async def _make_room(self, window: Sequence[int]) -> None:
        """Let Telegram forget the older half of a full window, behind which newer updates are out of sight.

        What is unanswered in it, be it one update that waits for hours, must first be kept here.

        Args:
            window: the ids of the updates that Telegram shows.
        """
        older = sorted(window)[: len(window) // 2]
        known = (self._unconfirmed[number] for number in older if number in self._unconfirmed)
        unanswered = [update for update in known if self._tracker.is_open(update.update_id)]
        if unanswered:
            self._tracker.confirm_early(await self._keep(unanswered))
        await self._tracker.wait_for_a_release(self._pauses.busy_s)

    def _read(self, received: Sequence[object], offset: int) -> list[Update | UnreadableUpdate]:
        """Read one by one, in their order, what has a number; what has none is passed over, and said once."""
        read, nameless = list[Update | UnreadableUpdate](), list[UnreadableUpdate]()
        for content in received:
            try:
                read.append(self._known(content) or parse_update(content, self._bot))
            except UnreadableUpdate as error:
                (nameless if error.update_id is None else read).append(error)
        for another in nameless[self._nameless :]:  # those before have come before
            self._note_unreadable(another)
        self._nameless = len(nameless)
        if offset and not read and not self._tracker.open:
            # Numbers rise: nothing but these stands at and after the offset, so their numbers are at least these.
            for number in range(offset, offset + len(nameless)):
                self._tracker.pass_over(number)
        return read

    def _known(self, content: object) -> Update | None:
        """What was read before and is not confirmed yet."""
        update_id = content.get("update_id") if isinstance(content, dict) else None
        return self._unconfirmed.get(update_id) if isinstance(update_id, int) else None

    def _note_unreadable(self, error: UnreadableUpdate) -> None:
        _LOGGER.warning("Passed over: %s", error)
        self._report(error.with_traceback(None))

    async def _pause_when_in_vain(self, received: Sequence[object], offset: int) -> None:
        """Do not ask at once for what would only come again."""
        if received and not self._tracker.open and self._tracker.offset == offset:
            self._in_vain += 1
            await asyncio.sleep(min(self._pauses.backoff.after(self._in_vain), self._pauses.longest_vain_s))
        else:
            self._in_vain = 0

    async def _accept(self, read: Sequence[Update | UnreadableUpdate], *, full: bool) -> int:
        updates = [each for each in read if isinstance(each, Update)]
        before = await self._answered.among(updates) if self._catching_up else frozenset()
        self._catching_up = self._catching_up and full
        fresh = 0
        for each in read:
            if isinstance(each, UnreadableUpdate):
                self._pass_over(each)
            elif each.update_id in before:
                self._tracker.pass_over(each.update_id)
            elif self._dispatcher.accept(each):
                self._unconfirmed[each.update_id] = each
                fresh += 1
        return fresh

    def _pass_over(self, error: UnreadableUpdate) -> None:
        if error.update_id is not None and self._tracker.begin(error.update_id):
            self._tracker.release(error.update_id)
            self._note_unreadable(error)

    def _forget_below(self, offset: int) -> None:
        self._unconfirmed = {number: update for number, update in self._unconfirmed.items() if number >= offset}
        self._noted &= self._unconfirmed.keys()

    def _out_of_turn(self) -> dict[int, Update]:
        return {
            number: update
            for number, update in self._unconfirmed.items()
            if number not in self._noted and not self._tracker.is_open(number)
        }

    async def _resolve(self, conflict: Conflict) -> None:
        """Two kinds of 409: a second poller, which only people can end, and a webhook, which is deleted."""
        if "webhook" not in conflict.message.lower():
            _LOGGER.error("Another process polls with the same bot token (409 Conflict); stop one of the two")
            self._report(conflict)
            await asyncio.sleep(self._pauses.conflict_s)
            return
        now = time.monotonic()
        quiet = now - self._webhook_deleted_at > WEBHOOK_PEACE_S
        self._webhooks_deleted = 1 if quiet else self._webhooks_deleted + 1
        self._webhook_deleted_at = now
        wait_s = self._pauses.backoff.after(self._webhooks_deleted)
        _LOGGER.error(
            "Another process set a webhook for this bot, so Telegram hands out no updates (409 Conflict); "
            "deleting it in %.1f s: stop the other process, or serve by webhook",
            wait_s,
        )
        self._report(WebhookInTheWay())
        await asyncio.sleep(wait_s)
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            _LOGGER.error("The webhook could not be deleted: %s", in_a_line(error))

    async def _wait_after(self, error: TelegramError, failures: int) -> None:
        if isinstance(error, TimedOut) and failures == 1:
            return
        wait_s = self._pauses.backoff.after(failures, error)
        _LOGGER.warning("getUpdates failed: %s; again in %.1f s", in_a_line(error), wait_s)
        await asyncio.sleep(wait_s)
