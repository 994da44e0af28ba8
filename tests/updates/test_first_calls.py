import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.updates import first_calls
from bot.updates.backoff import Backoff
from bot.updates.bot_api import NotTheBotApi
from bot.updates.first_calls import TokenTrial, in_a_line, why_refused

insist = partial(first_calls.insist, backoff=Backoff(first_s=0.01, longest_s=5.0))


class Method:
    """Fails in each of these ways, then answers."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.calls = 0

    async def __call__(self) -> None:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)


FAILURES: dict[str, Callable[[], Exception]] = {
    "400": lambda: BadRequest("Bad Request: Logged out"),
    "403": lambda: Forbidden("Forbidden"),
    "404": lambda: InvalidToken("Not Found"),
    "429": lambda: RetryAfter(timedelta(seconds=0)),
    "500": lambda: NetworkError("Internal Server Error (500)"),
    "page": lambda: NotTheBotApi("HTTP 200 with an HTML page"),
    "odd": lambda: AttributeError("an answer of an odd form"),
}


@pytest.mark.parametrize("kind", FAILURES)
async def test_whatever_is_no_wrong_token_is_waited_for(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    method = Method(*[FAILURES[kind]() for _ in range(3)])
    await asyncio.wait_for(insist("getMe", method, TokenTrial()), 5)
    assert method.calls == 4
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3
    assert all("\n" not in line and line.startswith("getMe failed: ") and "again in" in line for line in lines)


async def test_a_wrong_token_ends_it_at_once() -> None:
    method = Method(*[InvalidToken("Unauthorized")] * 3)
    with pytest.raises(InvalidToken):
        await insist("getMe", method, TokenTrial())
    assert method.calls == 1


async def test_a_token_that_worked_is_believed_for_a_while() -> None:
    trial = TokenTrial(grace_s=0.3)
    await insist("getMe", Method(), trial)
    await insist("deleteWebhook", Method(*[InvalidToken("Unauthorized")] * 3), trial)
    with pytest.raises(InvalidToken):
        await asyncio.wait_for(insist("deleteWebhook", Method(*[InvalidToken("Unauthorized")] * 1000), trial), 5)


async def test_an_unknown_address_ends_it_when_it_lasts() -> None:
    with pytest.raises(InvalidToken) as refusal:
        await asyncio.wait_for(insist("getMe", Method(*[InvalidToken("Not Found")] * 1000), TokenTrial(0.3)), 5)
    assert "404" in why_refused(refusal.value)


async def test_what_telegram_asks_for_is_waited() -> None:
    method = Method(RetryAfter(timedelta(seconds=0.2)))
    began = asyncio.get_running_loop().time()
    await insist("getMe", method, TokenTrial())
    assert asyncio.get_running_loop().time() - began >= 0.2


def test_no_line_holds_the_token() -> None:
    token = "123456:abcdefghijklmnopqrstuvwxyz"
    error = InvalidToken(f"The token `{token}` was rejected by the server.")
    assert token not in in_a_line(error)
    assert token not in why_refused(error)
