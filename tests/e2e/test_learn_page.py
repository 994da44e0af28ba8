"""The course in the chat page, on a phone-sized window."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.course.steps.code import NOTEBOOK_NAME
from bot.replies.texts import Language, texts
from bot.replies.texts.learn import learn_texts
from telegram_playground import Person, Playground
from tests.e2e.running import BotProcess
from tests.telegram_playground.browser import PHONE, Window, chromium, window

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


async def test_code_contents_and_the_notebook(playground: Playground, admin: Person, bot: BotProcess) -> None:
    async with chromium() as browser, window(browser, playground.url, size=PHONE) as chat:
        await chat.say("/learn softmax")
        await expect(chat.answers.last).to_contain_text(LEARN.softmax.title)
        seen = await chat.answers.count()
        await chat.button(BUTTONS.learn_code)
        await expect(chat.answers).to_have_count(seen + 1)
        await expect(chat.answers.last.locator("pre").first).to_contain_text("np.exp(z) / np.sum(np.exp(z))")
        await looked_at(chat, "learn-code")
        assert await chat.fits()
        await chat.button(BUTTONS.learn_notebook)
        await expect(chat.answers).to_have_count(seen + 2)
        await expect(chat.answers.last).to_contain_text(NOTEBOOK_NAME)
        await looked_at(chat, "learn-notebook")
        await chat.say("/learn 17")
        await expect(chat.answers.last).to_contain_text(LEARN.clicking.title)
        await looked_at(chat, "learn-page")
        await chat.button(BUTTONS.learn_contents)
        await expect(chat.answers.last).to_contain_text(f"1. {LEARN.rules.title}")
        await looked_at(chat, "learn-contents")
        assert await chat.fits()
