"""Requests to Telegram that are sent late rather than never.

python-telegram-bot's AIORateLimiter keeps Telegram's general limits (30 messages a second in all, 20 a minute in a
group), but when it retries after a 429 it makes every chat wait. So it does not retry here: the chat that was told to
wait waits by itself, and failures of the network or of the server are tried again within a bound. A message to a group
that has become a supergroup goes to the supergroup.
"""

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter
from telegram.request import BaseRequest

from bot.updates.backoff import TELEGRAM_BACKOFF, Backoff, seconds_to_wait

_LOGGER = logging.getLogger(__name__)

PATIENCE_S: Final = 600.0
"""For this long an answer is tried again, and an edit waits."""

FLOOD_PATIENCE_S: Final = 2 * 86_400.0
"""A message waits for so long where Telegram tells its chat to wait; an edit does not, since it can be tapped again.

For the edits that cannot, see :func:`telling_an_outcome`."""

IMPATIENT: Final = {"sendChatAction": 0.0, "setMessageReaction": 0.0, "answerCallbackQuery": 10.0, "getFile": 2.0}
"""Requests that are worth less than the wait, or whose sender has a better way to wait, with the seconds they get."""

NO_MESSAGES: Final = frozenset({"sendChatAction", "setMessageReaction", "answerCallbackQuery", "getFile"})
"""Requests that are not counted as messages."""


ANSWER_TIMEOUT_S: Final = 60.0
"""So long the response to a message is waited for: what is sent again too early may stand there twice."""

SILENCE_PAUSE_S: Final = 5.0
"""Whether a message was taken whose response did not come nobody can tell; a server so slow gets a pause at least."""

MOST_WAITING: Final = 8
"""With so many messages waiting for one chat, no more answers are prepared for it."""

_OUTCOME: Final[ContextVar[bool]] = ContextVar("outcome", default=False)

_REMEMBERED_MIGRATIONS: Final = 1_000
_IN_ANOTHER_CHAT: Final = ("reply_parameters", "reply_to_message_id", "message_thread_id")

Result = bool | dict[str, Any] | list[dict[str, Any]]


