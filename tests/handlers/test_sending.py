import asyncio
import datetime
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Chat, Message, User
from telegram.error import RetryAfter

from bot.handlers.sending import hold_back_if_crowded, indicating_picture, seconds_until_free
from bot.jobs.photo_queue import TryLater
from bot.jobs.retrying_rate_limiter import MOST_WAITING, RetryingRateLimiter

ANN = User(2, "Ann", is_bot=False)


@pytest.fixture
async def limiter() -> AsyncIterator[RetryingRateLimiter]:
    yield RetryingRateLimiter()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def message(limiter: object) -> Message:
    made = Message(5, datetime.datetime.now(datetime.UTC), Chat(2, Chat.PRIVATE), from_user=ANN)
    made.set_bot(SimpleNamespace(rate_limiter=limiter))  # type: ignore[arg-type]
    return made


def send(limiter: RetryingRateLimiter, answer: Any) -> None:
    data = {"chat_id": 2}
    asyncio.create_task(limiter.process_request(answer, (), {}, "sendPhoto", data, None))  # noqa: RUF006


async def test_no_answer_is_prepared_for_a_chat_that_must_wait_long(limiter: RetryingRateLimiter):
    async def flooded() -> bool:
        raise RetryAfter(datetime.timedelta(hours=1))

    hold_back_if_crowded(message(limiter))
    send(limiter, flooded)
    await asyncio.sleep(0.05)
    assert seconds_until_free(message(limiter)) > 3500
    with pytest.raises(TryLater) as later:
        hold_back_if_crowded(message(limiter))
    assert later.value.seconds <= 60


async def test_no_more_answers_are_prepared_than_a_chat_takes(limiter: RetryingRateLimiter):
    async def slow() -> bool:
        await asyncio.sleep(60)
        return True

    for _ in range(MOST_WAITING - 1):
        send(limiter, slow)
    await asyncio.sleep(0.05)
    hold_back_if_crowded(message(limiter))
    send(limiter, slow)
    await asyncio.sleep(0.05)
    with pytest.raises(TryLater):
        hold_back_if_crowded(message(limiter))


async def test_a_bot_without_such_limits_holds_nothing_back():
    hold_back_if_crowded(message(None))
    assert seconds_until_free(message(None)) == 0


class Telegram:
    """Notes what a chat is shown."""

    def __init__(self) -> None:
        self.shown = asyncio.Event()

    async def send_chat_action(self, **_: object) -> bool:
        self.shown.set()
        return True


async def test_a_picture_that_takes_long_is_announced() -> None:
    telegram = Telegram()
    asked = message(None)
    asked.set_bot(telegram)  # type: ignore[arg-type]
    async with asyncio.timeout(10), indicating_picture(asked, after_s=0):
        await telegram.shown.wait()


async def test_a_picture_that_comes_at_once_is_not_announced() -> None:
    telegram = Telegram()
    asked = message(None)
    asked.set_bot(telegram)  # type: ignore[arg-type]
    before = asyncio.all_tasks()
    async with indicating_picture(asked, after_s=3600):
        pass
    await asyncio.gather(*(asyncio.all_tasks() - before), return_exceptions=True)
    assert not telegram.shown.is_set()
