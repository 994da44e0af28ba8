"""The chat page in a real browser, with a small bot behind it."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from telegram_playground import Chat, Playground
from tests.telegram_playground.browser import DESKTOP, PHONE, Window, chromium, window
from tests.telegram_playground.pictures import picture
from tests.telegram_playground.small_bot import small_bot

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def playground() -> AsyncIterator[Playground]:
    async with Playground(port=0) as running, small_bot(running):
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def chat(browser: Browser, playground: Playground) -> AsyncIterator[Window]:
    """The page on a desktop."""
    async with window(browser, playground.url) as opened:
        yield opened


def file(name: str = "shirt.jpg", **options: Any) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture(**options)}


def private_chat(playground: Playground) -> Chat:
    """The visitor's chat with the bot."""
    return next(chat for chat in playground.state.chats.values() if chat.type == "private")


async def test_a_first_visit_begins_with_start(chat: Window) -> None:
    await expect(chat.page.locator(".empty")).to_contain_text("傳一張衣服的照片")
    await expect(chat.page.locator("#sidebar")).to_contain_text("照片不會離開這台電腦")
    await expect(chat.page.locator("#sidebar")).to_contain_text("@BotFather")
    await chat.begin()
    await expect(chat.page.locator("#start")).to_be_hidden()
    await expect(chat.bubbles.first).to_contain_text("/start")
    await expect(chat.bubbles.first.locator(".tick.read")).to_be_visible()
    assert await chat.answers.first.locator("b").inner_text() == "你好！"
    assert await chat.answers.first.locator("code").inner_text() == "1 < 2 & 3"
    await expect(chat.answers.first.locator("blockquote")).to_have_text("引用的一段")
    await expect(chat.answers.first.locator("a")).to_have_attribute("rel", "noopener noreferrer")


async def test_only_a_long_quotation_can_be_opened(chat: Window) -> None:
    await chat.say("/quotations")
    short, long = chat.answers.last.locator(".expandable").first, chat.answers.last.locator(".expandable").last
    await expect(short).to_contain_class("short")
    await expect(short).to_have_attribute("tabindex", "-1")
    await expect(long).not_to_contain_class("short")
    await expect(long).to_have_attribute("tabindex", "0")
    folded = (await long.bounding_box() or {})["height"]
    await long.click()
    assert (await long.bounding_box() or {})["height"] > folded
    await expect(long).not_to_contain_class("short")


async def test_typing_and_tapping_a_command_in_a_message(chat: Window) -> None:
    await chat.begin()
    await chat.say("<img src=x onerror=alert(1)>")
    await expect(chat.answers.last).to_contain_text("你說：<img src=x onerror=alert(1)>")
    await expect(chat.answers.last.locator(".quote")).to_contain_text("你")
    await chat.answers.first.get_by_text("/sample").click()
    await expect(chat.page.locator(".message.mine").last).to_contain_text("/sample")


async def test_shift_enter_makes_a_line(chat: Window) -> None:
    await chat.page.fill("#text", "one")
    await chat.page.press("#text", "Shift+Enter")
    await chat.page.keyboard.type("two")
    await chat.page.click("#send")
    await expect(chat.answers.last).to_contain_text("one\ntwo")


async def test_the_command_menu_filters_and_obeys_the_keyboard(chat: Window) -> None:
    menu = chat.page.locator("#commands")
    await chat.page.fill("#text", "/")
    await expect(menu.get_by_role("option")).to_have_text(
        ["/start開始", "/sample看一張測試圖片", "/gallery25 張測試圖片"]
    )
    await chat.page.keyboard.type("s")
    await expect(menu.get_by_role("option")).to_have_count(2)
    await chat.page.keyboard.press("ArrowDown")
    await expect(menu.locator("[aria-selected=true]")).to_contain_text("/sample")
    await chat.page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()
    await chat.page.fill("#text", "")
    await chat.page.click("#menu-button")
    await menu.get_by_text("/gallery").click()
    await expect(chat.answers.last.locator(".inline-button")).to_have_count(25)


