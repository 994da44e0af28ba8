"""A whole answer in the chat page at the size of a phone: seen without scrolling, whatever was found."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect

from bot.handlers.photo_answers import picture_of
from bot.replies.texts import Language
from bot.vision.prediction import Prediction, Verdict
from bot.vision.recognizer import Recognition
from telegram_playground import Playground
from tests.telegram_playground.browser import chromium, window
from tests.telegram_playground.conftest import Caller

PHONE = (390, 844)
LOCALES = {Language.ZH_HANT: "zh-TW", Language.EN: "en-GB"}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.mark.parametrize("garments", [1, 4, 6])
@pytest.mark.parametrize("size", [(480, 640), (640, 480), (320, 640)], ids=["upright", "wide", "a phone's own"])
async def test_an_answer_is_seen_without_scrolling(
    prediction: Callable[..., Prediction],
    recognition: Callable[..., Recognition],
    language: Language,
    browser: Browser,
    garments: int,
    size: tuple[int, int],
) -> None:
    between_two = prediction(9, 3, 0.45, Verdict.UNSURE)  # the longest names
    found = recognition(between_two, size, others=[between_two] * (garments - 1), chosen=garments - 1)
    picture = picture_of(found, language)
    assert picture.keyboard is not None
    async with (
        Playground(port=0) as playground,
        httpx.AsyncClient(trust_env=False, timeout=30) as client,
        window(browser, playground.url, size=PHONE, locale=LOCALES[language]) as page,
    ):
        chat = next(iter(playground.state.chats.values()))
        await playground.send_text(chat, "a")
        markup: Any = picture.keyboard.to_dict()
        await Caller(playground, client).result(
            "sendPhoto",
            files={"photo": ("a.jpg", picture.image)},
            chat_id=chat.id,
            caption=picture.caption,
            parse_mode="HTML",
            reply_markup=markup,
        )
        answer = page.answers.last
        await expect(answer.locator(".inline-button").last).to_be_visible()
        box, room = await answer.bounding_box(), await page.page.locator("#scroller").bounding_box()
        assert box is not None
        assert room is not None
        assert box["height"] <= room["height"], f"{box['height']} of {room['height']} pixels"
