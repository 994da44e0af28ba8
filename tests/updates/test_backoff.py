from datetime import timedelta

from telegram.error import Forbidden, RetryAfter

from bot.updates.backoff import TELEGRAM_BACKOFF


def test_it_doubles_up_to_half_a_minute() -> None:
    waits = [TELEGRAM_BACKOFF.after(failures, Forbidden("Forbidden")) for failures in range(1, 10_000)]
    assert waits[:5] == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert waits == sorted(waits)
    assert waits[-1] == 30.0


def test_it_is_never_less_than_telegram_asked_for() -> None:
    assert TELEGRAM_BACKOFF.after(1, RetryAfter(timedelta(seconds=3000))) >= 3000
    assert TELEGRAM_BACKOFF.after(5, RetryAfter(timedelta(seconds=1))) == 8.0