async def test_a_picked_photo_gets_its_answer(chat: Window, playground: Playground) -> None:
    await chat.begin()
    await chat.pick(file(), caption="這是什麼?")
    mine = chat.page.locator(".message.mine").last
    await expect(mine.locator("img")).to_be_visible()
    await expect(mine).to_contain_text("這是什麼?")
    await expect(chat.answers).to_have_count(2)
    await expect(mine.locator(".reactions")).to_have_text("👀")
    await expect(chat.answers.last.locator(".quote")).to_contain_text("這是什麼?")
    await expect(chat.answers.last.locator(".text")).to_contain_text("<script>")
    sent = playground.messages(private_chat(playground))
    assert [message.is_photo for message in sent].count(True) == 2


async def test_the_bot_is_seen_typing(chat: Window, playground: Playground) -> None:
    await chat.begin()
    held = playground.faults.hold("sendPhoto")
    await chat.pick(file())
    await expect(chat.page.locator("#status")).to_have_text("正在傳送照片")
    held.release()
    await expect(chat.answers).to_have_count(2)
    await expect(chat.page.locator("#status")).to_have_text("機器人")


async def test_dropped_photos_become_an_album(chat: Window, playground: Playground) -> None:
    await chat.begin()
    await chat.drop(*[(f"{n}.jpg", picture(300, 300)) for n in range(4)])
    await expect(chat.page.locator("#tray-files li")).to_have_count(4)
    await chat.page.locator("#tray-files li button").first.click()
    await expect(chat.page.locator("#tray-title")).to_have_text("傳送 3 張照片")
    await chat.confirm()
    await expect(chat.page.locator(".message.mine").last.locator(".album img")).to_have_count(3)
    await expect(chat.answers).to_have_count(4)
    await expect(chat.page.locator(".message")).to_have_count(6)
    albums = [
        m.media_group_id for c in playground.state.chats.values() for m in c.messages.values() if m.media_group_id
    ]
    assert len(albums) == 3
    assert len(set(albums)) == 1


async def test_more_than_ten_are_left_out_and_said_so(chat: Window) -> None:
    await chat.page.set_input_files("#files", [file(f"{n}.jpg", width=40, height=40) for n in range(12)])
    await expect(chat.page.locator("#tray-files li")).to_have_count(10)
    await expect(chat.page.locator("#tray-note")).to_contain_text("最多 10 個")
    await chat.page.keyboard.press("Escape")
    await expect(chat.page.locator("#tray")).to_be_hidden()


async def test_a_pasted_photo_waits_in_the_tray(chat: Window) -> None:
    await chat.drop(("pasted.jpg", picture()), how="paste")
    await expect(chat.page.locator("#tray-title")).to_have_text("傳送 1 張照片")


async def test_a_photo_can_go_as_a_file(chat: Window, playground: Playground) -> None:
    await chat.begin()
    data = picture(2000, 1500)
    await chat.pick({"name": "大衣.jpg", "mimeType": "image/jpeg", "buffer": data}, as_file=True)
    await expect(chat.page.locator(".message.mine").last.locator(".file")).to_contain_text("大衣.jpg")
    await expect(chat.answers.last).to_contain_text(f"檔案 {len(data)} bytes")
    document = playground.requests.of("getFile")[0].response["result"]
    assert document["file_size"] == len(data)


async def test_what_a_browser_cannot_show_goes_as_a_file(chat: Window) -> None:
    await chat.page.set_input_files("#files", [{"name": "a.heic", "mimeType": "image/heic", "buffer": b"no picture"}])
    await expect(chat.page.locator("#as-file")).to_be_checked()
    await chat.page.click("#tray-send")
    await expect(chat.answers.last).to_contain_text("檔案 10 bytes")


