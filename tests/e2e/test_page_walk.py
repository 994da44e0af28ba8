"""A newcomer's walk in Chromium: all that the product promises, in the chat page, with the real bot behind it."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.replies.texts import Language, texts
from bot.settings import PROJECT_ROOT, Settings
from bot.vision.labels import CLASS_NAMES
from telegram_playground import Person, Playground
from tests.e2e.running import END_S, START_S, BotProcess
from tests.telegram_playground.browser import PHONE, Window, chromium, window
from tests.telegram_playground.pictures import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHINESE = texts(Language.ZH_HANT)
BUTTONS = CHINESE.buttons


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def chat(browser: Browser, playground: Playground, admin: Person, bot: BotProcess) -> AsyncIterator[Window]:
    """The page with an empty chat."""
    async with window(browser, playground.url) as opened:
        await opened.page.select_option("#language", "zh-hant")
        for item in await opened.page.locator(".chat-item").all():
            await item.click()
            await opened.empty()
        await opened.page.locator(".chat-item").first.click()
        yield opened


def file(data: bytes, name: str = "photo.jpg") -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def plain(html: str) -> str:
    """The first line of a text without its tags."""
    return re.sub("<[^>]*>", "", html).split("\n")[0]


async def test_start_says_what_it_does(chat: Window) -> None:
    await expect(chat.page.locator(".empty")).to_contain_text(CHINESE.menu.description.split("\n")[0])
    await chat.begin()
    await expect(chat.answers.last).to_contain_text(plain(CHINESE.basics.start))
    await chat.page.fill("#text", "/")
    await expect(chat.page.locator("#commands")).to_contain_text(CHINESE.menu.gallery)


async def test_a_photo_and_why(chat: Window, photo: bytes) -> None:
    await chat.pick(file(photo))
    answer = chat.answers.last
    await expect(answer.locator(".inline-button")).to_have_text(
        [BUTTONS.right, BUTTONS.correct, BUTTONS.why, BUTTONS.share]
    )
    for name in CLASS_NAMES:
        await expect(answer.locator(".text")).to_contain_text(name)
    await expect(answer.locator(".quote")).to_be_visible()
    await answer.locator(".photo").click()
    await expect(chat.page.locator("#lightbox img")).to_be_visible()
    await chat.page.keyboard.press("Escape")
    await chat.button(BUTTONS.why)
    await expect(chat.page.locator("#log")).to_contain_text(plain(CHINESE.why.method))


async def test_another_garment_of_a_dressed_person(chat: Window, dressed: bytes) -> None:
    await chat.pick(file(dressed))
    answer = chat.answers.last
    await expect(answer.locator(".text")).to_contain_text("▶ 1. ")
    await answer.locator(".inline-button", has_text="2 ").click()
    await expect(answer.locator(".text")).to_contain_text("▶ 2. ")
    await expect(chat.answers).to_have_count(1)


async def test_the_shares_are_folded_until_they_are_tapped(chat: Window, photo: bytes) -> None:
    await chat.pick(file(photo))
    quotation = chat.answers.last.locator("blockquote")
    await expect(quotation).to_have_attribute("aria-expanded", "false")
    folded = await quotation.bounding_box()
    await quotation.click()
    await expect(quotation).to_have_attribute("aria-expanded", "true")
    opened = await quotation.bounding_box()
    assert folded is not None
    assert opened is not None
    assert opened["height"] > 2 * folded["height"]


@pytest.mark.parametrize("kind", ["one", "unsure", "several", "nothing"])
async def test_a_whole_answer_fits_a_phone(
    browser: Browser, playground: Playground, bot: BotProcess, kinds_of_photos: dict[str, bytes], kind: str
) -> None:
    async with window(browser, playground.url, size=(390, 844)) as opened:
        before = await opened.answers.count()
        await opened.pick(file(kinds_of_photos[kind]))
        await expect(opened.answers).to_have_count(before + 1)
        answer = opened.answers.last
        await expect(answer.locator(".inline-button").last).to_be_visible()
        box, room = await answer.bounding_box(), await opened.page.locator("#scroller").bounding_box()
        assert box is not None
        assert room is not None
        assert box["height"] <= room["height"]


async def test_the_same_as_a_file(chat: Window, photo: bytes) -> None:
    await chat.pick(file(photo, "IMG_0001.dat"), as_file=True)
    await expect(chat.answers.last.locator(".inline-button")).to_have_count(4)
    await chat.pick(file(b"no picture", "a.jpg"), as_file=True)
    await expect(chat.answers.last).to_contain_text(CHINESE.problems.not_an_image)


async def test_an_album_gets_one_answer(chat: Window, garment_photos: dict[str, bytes]) -> None:
    await chat.pick(*[file(garment_photos[label]) for label in ("t-shirt", "dress", "coat")])
    await expect(chat.answers.last.locator(".inline-button")).to_have_text(["1", "2", "3"])
    await expect(chat.answers).to_have_count(1)
    await chat.button("2")
    await expect(chat.answers.last).to_contain_text("第 2 張")
    await expect(chat.answers.last).to_contain_text(CLASS_NAMES[8])
    await chat.button(BUTTONS.overview)
    await expect(chat.answers.last).to_contain_text(CHINESE.album.hint)


async def test_sample(chat: Window) -> None:
    await chat.say("/sample")
    await expect(chat.answers.last).to_contain_text("實際")
    await chat.button(BUTTONS.another_sample)
    await expect(chat.answers.last.locator("img")).to_be_visible()
    await expect(chat.page.locator(".waiting")).to_have_count(0)


async def test_gallery(chat: Window) -> None:
    await chat.say("/gallery")
    await expect(chat.answers.last.locator(".inline-button")).to_have_count(28)
    await chat.button("13")
    await expect(chat.answers.last).to_contain_text("預測")
    await expect(chat.answers).to_have_count(1)
    await chat.button(BUTTONS.back_to_gallery)
    await expect(chat.answers.last.locator(".inline-button")).to_have_count(28)


async def test_accuracy(chat: Window) -> None:
    await chat.say("/accuracy")
    await expect(chat.answers.first).to_contain_text(plain(CHINESE.accuracy.title))
    await expect(chat.page.locator(".inline-button", has_text=BUTTONS.measure_again)).to_have_count(1)
    await expect(chat.page.locator(".theirs .photo").first).to_be_visible()


async def test_a_correction_with_consent_and_forget(chat: Window, photo: bytes) -> None:
    await chat.pick(file(photo))
    await chat.button(BUTTONS.correct)
    await chat.button(CLASS_NAMES[6])
    await expect(chat.answers.last).to_contain_text("可以保留這張照片")
    await chat.button(BUTTONS.consent_yes)
    await expect(chat.answers.last).to_contain_text("已經存好")
    await chat.say("/privacy")
    await expect(chat.answers.last).to_contain_text("1 張照片")
    await chat.say("/forget")
    await expect(chat.answers.last).to_contain_text("1 張照片")
    await chat.button(BUTTONS.forget_yes)
    await expect(chat.answers.last).to_contain_text("都刪除了")
    await chat.say("/forget")
    await expect(chat.answers.last).to_contain_text(CHINESE.corrections.nothing_to_forget)


async def test_a_no_is_remembered_until_privacy_changes_it(chat: Window, photo: bytes) -> None:
    await chat.pick(file(photo))
    await chat.button(BUTTONS.correct)
    await chat.button(CLASS_NAMES[6])
    await chat.button(BUTTONS.consent_no)
    await expect(chat.answers.last).to_contain_text(CHINESE.corrections.refused)
    await chat.say("/privacy")
    await expect(chat.answers.last).to_contain_text("不同意保留照片")
    await chat.button(BUTTONS.ask_again)
    await expect(chat.answers.last).to_contain_text("沒有同意保留照片")
    await expect(chat.answers.last.locator(".inline-button")).to_have_count(0)


async def test_learn(chat: Window) -> None:
    await chat.say("/learn")
    await expect(chat.answers.last).to_contain_text("第 1 步")
    await chat.button(BUTTONS.learn_next)
    await expect(chat.answers.last).to_contain_text("第 2 步")
    await chat.button(BUTTONS.learn_back)
    await expect(chat.answers.last).to_contain_text("第 1 步")


async def test_language(chat: Window) -> None:
    english = texts(Language.EN)
    await chat.say("/language")
    await chat.button("English")
    await expect(chat.page.locator(".toast")).to_have_text(english.toasts.language)
    await chat.say("/help")
    await expect(chat.answers.last).to_contain_text(plain(english.basics.help)[:12])
    await chat.page.fill("#text", "/")
    await expect(chat.page.locator("#commands")).to_contain_text(english.menu.gallery)
    await chat.page.fill("#text", "")
    await chat.say("/language")
    await chat.button("繁體中文")
    await expect(chat.page.locator(".toast")).to_have_text(CHINESE.toasts.language)


async def test_anything_else_gets_a_line(chat: Window) -> None:
    await chat.say("今天天氣真好")
    await expect(chat.answers.last).to_contain_text(CHINESE.basics.unknown_text)
    await chat.say("/nothing")
    await expect(chat.answers.last).to_contain_text(CHINESE.basics.unknown_command)


async def test_in_a_group_it_waits_to_be_asked(chat: Window, photo: bytes) -> None:
    await chat.page.locator(".chat-item").last.click()
    await chat.pick(file(photo))
    await expect(chat.bubbles).to_have_count(1)
    await chat.bubbles.first.hover()
    await chat.bubbles.first.locator(".reply").click()
    await chat.say("/classify")
    await expect(chat.bubbles).to_have_count(3)
    await expect(chat.bubbles.last.locator(".inline-button").first).to_have_text(BUTTONS.right)
    await chat.page.select_option("#speaker select", label="小美")
    await chat.button(BUTTONS.correct)
    await expect(chat.page.locator(".toast, #alert[open] #alert-text")).to_have_text(CHINESE.toasts.not_yours)


async def test_make_run_in_one_process(
    browser: Browser, live_models: Path, few_test_images: Path, tmp_path: Path
) -> None:
    """Without a token, ``python -m bot`` is the playground with the bot behind it, and SIGTERM ends it."""
    unset = {name.upper(): "" for name in Settings.model_fields}
    own = {
        "PLAYGROUND_PORT": "0",
        "MODELS_DIR": str(live_models),
        "DATA_DIR": str(few_test_images),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.sqlite3'}",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", cwd=PROJECT_ROOT, env=os.environ | unset | own, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), START_S)).decode()
        url = re.findall(r"http://127\.0\.0\.1:\d+", line)[0]
        async with window(browser, url, size=PHONE) as chat:
            await chat.pick(file(picture(kind="PNG"), "shirt.png"))
            await expect(chat.answers.last.locator(".inline-button").first).to_be_visible()
            assert await chat.fits()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), END_S) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
