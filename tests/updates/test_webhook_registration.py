import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from telegram import WebhookInfo
from telegram.error import BadRequest, InvalidToken, NetworkError

from bot.updates.backoff import Backoff
from bot.updates.bot_api import ALLOWED_UPDATES
from bot.updates.first_calls import TokenTrial
from bot.updates.webhook_registration import WebhookRefused, WebhookRegistration, WebhookTaken
from tests.waiting import until

BASE = "https://bot.example.org"
OURS = f"{BASE}/telegram"


class Telegram:
    """Keeps one webhook, which everybody who has the token may change."""

    def __init__(self) -> None:
        self.url = ""
        self.allowed = ALLOWED_UPDATES
        self.failed: tuple[datetime, str] | None = None
        self.set = 0
        self.refusals: list[Exception] = []
        self.troubles: list[Exception] = []

    async def set_webhook(self, url: str, *, secret_token: str, allowed_updates: list[str]) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.set += 1
        self.url, self.allowed = url, tuple(allowed_updates)

    async def get_webhook_info(self) -> WebhookInfo:
        if self.troubles:
            raise self.troubles.pop(0)
        at, why = self.failed or (None, None)
        return WebhookInfo(self.url, False, 0, last_error_date=at, last_error_message=why, allowed_updates=self.allowed)


class Bench:
    def __init__(self) -> None:
        self.telegram = Telegram()
        self.reported: list[Exception] = []
        self.registration = WebhookRegistration(
            self.telegram,  # type: ignore[arg-type]
            BASE,
            "secret",
            self.reported.append,
            TokenTrial(grace_s=0.2),
            look_every_s=0.05,
            backoff=Backoff(first_s=0.01, longest_s=5.0),
        )
        self.running: asyncio.Task[None] | None = None

    async def until(self, *, ours: bool) -> None:
        async with asyncio.timeout(5):
            while self.registration.is_ours is not ours:  # noqa: ASYNC110 - nothing wakes whoever reads a property
                await asyncio.sleep(0.005)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    bench.running = asyncio.create_task(bench.registration.run())
    await bench.until(ours=True)
    yield bench
    bench.running.cancel()
    await asyncio.gather(bench.running, return_exceptions=True)


async def test_what_is_in_its_place_is_left_alone(bench: Bench) -> None:
    await asyncio.sleep(0.3)
    assert (bench.telegram.set, bench.telegram.url, bench.reported) == (1, OURS, [])


@pytest.mark.parametrize("url", ["", "https://elsewhere.example.org/telegram"])
async def test_what_was_taken_is_set_again_said_and_told_of(bench: Bench, url: str) -> None:
    bench.telegram.url = url
    await bench.until(ours=False)
    await bench.until(ours=True)
    assert (bench.telegram.set, bench.telegram.url) == (2, OURS)
    assert [type(error) for error in bench.reported] == [WebhookTaken]


async def test_other_kinds_of_updates_are_asked_for_again(bench: Bench) -> None:
    bench.telegram.allowed = ("channel_post",)
    await bench.until(ours=False)
    await bench.until(ours=True)
    assert bench.telegram.allowed == ALLOWED_UPDATES


async def test_another_secret_is_replaced_by_ours_once(bench: Bench) -> None:
    bench.telegram.failed = (datetime.now(UTC), "Wrong response from the webhook: 403 Forbidden")
    await until(lambda: bench.telegram.set == 2)
    bench.telegram.failed = (datetime.now(UTC), "Connection refused")
    await asyncio.sleep(0.3)
    assert bench.telegram.set == 2


async def test_trouble_while_looking_passes(bench: Bench) -> None:
    bench.telegram.troubles = [NetworkError("down"), InvalidToken("Unauthorized"), AttributeError("odd")]
    await asyncio.sleep(0.3)
    assert bench.running is not None
    assert not bench.running.done()
    bench.telegram.url = ""
    await bench.until(ours=False)


async def test_a_token_that_stays_refused_ends_it(bench: Bench) -> None:
    bench.telegram.troubles = [InvalidToken("Unauthorized") for _ in range(1000)]
    assert bench.running is not None
    with pytest.raises(InvalidToken):
        await asyncio.wait_for(asyncio.shield(bench.running), 5)


async def test_an_address_that_telegram_refuses_is_told_of_and_tried_again() -> None:
    bench = Bench()
    bench.telegram.refusals = [BadRequest("Bad Request: bad webhook: Failed to resolve host") for _ in range(3)]
    running = asyncio.create_task(bench.registration.run())
    await asyncio.sleep(0.02)
    assert not bench.registration.is_ours
    await bench.until(ours=True)
    running.cancel()
    assert [type(error) for error in bench.reported] == [WebhookRefused] * 3