async def test_buttons_answer_with_toast_alert_and_edit(chat: Window) -> None:
    await chat.begin()
    await chat.pick(file())
    await expect(chat.answers).to_have_count(2)
    await chat.button("對")
    await expect(chat.page.locator(".toast")).to_have_text("謝謝你告訴我")
    await chat.button("更正")
    await expect(chat.page.locator("#alert-text")).to_have_text("只有傳照片的人可以更正。")
    await chat.page.locator("#alert button").click()
    before = await chat.answers.last.locator("img").last.get_attribute("src")
    await chat.button("為什麼")
    await expect(chat.answers.last).to_contain_text("因為領口")
    await expect(chat.answers).to_have_count(2)
    assert await chat.answers.last.locator("img").last.get_attribute("src") != before
    await expect(chat.answers.last).to_contain_text("已編輯")
    await expect(chat.answers.last.locator(".inline-button")).to_have_text(["返回"])
    await expect(chat.page.locator(".waiting")).to_have_count(0)


async def test_a_tapped_button_shows_that_it_waits(chat: Window, playground: Playground) -> None:
    await chat.begin()
    await chat.pick(file())
    await expect(chat.answers).to_have_count(2)
    held = playground.faults.hold("answerCallbackQuery")
    await chat.button("對")
    await expect(chat.page.locator(".inline-button.waiting")).to_have_text(["👍 對"])
    held.release()
    await expect(chat.page.locator(".toast")).to_be_visible()
    await expect(chat.page.locator(".waiting")).to_have_count(0)


async def test_pictures_open_large_and_close_three_ways(chat: Window) -> None:
    await chat.begin()
    await chat.pick(file())
    await expect(chat.answers).to_have_count(2)
    box = chat.page.locator("#lightbox")
    await chat.answers.last.locator(".photo").click()
    await expect(box).to_be_visible()
    await chat.page.wait_for_function(
        "() => document.querySelector('#lightbox img').getBoundingClientRect().width > 900"
    )
    await chat.page.keyboard.press("ArrowLeft")
    await expect(box.locator(".previous")).to_be_hidden()
    await chat.page.keyboard.press("Escape")
    await expect(box).to_be_hidden()
    await chat.answers.last.locator(".photo").press("Enter")
    await expect(box).to_be_visible()
    await chat.page.go_back()
    await expect(box).to_be_hidden()
    await chat.answers.last.locator(".photo").click()
    await expect(box).to_be_visible()
    await chat.page.mouse.click(5, 400)
    await expect(box).to_be_hidden()
    assert chat.page.url.startswith("http://127.0.0.1")


CLOSE_AND_OPEN_AT_ONCE = """(way) => new Promise((told) => {
    const box = document.querySelector("#lightbox");
    const photo = document.querySelector(".message.theirs .photo");
    box.addEventListener("close", () => told(box.open && box.querySelector("img").hasAttribute("src")), {once: true});
    if (way === "beside it") {
        box.querySelector(".stage").click();
        photo.click();
    } else {
        addEventListener("popstate", () => photo.click(), {once: true});
        history.back();
    }
})"""


@pytest.mark.parametrize("way", ["beside it", "back"])
async def test_a_picture_opened_before_the_browser_tells_of_a_closing_stays(chat: Window, way: str) -> None:
    await chat.begin()
    await chat.pick(file())
    await expect(chat.answers).to_have_count(2)
    box = chat.page.locator("#lightbox")
    entries = await chat.page.evaluate("history.length")
    await chat.answers.last.locator(".photo").click()
    await expect(box).to_be_visible()
    assert await chat.page.evaluate(CLOSE_AND_OPEN_AT_ONCE, way)
    await expect(box.locator("img")).to_have_js_property("naturalWidth", 1280)
    await chat.page.keyboard.press("Escape")
    await chat.page.wait_for_function("() => history.state === null")
    await expect(box).to_be_hidden()
    assert await chat.page.evaluate("history.length") == entries + 1


async def test_a_reload_and_a_break_lose_nothing(chat: Window, playground: Playground) -> None:
    await chat.begin()
    await chat.say("before")
    await expect(chat.answers).to_have_count(2)
    await chat.page.reload()
    await expect(chat.answers).to_have_count(2)
    await playground.stop()
    await expect(chat.page.locator("#offline")).to_be_visible()
    await playground.start()
    await expect(chat.page.locator("#offline")).to_be_hidden()
    await chat.say("after")
    await expect(chat.answers.last).to_contain_text("after")
    await expect(chat.answers).to_have_count(3)


