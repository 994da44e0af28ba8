"""A measurement is told to its end, whatever becomes of the message that says how far it is."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.datasets import TestImages
from bot.handlers.accuracy import AccuracyHandlers
from bot.jobs.measuring import Measurement
from bot.jobs.retrying_rate_limiter import RetryingRateLimiter
from bot.replies.captions import pairs_caption
from bot.replies.texts import Language
from tests.handlers.given import given
from tests.handlers.telegram import Call, Telegram, message

IMAGES = TestImages(np.zeros((20, 28, 28), np.uint8), np.arange(20, dtype=np.uint8) % 10, np.arange(20))


class Measuring:
    """Measures for as long as it takes to be told of once."""

    def __init__(self) -> None:
        self.told = asyncio.Event()

    async def measure(self, progress: Callable[[int, int], None]) -> Measurement:
        progress(10, 20)
        await self.told.wait()
        confusion = tuple(tuple(2 if row == column else 0 for column in range(10)) for row in range(10))
        return Measurement("ab" * 32, None, IMAGES, IMAGES.labels, confusion, timedelta(seconds=1))


@pytest.mark.parametrize(
    "trouble",
    [
        {"error_code": 502, "description": "Bad Gateway"},
        {"error_code": 400, "description": "Bad Request: message to edit not found"},
    ],
    ids=["away", "deleted"],
)
async def test_the_result_comes_although_the_progress_cannot_be_told(trouble: dict[str, Any]) -> None:
    measuring = Measuring()

    def refuses_edits(call: Call) -> dict[str, Any] | None:
        if not call.endpoint.startswith("edit"):
            return None
        measuring.told.set()
        return trouble

    async def images() -> TestImages:
        return IMAGES

    async def draw(work: Callable[[], bytes]) -> bytes:
        return work()

    handlers = given(
        AccuracyHandlers,
        measuring=measuring,
        test_set=SimpleNamespace(images=images),
        executors=SimpleNamespace(draw=draw),
        progress_every_s=0.01,
    )
    telegram, limiter = Telegram(refuses_edits), RetryingRateLimiter(patience_s=0)
    async with asyncio.timeout(30):
        await handlers.measure(message(telegram, limiter), Language.EN)
    assert [call.endpoint for call in telegram.taken] == ["sendMessage", "sendPhoto", "sendMessage"]
    assert telegram.taken[-1].text == pairs_caption((), Language.EN)
