"""How long to wait before something that failed is tried again."""

from dataclasses import dataclass
from typing import Final

from telegram.error import RetryAfter

_MOST_DOUBLINGS: Final = 30
_SLACK_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from failure to failure.

    Attributes:
        first_s: the wait after the first failure.
        longest_s: no wait gets longer than this.
    """

    first_s: float
    longest_s: float

    def after(self, failures: int, error: Exception | None = None) -> float:
        """Seconds to wait after so many failures in a row, never less than Telegram asked for with ``error``."""
        asked = seconds_to_wait(error) if isinstance(error, RetryAfter) else 0.0
        return max(asked, min(self.longest_s, self.first_s * 2.0 ** min(failures - 1, _MOST_DOUBLINGS)))


TELEGRAM_BACKOFF: Final = Backoff(first_s=0.5, longest_s=30.0)
"""For requests to Telegram."""


def seconds_to_wait(error: RetryAfter) -> float:
    """The wait that Telegram asked for, and a little more."""
    wait = error.retry_after
    return (wait if isinstance(wait, int) else wait.total_seconds()) + _SLACK_S