async def test_messages_may_arrive_while_others_are_on_their_way(chat: Window, playground: Playground) -> None:
    await chat.begin()
    held: list[Route] = []
    await chat.page.route("**/chat/send", lambda route: held.append(route))
    await chat.say("slow one")
    await chat.say("slow two")
    await expect(chat.page.locator(".tick.clock")).to_have_count(2)
    await playground.send_text(private_chat(playground), "meanwhile")
    await expect(chat.answers.last).to_contain_text("meanwhile")
    await expect(chat.bubbles.last).to_contain_text("slow two")  # still below what has arrived
    assert len(held) == 2
    for route in held:
        await route.continue_()
    await expect(chat.page.locator(".tick.clock")).to_have_count(0)
    await expect(chat.answers).to_have_count(4)


async def test_what_was_not_sent_can_be_sent_again(chat: Window, playground: Playground) -> None:
    await chat.begin()
    await playground.stop()
    await chat.say("again")
    failed = chat.page.locator(".failed")
    await expect(failed).to_have_text("沒有送出")
    await playground.start()
    await expect(chat.page.locator("#offline")).to_be_hidden()
    await expect(chat.page.get_by_text("again")).to_have_count(1)
    await chat.page.get_by_role("button", name="重試").click()
    await expect(chat.answers.last).to_contain_text("你說：again")
    await expect(failed).to_have_count(0)


async def test_the_view_stays_where_the_reader_is(chat: Window, playground: Playground) -> None:
    await chat.begin()
    for number in range(12):
        await chat.say(f"{number}\n" * 4)
    await expect(chat.answers).to_have_count(13)
    near_bottom = """() => {
        const { scrollHeight, scrollTop, clientHeight } = document.querySelector("#scroller");
        return scrollHeight - scrollTop - clientHeight < 1;
    }"""
    scrolled_to = "top => Math.abs(document.querySelector('#scroller').scrollTop - top) < 1"
    await chat.page.wait_for_function(near_bottom)
    top = await chat.page.evaluate("document.querySelector('#scroller').scrollTop") - 900
    await chat.page.hover("#scroller")
    await chat.page.mouse.wheel(0, -900)
    await chat.page.wait_for_function(scrolled_to, arg=top)  # it glides
    await expect(chat.page.locator("#to-bottom")).to_be_visible()
    await playground.send_text(private_chat(playground), "from another window")
    await expect(chat.page.locator("#unread")).to_have_text("2 則新訊息")
    assert await chat.page.evaluate(scrolled_to, top)
    await chat.page.click("#to-bottom")
    await chat.page.wait_for_function(near_bottom)


async def test_the_pretended_language_reaches_bot_and_menu(chat: Window, playground: Playground) -> None:
    await chat.begin()
    await chat.page.select_option("#language", "en")
    await chat.page.fill("#text", "/")
    await expect(chat.page.locator("#commands")).to_contain_text("A test image")
    await chat.page.fill("#text", "")
    visitor = next(iter(playground.state.people.values()))
    assert visitor.language_code == "en"
    await chat.page.select_option("#language", "")
    await expect(chat.page.locator("#menu-button")).to_be_visible()
    await chat.say("a")
    await expect(chat.answers.last).to_contain_text("a")
    assert visitor.language_code is None


async def test_a_group_with_a_friend(chat: Window) -> None:
    await chat.page.locator(".chat-item").last.click()
    await expect(chat.page.locator(".empty")).to_contain_text("/classify")
    await expect(chat.page.locator("#start")).to_be_hidden()
    await chat.page.select_option("#speaker select", label="小美")
    await chat.say("大家好")
    await expect(chat.page.locator(".message.mine")).to_contain_text("大家好")
    await chat.page.select_option("#speaker select", label="訪客")
    await chat.page.locator(".message").first.hover()
    await chat.page.locator(".message .reply").first.click()
    await expect(chat.page.locator("#replying")).to_contain_text("大家好")
    await chat.say("/start")
    await expect(chat.page.locator(".message .quote").first).to_contain_text("大家好")
    await chat.page.locator(".chat-item").first.click()
    await expect(chat.page.locator("#start")).to_be_visible()