class RetryingRateLimiter(AIORateLimiter):
    """Rate limits for all, waits for the one chat that was told to wait, retries for what may pass.

    Args:
        patience_s: for so long a request is tried again that fails, counted from its first failure.
        flood_patience_s: so long a message waits where Telegram says so.
        backoff: the pauses between failures.
        silence_pause_s: the pause at least where no response came.
    """

    def __init__(
        self,
        patience_s: float = PATIENCE_S,
        flood_patience_s: float = FLOOD_PATIENCE_S,
        *,
        backoff: Backoff = TELEGRAM_BACKOFF,
        silence_pause_s: float = SILENCE_PAUSE_S,
    ) -> None:
        super().__init__(max_retries=0)
        self._patience_s = patience_s
        self._flood_patience_s = flood_patience_s
        self._backoff = backoff
        self._silence_pause_s = silence_pause_s
        self._not_before: dict[object, float] = {}
        self._waiting: Counter[object] = Counter()
        self._moved: OrderedDict[int, int] = OrderedDict()

    def seconds_until_free(self, chat_id: int) -> float:
        """How long Telegram has told this chat to wait, from now."""
        chat_id = self._moved.get(chat_id, chat_id)
        return max(0.0, self._not_before.get(chat_id, 0.0) - asyncio.get_running_loop().time())

    def is_crowded(self, chat_id: int) -> bool:
        """Whether so many messages wait for this chat that no more should be prepared."""
        return self._waiting[self._moved.get(chat_id, chat_id)] >= MOST_WAITING

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Send one request, again and again while that can help; see the base class for the arguments.

        Raises:
            ChatMigrated: the group has become a supergroup, where the message to edit or react to is not.
            TelegramError: it did not help.
        """
        self._readdress(data, endpoint)
        if _may_carry_a_picture(endpoint) and kwargs.get("read_timeout") is BaseRequest.DEFAULT_NONE:
            kwargs = kwargs | {"read_timeout": ANSWER_TIMEOUT_S}
        patience_s = IMPATIENT.get(endpoint, self._patience_s)
        attempts = _Attempts(endpoint, patience_s, self._backoff, self._silence_pause_s)
        waits_in_floods = _is_message(endpoint) or (_OUTCOME.get() and endpoint not in NO_MESSAGES)
        flood_patience_s = self._flood_patience_s if waits_in_floods else patience_s
        while True:
            lane = data.get("chat_id", endpoint)
            with self._counted(lane, endpoint):
                await self._wait_for(lane, flood_patience_s)
                try:
                    return await self._send(callback, args, kwargs, endpoint, data, lane, flood_patience_s)
                except ChatMigrated as moved:
                    self._remember(data.get("chat_id"), moved.new_chat_id)
                    self._readdress(data, endpoint, moved)
                except RetryAfter as error:
                    wait_s = seconds_to_wait(error)
                    self._make_wait(lane, wait_s)
                    if wait_s > flood_patience_s:
                        raise
                    _LOGGER.warning("%s has to wait for %.1f s (flood control)", endpoint, wait_s)
                except TelegramError as error:
                    await asyncio.sleep(attempts.wait_after(error))

    async def _send(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        lane: object,
        flood_patience_s: float,
    ) -> Result:
        if endpoint in NO_MESSAGES:
            return await callback(*args, **kwargs)

        async def when_free(*args: Any, **kwargs: Any) -> Result:
            await self._wait_for(lane, flood_patience_s)  # told to wait while it waited for the limits of all
            return await callback(*args, **kwargs)

        return await super().process_request(when_free, args, kwargs, endpoint, data, None)

    async def _wait_for(self, lane: object, patience_s: float) -> None:
        """Wait until this chat may be written to."""
        now = asyncio.get_running_loop().time
        while (wait_s := self._not_before.get(lane, 0.0) - now()) > 0:
            if wait_s > patience_s:
                raise RetryAfter(timedelta(seconds=wait_s))
            await asyncio.sleep(wait_s)

    def _make_wait(self, lane: object, wait_s: float) -> None:
        now = asyncio.get_running_loop().time()
        self._not_before = {key: until for key, until in self._not_before.items() if until > now}
        self._not_before[lane] = now + wait_s

    @contextmanager
    def _counted(self, lane: object, endpoint: str) -> Iterator[None]:
        one = 0 if endpoint in NO_MESSAGES else 1
        self._waiting[lane] += one
        try:
            yield
        finally:
            self._waiting[lane] -= one
            if not self._waiting[lane]:
                del self._waiting[lane]

    def _remember(self, group: object, supergroup: int) -> None:
        if isinstance(group, int):
            self._moved[group] = supergroup
            if len(self._moved) > _REMEMBERED_MIGRATIONS:
                self._moved.popitem(last=False)

    def _readdress(self, data: dict[str, Any], endpoint: str, moved: ChatMigrated | None = None) -> None:
        """Send to the supergroup that a group has become; its messages are numbered anew, so none is named.

        Raises:
            ChatMigrated: the request is about a message of the group.
        """
        supergroup = moved.new_chat_id if moved is not None else self._moved.get(data.get("chat_id", 0))
        if supergroup is None:
            return
        if "message_id" in data or data.get("chat_id") == supergroup:
            raise moved or ChatMigrated(supergroup)
        data["chat_id"] = supergroup
        for name in _IN_ANOTHER_CHAT:
            data.pop(name, None)
        _LOGGER.info("%s goes to the supergroup that the group has become", endpoint)


@dataclass(slots=True)
class _Attempts:
    """What became of one request so far."""

    endpoint: str
    patience_s: float
    backoff: Backoff
    silence_pause_s: float
    failures: int = 0
    failing_since: float = 0.0

    def wait_after(self, error: TelegramError) -> float:
        """Seconds to wait before the next attempt.

        Raises:
            TelegramError: another attempt would not help, or it has failed for too long.
        """
        now = asyncio.get_running_loop().time()
        if not may_pass(error):
            raise error
        if not self.failures:
            self.failing_since = now  # not before: it may have waited for its turn, or in a flood
        self.failures += 1
        wait_s = self.backoff.after(self.failures)
        if was_perhaps_done(error):
            wait_s = max(wait_s, self.silence_pause_s)
        if now + wait_s > self.failing_since + self.patience_s:
            raise error
        _LOGGER.warning("%s failed (%s: %s), again in %.1f s", self.endpoint, type(error).__name__, error, wait_s)
        return wait_s


@contextmanager
def telling_an_outcome() -> Iterator[None]:
    """Let edits in this block wait in a flood as messages do: what they tell, no tap would bring again."""
    token = _OUTCOME.set(True)
    try:
        yield
    finally:
        _OUTCOME.reset(token)


def rate_limiter_of(bot: Bot) -> "RetryingRateLimiter | None":
    """The rate limiter that a bot sends with; None for a bot that has another one, or none."""
    limiter = getattr(bot, "rate_limiter", None)
    return limiter if isinstance(limiter, RetryingRateLimiter) else None


def may_pass(error: TelegramError) -> bool:
    """Tell whether the same request may succeed later: the network, a server error, or an answer cut short."""
    if isinstance(error, NetworkError):
        return not isinstance(error, BadRequest)
    return type(error) is TelegramError


def was_perhaps_done(error: TelegramError) -> bool:
    """Tell whether the whole request went out and the server kept silent.

    A connection that was not made, a pool without a free one and a body that could not be written carry out nothing.
    """
    return isinstance(error.__cause__, httpx.ReadTimeout)


def _is_message(endpoint: str) -> bool:
    return endpoint.startswith("send") and endpoint not in NO_MESSAGES


def _may_carry_a_picture(endpoint: str) -> bool:
    return _is_message(endpoint) or endpoint == "editMessageMedia"
