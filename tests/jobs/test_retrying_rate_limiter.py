import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest

from bot.jobs.retrying_rate_limiter import (
    ANSWER_TIMEOUT_S,
    MOST_WAITING,
    RetryingRateLimiter,
    telling_an_outcome,
    was_perhaps_done,
)
from bot.lifecycle.telegram_client import READ_TIMEOUT_S, requests_for
from bot.settings import Settings
from bot.updates.backoff import Backoff, seconds_to_wait

QUICK = Backoff(first_s=0.01, longest_s=5.0)


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


async def send(
    limiter: RetryingRateLimiter, telegram: Telegram, chat_id: int = 1, endpoint: str = "sendMessage"
) -> object:
    return await limiter.process_request(telegram, (), {}, endpoint, {"chat_id": chat_id}, None)


@pytest.mark.parametrize(
    "error",
    [NetworkError("Bad Gateway"), TimedOut(), TelegramError("Invalid server response")],
)
async def test_what_may_pass_is_tried_again(error):
    telegram = Telegram(error, error)
    assert await send(RetryingRateLimiter(backoff=QUICK), telegram) is True
    assert telegram.calls == 3


@pytest.mark.parametrize("error", [BadRequest("message is too long"), Forbidden("bot was blocked by the user")])
async def test_what_cannot_pass_is_raised_at_once(error):
    telegram = Telegram(error)
    with pytest.raises(type(error)):
        await send(RetryingRateLimiter(), telegram)
    assert telegram.calls == 1


async def test_only_the_chat_that_was_told_to_wait_waits():
    limiter = RetryingRateLimiter()
    telegram = Telegram(RetryAfter(timedelta(seconds=0.3)))
    waits = asyncio.create_task(send(limiter, telegram, chat_id=1))
    while not telegram.calls:  # noqa: ASYNC110 - a pause between two looks may be longer than the wait
        await asyncio.sleep(0)
    also_waits = asyncio.create_task(send(limiter, Telegram(), chat_id=1))
    await send(limiter, Telegram(), chat_id=2)
    assert not waits.done()
    assert not also_waits.done()
    await asyncio.wait_for(asyncio.gather(waits, also_waits), 30)


async def test_a_typing_indicator_is_not_worth_a_wait():
    telegram = Telegram(RetryAfter(timedelta(seconds=5)))
    with pytest.raises(RetryAfter):
        await send(RetryingRateLimiter(), telegram, endpoint="sendChatAction")
    assert telegram.calls == 1


async def test_a_message_waits_for_as_long_as_telegram_says():
    limiter = RetryingRateLimiter(patience_s=0.05, backoff=QUICK)
    telegram = Telegram(RetryAfter(timedelta(seconds=0.2)), RetryAfter(timedelta(seconds=0.1)), NetworkError("cut"))
    assert await asyncio.wait_for(send(limiter, telegram, endpoint="sendPhoto"), 5) is True
    assert telegram.calls == 4


@pytest.mark.parametrize("endpoint", ["editMessageMedia", "editMessageReplyMarkup", "answerCallbackQuery"])
async def test_what_can_be_tapped_again_is_refused_at_once_where_the_wait_is_long(endpoint: str):
    limiter = RetryingRateLimiter()
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await asyncio.wait_for(send(limiter, Telegram(RetryAfter(timedelta(hours=2))), endpoint=endpoint), 30)


async def test_an_outcome_waits_as_a_message_does_and_other_requests_beside_it_do_not():
    limiter = RetryingRateLimiter(patience_s=0.05)

    def flooded(seconds: float) -> Telegram:
        return Telegram(RetryAfter(timedelta(seconds=seconds)))

    with telling_an_outcome():
        told = asyncio.create_task(send(limiter, flooded(0.2), endpoint="editMessageMedia"))
        with pytest.raises(RetryAfter):
            await send(limiter, flooded(60), chat_id=2, endpoint="answerCallbackQuery")
    with pytest.raises(RetryAfter):
        await send(limiter, flooded(0.2), chat_id=3, endpoint="editMessageMedia")
    assert await asyncio.wait_for(told, 5) is True


async def test_a_wait_for_days_is_refused_at_once():
    limiter = RetryingRateLimiter()
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await asyncio.wait_for(send(limiter, Telegram(RetryAfter(timedelta(days=5)))), 30)


async def test_it_is_known_how_long_a_chat_has_to_wait_and_how_much_waits_for_it():
    limiter = RetryingRateLimiter()
    assert limiter.seconds_until_free(1) == 0
    flood = RetryAfter(timedelta(hours=1))
    sending = [asyncio.create_task(send(limiter, Telegram(flood))) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0.05)
    assert 3590 < limiter.seconds_until_free(1) <= seconds_to_wait(flood)
    assert limiter.seconds_until_free(2) == 0
    assert limiter.is_crowded(1)
    assert not limiter.is_crowded(2)
    for task in sending:
        task.cancel()
    await asyncio.gather(*sending, return_exceptions=True)
    assert not limiter.is_crowded(1)


