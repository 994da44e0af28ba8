"""Requests to Telegram that are sent late rather than never.

python-telegram-bot's AIORateLimiter keeps Telegram's general limits (30 messages a second in all, 20 a minute in a
group), but when it retries after a 429 it makes every chat wait. So it does not retry here: the chat that was told to
wait waits by itself, and failures of the network or of the server are tried again within a bound.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter

_LOGGER = logging.getLogger(__name__)

PATIENCE_S: Final = 600.0
"""For this long an answer is tried again."""

IMPATIENT: Final = {"sendChatAction": 0.0, "setMessageReaction": 0.0, "answerCallbackQuery": 10.0, "getFile": 2.0}
"""Requests that are worth less than the wait, or whose sender has a better way to wait, with the seconds they get."""

NO_MESSAGES: Final = frozenset({"sendChatAction", "setMessageReaction", "answerCallbackQuery", "getFile"})
"""Requests that are not counted as messages."""

FIRST_BACKOFF_S: Final = 0.5
LONGEST_BACKOFF_S: Final = 30.0
_SLACK_S: Final = 0.1

Result = bool | dict[str, Any] | list[dict[str, Any]]


class Patience(AIORateLimiter):
    """Rate limits for all, waits for the one chat that was told to wait, retries for what may pass."""

    __slots__ = ("_not_before",)

    def __init__(self) -> None:
        super().__init__(max_retries=0)
        self._not_before: dict[object, float] = {}

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
            TelegramError: it did not help.
        """
        now = asyncio.get_running_loop().time
        lane = data.get("chat_id", endpoint)
        deadline = now() + IMPATIENT.get(endpoint, PATIENCE_S)
        failures = 0
        while True:
            await self._wait_for(lane, deadline)
            try:
                if endpoint in NO_MESSAGES:
                    return await callback(*args, **kwargs)
                return await super().process_request(callback, args, kwargs, endpoint, data, None)
            except TelegramError as error:
                if isinstance(error, RetryAfter):
                    wait_s = seconds_to_wait(error)
                    self._make_wait(lane, now(), wait_s)
                elif may_pass(error):
                    failures += 1
                    wait_s = backoff(failures)
                else:
                    raise
                if now() + wait_s > deadline:
                    raise
                _LOGGER.warning("%s failed (%s: %s), again in %.1f s", endpoint, type(error).__name__, error, wait_s)
                if not isinstance(error, RetryAfter):
                    await asyncio.sleep(wait_s)

    async def _wait_for(self, lane: object, deadline: float) -> None:
        now = asyncio.get_running_loop().time()
        until = self._not_before.get(lane, 0.0)
        if until > deadline:
            raise RetryAfter(timedelta(seconds=until - now))
        await asyncio.sleep(max(0.0, until - now))

    def _make_wait(self, lane: object, now: float, wait_s: float) -> None:
        self._not_before = {key: until for key, until in self._not_before.items() if until > now}
        self._not_before[lane] = now + wait_s


def may_pass(error: TelegramError) -> bool:
    """Tell whether the same request may succeed later: the network, a server error, or an answer cut short."""
    if isinstance(error, NetworkError):
        return not isinstance(error, BadRequest)
    return type(error) is TelegramError


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row, doubling from half a second to half a minute."""
    return min(LONGEST_BACKOFF_S, FIRST_BACKOFF_S * 2.0 ** (min(failures, 10) - 1))


def seconds_to_wait(error: RetryAfter) -> float:
    """The wait that Telegram asked for, and a little more."""
    wait = error.retry_after
    return (wait if isinstance(wait, int) else wait.total_seconds()) + _SLACK_S
