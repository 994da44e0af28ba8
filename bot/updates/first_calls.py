"""Calls that the bot cannot do without: when they fail it waits, and only a wrong token ends it.

A process that ends when Telegram refuses its first call is started again by whatever looks after it, and asks the
more often the longer Telegram refuses.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.updates.backoff import TELEGRAM_BACKOFF, Backoff, seconds_to_wait

_LOGGER = logging.getLogger(__name__)

GRACE_S: Final = 90.0
"""For so long a token that has worked may be refused before it counts as wrong."""

_LONGEST_TEXT: Final = 200


class TokenTrial:
    """Whether a refused token is wrong, or Telegram only says so for a while."""

    def __init__(self, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._worked = False
        self._refused_since: float | None = None

    def passed(self) -> None:
        """Take note of a call that Telegram answered."""
        self._worked = True
        self._refused_since = None

    def failed_by(self, error: InvalidToken) -> bool:
        """Whether this refusal shows that the token is wrong.

        401 says so, at once while no call was answered yet. 404 may as well come from a wrong address or from a server
        that is being moved, so it has to last.
        """
        now = time.monotonic()
        if self._refused_since is None:
            self._refused_since = now
        if not self._worked and not _is_not_found(error):
            return True
        return now - self._refused_since >= self._grace_s


async def insist(
    method: str, call: Callable[[], Awaitable[object]], trial: TokenTrial, *, backoff: Backoff = TELEGRAM_BACKOFF
) -> None:
    """Call a method until it is answered, with a pause after each failure: what Telegram asks for, or ever longer.

    Args:
        method: its name, for the log.
        call: calls it once.
        trial: judges the token.
        backoff: how long the pauses are.

    Raises:
        InvalidToken: the token is wrong.
    """
    failures = 0
    while True:
        try:
            await call()
        except InvalidToken as error:
            if trial.failed_by(error):
                raise
            failed: Exception = error
        except Exception as error:  # an answer of an odd form makes the library raise anything
            failed = error
        else:
            trial.passed()
            return
        failures += 1
        wait_s = backoff.after(failures, failed)
        _LOGGER.error("%s failed: %s; again in %.1f s", method, in_a_line(failed), wait_s)
        await asyncio.sleep(wait_s)


def in_a_line(error: Exception) -> str:
    """What is wrong, for the log: one line that holds no token."""
    if isinstance(error, InvalidToken):
        return why_refused(error)
    if isinstance(error, RetryAfter):
        return f"Telegram asks to wait {seconds_to_wait(error):.0f} s (429 Too Many Requests)"
    if not isinstance(error, TelegramError):
        return f"the answer cannot be read ({type(error).__name__})"
    if isinstance(error, BadRequest) and "logged out" in error.message.lower():
        return "the bot is logged out of this Bot API server, perhaps moved to another one: see BOT_API_URL"
    return f"{type(error).__name__}: {error.message}".replace("\n", " ")[:_LONGEST_TEXT]


def why_refused(error: InvalidToken) -> str:
    """What to do about a refused token, in one line."""
    if _is_not_found(error):
        return "the Bot API server does not know this bot (404 Not Found): check BOT_TOKEN and BOT_API_URL"
    return "Telegram does not accept BOT_TOKEN; ask @BotFather for the current one"


def _is_not_found(error: InvalidToken) -> bool:
    told = error.__cause__ if isinstance(error.__cause__, InvalidToken) else error  # Bot.initialize wraps it
    return "not found" in told.message.lower()
