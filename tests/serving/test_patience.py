import asyncio
from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.serving import patience
from bot.serving.patience import Patience, backoff


class Telegram:
    """Fails as told, then answers."""

    def __init__(self, *failures: TelegramError) -> None:
        self.failures = list(failures)
        self.calls = 0

    async def __call__(self) -> bool:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return True


async def send(limiter: Patience, telegram: Telegram, chat_id: int = 1, endpoint: str = "sendMessage") -> object:
    return await limiter.process_request(telegram, (), {}, endpoint, {"chat_id": chat_id}, None)


@pytest.fixture(autouse=True)
def short_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_BACKOFF_S", 0.01)
    monkeypatch.setattr(patience, "_SLACK_S", 0.0)


@pytest.mark.parametrize(
    "error",
    [NetworkError("Bad Gateway"), TimedOut(), TelegramError("Invalid server response")],
)
async def test_what_may_pass_is_tried_again(error):
    telegram = Telegram(error, error)
    assert await send(Patience(), telegram) is True
    assert telegram.calls == 3


@pytest.mark.parametrize("error", [BadRequest("message is too long"), Forbidden("bot was blocked by the user")])
async def test_what_cannot_pass_is_raised_at_once(error):
    telegram = Telegram(error)
    with pytest.raises(type(error)):
        await send(Patience(), telegram)
    assert telegram.calls == 1


async def test_only_the_chat_that_was_told_to_wait_waits():
    limiter = Patience()
    waits = asyncio.create_task(send(limiter, Telegram(RetryAfter(timedelta(seconds=0.3))), chat_id=1))
    await asyncio.sleep(0.02)
    also_waits = asyncio.create_task(send(limiter, Telegram(), chat_id=1))
    await asyncio.wait_for(send(limiter, Telegram(), chat_id=2), 0.1)
    assert not waits.done()
    assert not also_waits.done()
    await asyncio.wait_for(asyncio.gather(waits, also_waits), 1)


async def test_a_typing_indicator_is_not_worth_a_wait():
    telegram = Telegram(RetryAfter(timedelta(seconds=5)))
    with pytest.raises(RetryAfter):
        await send(Patience(), telegram, endpoint="sendChatAction")
    assert telegram.calls == 1


async def test_a_wait_beyond_the_bound_is_refused_at_once():
    limiter = Patience()
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await asyncio.wait_for(send(limiter, Telegram(RetryAfter(timedelta(hours=2)))), 1)


def test_backoff_doubles_up_to_half_a_minute(monkeypatch):
    monkeypatch.setattr(patience, "FIRST_BACKOFF_S", 0.5)
    assert [backoff(failures) for failures in (1, 2, 3, 4, 50)] == [0.5, 1.0, 2.0, 4.0, 30.0]