async def test_time_spent_waiting_for_its_turn_is_not_taken_from_a_request_that_fails():
    limiter = RetryingRateLimiter(patience_s=0.3, backoff=QUICK)
    limiter._make_wait(1, 0.5)  # longer than the patience
    telegram = Telegram(NetworkError("Bad Gateway"))
    assert await send(limiter, telegram) is True
    assert telegram.calls == 2


async def test_what_fails_for_too_long_is_given_up():
    telegram = Telegram(*[NetworkError("Bad Gateway")] * 100)
    with pytest.raises(NetworkError):
        await asyncio.wait_for(send(RetryingRateLimiter(patience_s=0.1, backoff=QUICK), telegram), 30)
    assert telegram.calls < 8


GROUP, SUPERGROUP = -7, -1001234567


class Chats:
    """A group that has become a supergroup."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    async def __call__(self, data: dict[str, Any]) -> bool:
        self.sent.append(dict(data))
        if data["chat_id"] == GROUP:
            raise ChatMigrated(SUPERGROUP)
        return True


async def test_a_message_to_a_former_group_goes_to_the_supergroup_and_quotes_nothing_there():
    limiter, chats = RetryingRateLimiter(), Chats()
    for _ in range(2):
        data = {"chat_id": GROUP, "text": "hello", "reply_parameters": {"message_id": 5}, "message_thread_id": 9}
        assert await limiter.process_request(chats, (data,), {}, "sendMessage", data, None) is True
    assert [data["chat_id"] for data in chats.sent] == [GROUP, SUPERGROUP, SUPERGROUP], "the new one is remembered"
    assert chats.sent[-1] == {"chat_id": SUPERGROUP, "text": "hello"}


@pytest.mark.parametrize("endpoint", ["editMessageText", "setMessageReaction"])
async def test_a_message_that_stayed_in_a_former_group_is_not_taken_for_another_one(endpoint: str):
    limiter, chats = RetryingRateLimiter(), Chats()
    for _ in range(2):
        data = {"chat_id": GROUP, "message_id": 5}
        with pytest.raises(ChatMigrated):
            await limiter.process_request(chats, (data,), {}, endpoint, data, None)
    assert all(data["chat_id"] == GROUP for data in chats.sent)


async def test_whether_a_silent_server_has_done_it_is_told_apart_from_one_that_was_not_reached():
    taken: list[bytes] = []
    ended = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(await reader.readuntil(b"\r\n\r\n"))
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(silent, "127.0.0.1")
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot1:A/sendMessage"
    (request,) = requests_for(Settings(bot_api_url=url), 1)
    async with server, request:
        with pytest.raises(TimedOut) as unknown:
            await request.post(url, read_timeout=0.2)
        await asyncio.wait_for(ended.wait(), 5)
    assert len(taken) == 1
    assert was_perhaps_done(unknown.value)
    for cause in (httpx.ConnectTimeout("x"), httpx.ConnectError("x"), httpx.PoolTimeout("x"), httpx.WriteTimeout("x")):
        error = TimedOut()
        error.__cause__ = cause
        assert not was_perhaps_done(error)


async def test_after_a_silence_it_pauses_and_after_a_refused_connection_it_does_not():
    loop = asyncio.get_running_loop()
    for cause, at_least, at_most in ((httpx.ReadTimeout("x"), 0.4, 9), (httpx.ConnectTimeout("x"), 0.0, 0.35)):
        error = TimedOut()
        error.__cause__ = cause
        began = loop.time()
        assert await send(RetryingRateLimiter(backoff=QUICK, silence_pause_s=0.4), Telegram(error)) is True
        assert at_least <= loop.time() - began < at_most


@pytest.mark.parametrize(("endpoint", "waits"), [("sendPhoto", True), ("editMessageMedia", True), ("getFile", False)])
async def test_the_response_to_a_message_is_waited_for_longer(endpoint: str, waits: bool):
    timeouts: list[Any] = []

    async def note(**kwargs: Any) -> bool:
        timeouts.append(kwargs["read_timeout"])
        return True

    kwargs = {"read_timeout": BaseRequest.DEFAULT_NONE}
    await RetryingRateLimiter().process_request(note, (), kwargs, endpoint, {"chat_id": 1}, None)
    assert timeouts == [ANSWER_TIMEOUT_S if waits else BaseRequest.DEFAULT_NONE]
    assert ANSWER_TIMEOUT_S > READ_TIMEOUT_S
