"""The chat page in a real browser: everything that can be sent beside texts and photos, and who sends it."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from telegram import InputProfilePhotoStatic
from telegram.ext import Application

from telegram_playground import Playground
from telegram_playground.state import ADMIN_ID
from tests.telegram_playground.browser import DESKTOP, PHONE, Window, chromium, window
from tests.telegram_playground.pictures import picture
from tests.telegram_playground.small_bot import small_bot

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = {
    "sticker": "貼圖",
    "voice": "語音訊息",
    "video": "影片",
    "live_photo": "原況照片",
    "location": "位置",
    "contact": "聯絡人",
    "poll": "投票",
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def bot() -> AsyncIterator[tuple[Playground, Application]]:
    async with Playground(port=0) as running, small_bot(running) as application:
        yield running, application


@pytest_asyncio.fixture(loop_scope="module")
async def playground(bot: tuple[Playground, Application]) -> Playground:
    return bot[0]


@pytest_asyncio.fixture(loop_scope="module")
async def chat(browser: Browser, playground: Playground) -> AsyncIterator[Window]:
    """The page on a desktop."""
    async with window(browser, playground.url) as opened:
        yield opened


def file(name: str = "shirt.jpg", **options: Any) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture(**options)}


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_is_sent_from_the_paper_clip(chat: Window, kind: str) -> None:
    await chat.begin()
    await chat.page.click("#attach")
    item = chat.page.locator(f"#attachments [data-kind={kind}]")
    await expect(item).to_have_text(KINDS[kind])
    await item.click()
    await expect(chat.page.locator("#attachments")).to_be_hidden()
    await expect(chat.answers.last).to_contain_text(f"收到 {kind}")
    await expect(chat.page.locator(".message.mine")).to_have_count(2)


async def test_a_sticker_shows_and_a_poll_of_ones_own_counts_votes(chat: Window) -> None:
    await chat.begin()
    for kind in ("sticker", "poll"):
        await chat.page.click("#attach")
        await chat.page.click(f"#attachments [data-kind={kind}]")
        await expect(chat.answers.last).to_contain_text(f"收到 {kind}")
    await expect(chat.page.locator("img.sticker")).to_have_js_property("naturalWidth", 512)
    await chat.page.locator(".poll button.option").first.click()
    await expect(chat.page.locator(".poll")).to_contain_text("1 人作答")
    await expect(chat.page.locator(".poll .option").first).to_contain_text("100%")


async def test_the_clip_is_used_with_the_keyboard_alone(chat: Window) -> None:
    await chat.begin()
    await chat.page.focus("#attach")
    await chat.page.keyboard.press("Enter")
    await chat.page.keyboard.press("ArrowDown")
    await expect(chat.page.locator("#attachments [data-kind=sticker]")).to_be_focused()
    await chat.page.keyboard.press("Escape")
    await expect(chat.page.locator("#attach")).to_be_focused()


async def test_the_text_field_has_the_focus_and_a_link_leads_to_it(chat: Window) -> None:
    await expect(chat.page.locator("#text")).to_be_focused()
    await chat.page.reload()
    await expect(chat.page.locator("#text")).to_be_focused()
    skip = chat.page.locator("#skip")
    assert await skip.evaluate("link => link === document.querySelector('a, button, input, select, textarea')")
    await skip.focus()
    await expect(skip).to_be_in_viewport()
    await chat.page.keyboard.press("Enter")
    await expect(chat.page.locator("#text")).to_be_focused()


async def test_the_id_is_shown_and_being_an_admin_is_a_switch(chat: Window, playground: Playground) -> None:
    visitor = next(iter(playground.state.people))
    await expect(chat.page.locator("#own-id")).to_have_text(str(visitor))
    await chat.begin()
    await chat.page.check("#admin")
    await expect(chat.page.locator("#own-id")).to_have_text(str(ADMIN_ID))
    await expect(chat.bubbles).to_have_count(0)
    await chat.say("who")
    await expect(chat.answers.last).to_contain_text("who")
    assert playground.messages(playground.state.chats[ADMIN_ID])
    await chat.page.reload()
    await expect(chat.page.locator("#admin")).to_be_checked()
    await chat.page.locator(".chat-item").last.click()
    await expect(chat.page.locator("#speaker select")).to_have_value(str(ADMIN_ID))
    await chat.page.uncheck("#admin")
    await expect(chat.page.locator("#own-id")).to_have_text(str(visitor))
    await chat.page.locator(".chat-item").first.click()
    await expect(chat.bubbles).to_have_count(2)


async def test_a_covered_photo_opens_at_a_tap(chat: Window, playground: Playground) -> None:
    await chat.page.set_input_files("#files", [file()])
    await chat.page.check("#covered")
    await chat.page.click("#tray-send")
    photo = chat.page.locator(".message.mine .photo")
    await expect(chat.page.locator(".tick.read")).to_be_visible()
    sent = next(iter(playground.messages(next(iter(playground.state.chats.values())))))
    assert sent.body["has_media_spoiler"] is True
    await expect(photo).to_have_class("photo covered")
    await photo.click()
    await expect(photo).to_have_class("photo")
    await expect(chat.page.locator("#lightbox")).to_be_hidden()
    await photo.click()
    await expect(chat.page.locator("#lightbox")).to_be_visible()


async def test_a_message_can_be_answered_in_another_chat(chat: Window) -> None:
    await chat.page.locator(".chat-item").last.click()
    await chat.pick(file())
    await expect(chat.answers).to_have_count(1)
    await chat.bubbles.first.hover()
    await chat.bubbles.first.locator(".reply").click()
    await chat.page.locator(".chat-item").first.click()
    await expect(chat.page.locator("#replying")).to_contain_text("照片")
    await chat.page.fill("#text", "what is it")
    await chat.page.press("#text", "Enter")
    await expect(chat.answers.last).to_contain_text("回覆的是別處的照片")
    await expect(chat.page.locator(".message.mine .quote")).to_contain_text("照片")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_what_the_bot_offers_is_sent_in_the_visitors_name(
    browser: Browser, playground: Playground, size: tuple[int, int]
) -> None:
    async with window(browser, playground.url, size=size) as chat:
        await chat.page.fill("#text", "@garment_playground_bot 7")
        offer = chat.page.locator(".offer")
        await expect(offer).to_contain_text("測試圖片 7")
        assert await chat.fits()
        await offer.click()
        await expect(chat.page.locator(".message.mine")).to_contain_text("第 7 張")
        await expect(chat.page.locator(".message.mine .via")).to_have_text("透過 @garment_playground_bot")
        await expect(chat.page.locator("#text")).to_have_value("")
        await expect(chat.page.locator("#offers")).to_be_hidden()


async def test_a_share_button_asks_for_the_chat(chat: Window) -> None:
    await chat.begin()
    await chat.say("/share")
    await chat.button("分享")
    await chat.page.locator("#pick-chats .chat-item").last.click()
    await expect(chat.page.locator("#text")).to_have_value("@garment_playground_bot 42")
    await chat.page.locator(".offer").click()
    await expect(chat.page.locator("#title")).to_have_text("衣櫃研究社")
    await expect(chat.page.locator(".message.mine")).to_contain_text("第 42 張")


async def test_a_refused_file_says_why(chat: Window) -> None:
    broken = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    await chat.page.set_input_files("#files", [broken])
    await chat.page.uncheck("#as-file")
    chat.expected_problem("400 (Bad Request)")
    await chat.page.click("#tray-send")
    await expect(chat.page.locator(".failed")).to_contain_text("這不是照片，或已經損壞")
    empty = {"name": "空的.jpg", "mimeType": "image/jpeg", "buffer": b""}
    await chat.page.set_input_files("#files", [empty])
    await expect(chat.page.locator(".toast")).to_have_text("「空的.jpg」是空的，沒有加入。")


async def test_nothing_is_cropped_in_the_tray(chat: Window) -> None:
    await chat.page.set_input_files("#files", [file(width=1200, height=300), file(width=300, height=1200)])
    images = chat.page.locator("#tray-files img")
    await expect(images).to_have_count(2)
    for image in await images.all():
        assert await image.evaluate("image => getComputedStyle(image).objectFit") == "contain"
        box, room = await image.bounding_box(), await chat.page.locator("#tray").bounding_box()
        assert box is not None
        assert room is not None
        assert room["x"] <= box["x"]
        assert box["x"] + box["width"] <= room["x"] + room["width"]


async def test_the_bots_picture_is_shown(chat: Window, bot: tuple[Playground, Application]) -> None:
    avatar = chat.page.locator("#avatar")
    assert "icon.svg" in await avatar.evaluate("element => getComputedStyle(element).backgroundImage")
    await bot[1].bot.set_my_profile_photo(InputProfilePhotoStatic(picture(640, 640)))
    await expect(avatar).to_have_css("background-image", re.compile("/chat/files/"))