async def test_a_group_fits_on_a_phone(browser: Browser, playground: Playground) -> None:
    async with window(browser, playground.url, size=PHONE) as chat:
        await chat.page.click("#open-sidebar")
        await chat.page.locator(".chat-item").last.click()
        await chat.pick(file(), file())
        await expect(chat.answers).to_have_count(2)
        await expect(chat.page.locator(".message.mine .reactions")).to_have_text("👀 2")
        assert await chat.fits()


async def test_emptying_a_chat_begins_again(chat: Window) -> None:
    await chat.begin()
    await chat.page.dblclick("#clear")  # the button soon forgets the first tap
    await expect(chat.page.locator("#start")).to_be_visible()
    await expect(chat.bubbles).to_have_count(0)


async def test_the_bot_introduces_itself(chat: Window) -> None:
    await chat.page.click("#about-button")
    await expect(chat.page.locator("#about")).to_contain_text("@garment_playground_bot")
    await expect(chat.page.locator("#about")).to_contain_text("有多確定")
    await chat.page.keyboard.press("Escape")
    await expect(chat.page.locator("#about")).to_be_hidden()


async def test_english_where_the_browser_is_not_chinese(browser: Browser, playground: Playground) -> None:
    async with window(browser, playground.url, locale="en-GB") as chat:
        await expect(chat.page.locator("#start")).to_have_text("Start")
        await expect(chat.page.locator("html")).to_have_attribute("lang", "en")
        words = await chat.page.locator("#sidebar, footer, .hint, #status").all_inner_texts()
        chinese = re.findall(r"[一-鿿]+", "".join(words))
        assert set(chinese) == {"服裝辨識", "繁體中文"}  # the bot's name, and a language's own
        await expect(chat.page.locator("#language")).to_have_value("en")
        await chat.begin()
        assert next(iter(playground.state.people.values())).language_code == "en"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_everything_fits_on_a_phone(browser: Browser, playground: Playground, dark: bool) -> None:
    async with window(browser, playground.url, size=PHONE, dark=dark) as chat:
        assert await chat.fits()
        await chat.begin()
        await chat.pick(file())
        await expect(chat.answers).to_have_count(2)
        await chat.say("W" * 300 + " 長" * 100)
        await expect(chat.answers).to_have_count(3)
        await chat.say("/gallery")
        await expect(chat.answers).to_have_count(4)
        assert await chat.fits()
        cell = await chat.page.locator(".inline-button", has_text="25").bounding_box()
        assert cell["width"] >= 40
        assert cell["height"] >= 36
        await chat.page.click("#banner")
        await expect(chat.page.locator("#sidebar")).to_contain_text("make run")
        await chat.page.click("#close-sidebar")
        await expect(chat.page.locator("#sidebar")).to_be_hidden()
        size = await chat.page.locator("#text").evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
        assert size >= 15


async def test_it_can_be_used_with_the_keyboard_alone(browser: Browser, playground: Playground) -> None:
    async with window(browser, playground.url, size=DESKTOP) as chat:
        await chat.page.focus("#start")
        await chat.page.keyboard.press("Enter")
        await expect(chat.answers).to_have_count(1)
        await chat.page.focus("#text")
        await chat.page.keyboard.type("/ga")
        await chat.page.keyboard.press("Enter")
        await expect(chat.answers).to_have_count(2)
        await chat.page.locator(".inline-button", has_text="7").first.focus()
        await chat.page.keyboard.press("Enter")
        await expect(chat.answers.last).to_contain_text("第 v1:n:6 號")
        assert await chat.page.evaluate("document.activeElement.textContent") == "7"
        log = chat.page.get_by_role("log")
        await expect(log).to_have_attribute("aria-live", "polite")
        unnamed = await chat.page.evaluate(
            """() => [...document.querySelectorAll("button, textarea, select, input:not([hidden])")]
                .filter(e => !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map(e => e.outerHTML)"""
        )
        assert unnamed == []
