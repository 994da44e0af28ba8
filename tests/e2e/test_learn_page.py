"""The course in the chat page, on a phone-sized window."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.playground import Person, Playground
from bot.replies.texts import Language, texts
from bot.replies.texts.learn import learn_texts
from tests.e2e.running import BotProcess
from tests.playground.browser import PHONE, Window, chromium, window

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUTTONS, LEARN = texts(Language.ZH_HANT).buttons, learn_texts(Language.ZH_HANT)


async def looked_at(chat: Window, name: str) -> None:
    """Keep a screenshot where ``SCREENSHOTS`` says."""
    if folder := os.environ.get("SCREENSHOTS"):
        await chat.page.wait_for_timeout(600)
        await chat.page.screenshot(path=Path(folder) / f"{name}.png")


async def test_trying_a_step_with_ones_own_photo(
    playground: Playground, admin: Person, bot: BotProcess, photo: bytes
) -> None:
    async with chromium() as browser, window(browser, playground.url, size=PHONE) as chat:
        await chat.say("/learn")
        for title in (LEARN.data.title, LEARN.pixels.title):
            await chat.button(BUTTONS.learn_next)
            await expect(chat.answers.last).to_contain_text(title)
        await looked_at(chat, "learn-step")
        await chat.button(BUTTONS.learn_try)
        await expect(chat.page.locator("#replying")).to_be_visible()
        await looked_at(chat, "learn-asked")
        asked = await chat.answers.count()
        await chat.pick({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo})
        await expect(chat.answers).to_have_count(asked + 1)
        await expect(chat.answers.last).to_contain_text(LEARN.frame.your_photo)
        await expect(chat.page.locator("#replying")).to_be_hidden()
        await chat.button(BUTTONS.learn_next)
        await expect(chat.answers.last).to_contain_text(LEARN.normalise.title)
        await expect(chat.answers.last).to_contain_text(LEARN.frame.your_photo)
        await looked_at(chat, "learn-own")
        assert await chat.fits()
