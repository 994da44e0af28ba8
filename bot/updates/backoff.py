"""How long to wait before a request to Telegram is made again."""

from typing import Final

from telegram.error import RetryAfter

FIRST_BACKOFF_S: Final = 0.5


LONGEST_BACKOFF_S: Final = 30.0


_SLACK_S: Final = 0.1


def backoff(failures: int, first_s: float | None = None) -> float:
    """Seconds to wait after so many failures in a row, doubling from half a second to half a minute."""
    first_s = FIRST_BACKOFF_S if first_s is None else first_s
    return min(LONGEST_BACKOFF_S, first_s * 2.0 ** (min(failures, 10) - 1))


def seconds_to_wait(error: RetryAfter) -> float:
    """The wait that Telegram asked for, and a little more."""
    wait = error.retry_after
    return (wait if isinstance(wait, int) else wait.total_seconds()) + _SLACK_S
