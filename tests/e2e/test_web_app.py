"""The page inside Telegram, as ``python -m bot --playground`` mounts it: the real bot, the real model, Chromium."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FrameLocator, Locator, Page, Route, expect

from bot.replies.texts import Language
from bot.replies.texts.web_app import web_app_texts
from bot.settings import Settings
from bot.vision.labels import CLASS_NAMES, CLASS_NAMES_EN
from tests.e2e.running import END_S, START_S, BotProcess, start
from tests.telegram_playground.browser import DESKTOP, Window, chromium, window
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID, SAID_EN = web_app_texts(Language.ZH_HANT), web_app_texts(Language.EN)
BARS_MS = 100
PHONE = (390, 844)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(
    live_models: Path, fashion_mnist_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """The bot as a newcomer starts it."""
    var = tmp_path_factory.mktemp("var")
    own = {
        "PLAYGROUND_PORT": "0",
        "DATABASE_URL": f"sqlite:///{var / 'bot.sqlite3'}",
        "MODELS_DIR": str(live_models),
        "DATA_DIR": str(fashion_mnist_dir),
    }
    unset = {name.upper(): "" for name in Settings.model_fields}
    bot = await start(["--playground"], os.environ | unset | own, var)
    await until(lambda: "The bot is live" in bot.text or bot.process.returncode is not None, START_S)
    yield bot
    assert await bot.stop() == 0, bot.text
    assert "Traceback" not in bot.text, bot.text


@pytest.fixture
def address(bot: BotProcess) -> str:
    """What the command line names."""
    return re.findall(r"http://127\.0\.0\.1:\d+/#app", bot.text)[0]


class OpenPage:
    """The page inside a chat's window."""

    def __init__(self, chat: Window) -> None:
        self.chat = chat
        self.frame: FrameLocator = chat.page.frame_locator("#web-app iframe")

    def __call__(self, selector: str, **options: Any) -> Locator:
        return self.frame.locator(selector, **options)

    @property
    def page(self) -> Page:
        return self.chat.page

    async def looked_at(self, name: str) -> None:
        """Keep a screenshot where ``SCREENSHOTS`` says."""
        if folder := os.environ.get("SCREENSHOTS"):
            await self.page.wait_for_timeout(500)
            await self.page.screenshot(path=Path(folder) / f"{name}.png")

    async def fits(self) -> bool:
        """Whether nothing is wider than the window."""
        return bool(await self("html").evaluate("root => root.scrollWidth <= root.clientWidth"))

    async def bars(self) -> list[float]:
        """The ten shares, percent."""
        return [float(share.rstrip("%")) for share in await self("#bars .share").all_inner_texts()]

    async def stroke(self, *places: tuple[float, float]) -> None:
        """Draw a line through places, each in pixels of the pad."""
        box = await self("#pad").bounding_box()
        assert box is not None
        at = [(box["x"] + x / 28 * box["width"], box["y"] + y / 28 * box["height"]) for x, y in places]
        await self.page.mouse.move(*at[0])
        await self.page.mouse.down()
        for place in at[1:]:
            await self.page.mouse.move(*place, steps=4)
        await self.page.mouse.up()


@asynccontextmanager
async def opened(browser: Browser, address: str, **options: Any) -> AsyncIterator[OpenPage]:
    """The page, opened by the address that the command line names."""
    async with window(browser, address, **options) as chat:
        page = OpenPage(chat)
        await expect(page("#grid button")).to_have_count(25)
        yield page


async def test_the_button_below_the_gallery_opens_it(browser: Browser, address: str) -> None:
    async with window(browser, address.removesuffix("#app")) as chat:
        await chat.page.select_option("#language", "zh-hant")
        await chat.say("/gallery")
        await chat.button(SAID.open_page)
        page = OpenPage(chat)
        await expect(page("#grid button")).to_have_count(25)
        await expect(page("html")).to_have_attribute("lang", "zh-Hant")
        await chat.page.keyboard.press("Escape")
        await expect(chat.page.locator("#web-app")).to_be_hidden()


async def test_a_test_image_that_was_not_shown_is_shared_as_a_picture(browser: Browser, address: str) -> None:
    async with window(browser, address.removesuffix("#app")) as chat:
        await chat.page.fill("#text", "@garment_playground_bot 43")
        offer = chat.page.locator("#offers .offer:not(.head)")
        await expect(offer.locator("img")).to_have_count(1)
        await offer.click()
        await expect(chat.page.locator(".message.mine .photo")).to_have_count(1)


async def test_from_a_group_a_link_leads_to_the_private_chat(browser: Browser, address: str) -> None:
    async with window(browser, address.removesuffix("#app")) as chat:
        await chat.page.locator(".chat-item").last.click()
        await chat.say("/gallery")
        await chat.button(SAID.open_page)
        await expect(chat.page.locator("#status")).not_to_contain_text("2")
        await expect(chat.page.locator(".message.mine").last).to_contain_text("/start gallery")
        await expect(chat.page.locator("button.inline-button", has_text=SAID.open_page)).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_a_picture_says_predicted_actual_and_ten_shares(
    browser: Browser, address: str, size: tuple[int, int], dark: bool
) -> None:
    async with opened(browser, address, size=size, dark=dark) as page:
        await expect(page("#hint")).to_have_text(SAID.choose)
        third = page("#grid button").nth(2)
        await third.click()
        await expect(third).to_have_attribute("aria-pressed", "true")
        actual = await page("#actual").inner_text()
        assert actual in CLASS_NAMES
        assert actual in (await third.get_attribute("aria-label") or "")
        shares = await page.bars()
        assert sum(shares) == pytest.approx(100)
        best = CLASS_NAMES[shares.index(max(shares))]
        await expect(page("#predicted")).to_have_text(f"{best} {max(shares)}%")
        await expect(page("#verdict")).to_contain_text(SAID.right if best == actual else SAID.wrong)
        await expect(page("#said")).to_contain_text(SAID.right if best == actual else SAID.wrong)
        ground = await page("html").evaluate("root => getComputedStyle(root).backgroundColor")
        assert ground == ("rgb(23, 33, 43)" if dark else "rgb(255, 255, 255)"), "the chat's own colours"
        assert await page.fits()
        grid, last = await page("#grid").bounding_box(), await page("#bars li").last.bounding_box()
        assert grid is not None
        assert last is not None
        assert grid["y"] > 0
        assert last["y"] + last["height"] <= size[1], "pictures and bars are in sight at once"
        await page.looked_at(f"page-{'phone' if size == PHONE else 'desktop'}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_class_stands_in_one_line_with_its_mark(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    async with opened(browser, address, size=size) as page:
        await page("#number").fill("1")
        await page("#number").press("Enter")
        marked = page("#bars .actual .name")
        await expect(marked).to_contain_text(re.compile(r"ankle boot.*✓", re.IGNORECASE))
        heights = await page("#bars li").evaluate_all("all => all.map((each) => each.offsetHeight)")
        assert len(set(heights)) == 1, heights


async def test_by_class_only_wrong_ones_and_new_ones(browser: Browser, address: str) -> None:
    async with opened(browser, address) as page:
        before = await page("#grid button").first.get_attribute("aria-label")
        await page("#new-ones").click()
        await expect(page("#grid button").first).not_to_have_attribute("aria-label", before or "")
        await page("#label").select_option(label=CLASS_NAMES[6])
        await expect(page("#found")).to_contain_text("1,000")
        for label in await page("#grid button").evaluate_all("all => all.map((each) => each.ariaLabel)"):
            assert label.endswith(CLASS_NAMES[6])
        await page("#only-wrong").check()
        await expect(page("#found")).to_contain_text(re.compile(r" \d{1,3} 張"), timeout=END_S * 1000)
        await page("#grid button").first.click()
        await expect(page("#verdict")).to_contain_text(SAID.wrong)
        await page.looked_at("page-wrong")


async def test_a_picture_by_its_number(browser: Browser, address: str) -> None:
    async with opened(browser, address) as page:
        await page("#number").fill("1")
        await page("#number").press("Enter")
        await expect(page("#actual")).to_have_text(CLASS_NAMES[9])
        page.chat.expected_problem("404")
        for wrong in ("0", "10,001", "x", ""):
            await page("#number").fill(wrong)
            await page("#number").press("Enter")
            await expect(page("#trouble")).to_contain_text("10,000")
        await page("#number").fill(" １０,０００ ")
        await page("#number").press("Enter")
        await expect(page("#nth")).to_contain_text("10,000")
        await expect(page("#trouble")).to_be_hidden()


async def test_the_bars_follow_the_pen(browser: Browser, address: str) -> None:
    async with opened(browser, address) as page:
        await page("#drawing-tab").click()
        await expect(page("#hint")).to_have_text(SAID.pad_blank)
        await page.stroke((6, 6), (22, 6))
        await expect(page("#predicted")).not_to_be_empty()
        first = await page.bars()
        shown = await page("#bars").inner_text()
        assert sum(first) == pytest.approx(100)
        for row in range(8, 24, 2):
            await page.stroke((9, row), (19, row))
        await expect(page("#bars")).not_to_have_text(shown, use_inner_text=True)
        assert await page.bars() != first
        async with asyncio.timeout(END_S):  # what is said follows what is shown
            while await page("#bars .best .name").inner_text() not in (await page("#said").text_content() or ""):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert await page.fits()
        await page.looked_at("page-drawing-desktop")
        await page("#pens").get_by_label(SAID.eraser).check()
        await page.stroke((6, 6), (22, 6))
        await page("#undo").click()
        await page("#clear").click()
        await expect(page("#hint")).to_have_text(SAID.pad_blank)
        await expect(page("#bars .share").first).to_have_text("–")
        await page("#undo").click()
        await expect(page("#hint")).to_be_empty()


async def test_the_bars_are_there_within_100_ms(browser: Browser, address: str) -> None:
    """From the pen's movement to the text of the bars, the quickest half: the machine may be busy."""
    async with opened(browser, address) as page:
        await page("#drawing-tab").click()
        await page.stroke((6, 6), (20, 20))
        measured = []
        for row in range(24):
            took = await page("#pad").evaluate(
                """(pad, row) => new Promise((resolve) => setTimeout(() => {
                  const { left, top, width, height } = pad.getBoundingClientRect();
                  const began = performance.now();
                  new MutationObserver((_, observer) => {
                    observer.disconnect();
                    resolve(performance.now() - began);
                  }).observe(document.querySelector("#bars"), { subtree: true, childList: true, characterData: true });
                  const at = { clientX: left + 0.5 * width, clientY: top + (row / 28) * height, pointerId: 1 };
                  pad.setPointerCapture = () => {};
                  pad.dispatchEvent(new PointerEvent("pointerdown", { ...at, button: 0 }));
                  pad.dispatchEvent(new PointerEvent("pointerup", at));
                }, 150))""",
                row,
            )
            measured.append(took)
        assert sorted(measured)[len(measured) // 2] < BARS_MS, measured


async def test_drawing_on_a_phone_keeps_pad_and_bars_in_sight(browser: Browser, address: str) -> None:
    async with opened(browser, address, size=PHONE) as page:
        await page("#grid button").first.click()
        await page("#edit").click()
        await expect(page("#pad")).to_be_visible()
        await expect(page("#predicted")).not_to_be_empty()
        pad, last = await page("#pad").bounding_box(), await page("#bars li").last.bounding_box()
        assert pad is not None
        assert last is not None
        assert pad["y"] >= 0
        assert last["y"] + last["height"] <= PHONE[1]
        assert await page.fits()
        await page.looked_at("page-drawing-phone")
        for control in await page("#tools label, #tools button").all():
            box = await control.bounding_box()
            assert box is not None
            assert box["height"] >= 36


@pytest.mark.parametrize("width", [320, 390])
async def test_on_a_phone_undo_and_clear_stay_together(browser: Browser, address: str, width: int) -> None:
    async with opened(browser, address, size=(width, 844)) as page:
        await page("#language").click()
        await page("#drawing-tab").click()
        undo, clear = await page("#undo").bounding_box(), await page("#clear").bounding_box()
        assert undo is not None
        assert clear is not None
        assert undo["y"] == clear["y"]
        assert await page.fits()


async def test_a_line_of_trouble_is_in_sight_wherever_one_asked(browser: Browser, address: str) -> None:
    async with opened(browser, address, size=(360, 500)) as page:
        page.chat.expected_problem("404")
        await page("#number").fill("10001")
        await page("#number").press("Enter")
        await expect(page("#trouble")).to_contain_text("10,000")
        await page("html").evaluate("root => root.scrollTo({ top: root.scrollHeight, behavior: 'instant' })")
        await expect(page("#trouble")).to_be_in_viewport(ratio=1)


async def test_everything_works_with_the_keyboard_alone(browser: Browser, address: str) -> None:
    async with opened(browser, address) as page:
        press = page.page.keyboard.press
        await page("#grid button").first.focus()
        await press("ArrowRight")
        await press("ArrowDown")
        await press("Enter")
        await expect(page("#grid button").nth(6)).to_have_attribute("aria-pressed", "true")
        await press("End")
        await press("Space")
        await expect(page("#grid button").nth(24)).to_have_attribute("aria-pressed", "true")
        await page("#pictures-tab").focus()
        await press("ArrowRight")
        await expect(page("#drawing-tab")).to_be_focused()
        await press("Tab")
        await press("Tab")
        await expect(page("#pad")).to_be_focused()
        await expect(page("#cursor")).to_be_visible()
        for key in ("Space", "ArrowRight", "Space", "ArrowDown", "Enter"):
            await press(key)
        await expect(page("#predicted")).not_to_be_empty()
        for key in ("Delete", "ArrowLeft", "Delete", "ArrowUp", "Backspace", "ArrowRight", "Delete"):
            await press(key)
        await expect(page("#hint")).to_have_text(SAID.pad_blank)
        unnamed = await page("body").evaluate(
            """(body) => [...body.querySelectorAll("button, select, input, canvas[tabindex], [role=img]:not([hidden])")]
                .filter((e) => !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map((e) => e.outerHTML)"""
        )
        assert unnamed == []


async def test_both_languages(browser: Browser, address: str) -> None:
    async with opened(browser, address) as page:
        await page("#language").click()
        await expect(page("html")).to_have_attribute("lang", "en")
        await page("#grid button").first.click()
        assert await page("#actual").inner_text() in CLASS_NAMES_EN
        chinese = re.findall("[\u3000-\u9fff]+", await page("body").inner_text())
        assert chinese == [SAID_EN.other_language]
        await page.looked_at("page-english")
        await page("#language").click()
        assert await page("#actual").inner_text() in CLASS_NAMES


async def test_what_is_wrong_is_said_in_one_line(browser: Browser, address: str) -> None:
    async with window(browser, address.removesuffix("#app")) as chat:
        chat.expected_problem("401")
        chat.expected_problem("503")
        chat.expected_problem("ERR_FAILED")
        signed = await chat.page.evaluate(
            """async () => {
              const state = await (await fetch("/chat/state")).json();
              const body = JSON.stringify({ chat: state.chats[0].id });
              const headers = { "Content-Type": "application/json" };
              return (await (await fetch("/chat/web-app", { method: "POST", headers, body })).json()).url;
            }"""
        )
        plain = signed.partition("#")[0]
        await chat.page.goto(plain)
        await expect(chat.page.locator("#trouble")).to_contain_text(SAID.refusals.missing)
        await expect(chat.page.locator("#trouble button")).to_be_hidden()
        forged = signed.replace("auth_date%3D1", "auth_date%3D2")
        assert forged != signed
        await chat.page.goto("about:blank")
        await chat.page.goto(forged)
        await expect(chat.page.locator("#trouble")).to_contain_text(SAID.refusals.forged)

        async def fail(route: Route) -> None:
            await route.abort()

        async def old(route: Route) -> None:
            await route.fulfill(status=401, json={"error": "old"})

        async def busy(route: Route) -> None:
            await route.fulfill(status=503, json={"error": "busy"}, headers={"Retry-After": "1"})

        await chat.page.route("**/api/pictures?*", fail)
        await chat.page.goto("about:blank")
        await chat.page.goto(signed)
        await expect(chat.page.locator("#trouble")).to_contain_text(SAID.refusals.offline)
        await chat.page.unroute("**/api/pictures?*")
        await chat.page.click("#trouble button")
        await expect(chat.page.locator("#grid button")).to_have_count(25)
        await expect(chat.page.locator("#trouble")).to_be_hidden()
        await chat.page.route("**/api/pictures?*", old)
        await chat.page.click("#new-ones")
        await expect(chat.page.locator("#trouble")).to_contain_text(SAID.refusals.old)
        await expect(chat.page.locator("#grid button")).to_have_count(25)
        await chat.page.route("**/api/drawing", busy)
        await chat.page.click("#drawing-tab")
        await chat.page.locator("#pad").click()
        await expect(chat.page.locator("#trouble")).to_contain_text(SAID.refusals.busy)
        await chat.page.unroute("**/api/drawing")
        await expect(chat.page.locator("#trouble")).to_be_hidden()
        await expect(chat.page.locator("#predicted")).not_to_be_empty()


async def test_nothing_is_kept_and_nothing_foreign_is_asked(browser: Browser, address: str) -> None:
    own = urlsplit(address).netloc
    async with window(browser, address.removesuffix("#app")) as chat:
        asked: list[str] = []
        chat.page.on("request", lambda request: asked.append(request.url))
        await chat.page.goto(address)
        await chat.page.reload()
        page = OpenPage(chat)
        await expect(page("#grid button")).to_have_count(25)
        assert {urlsplit(url).netloc for url in asked} == {own}
        assert not [url for url in asked if "hash=" in urlsplit(url).query or "hash" in parse_qs(urlsplit(url).query)]
        assert await chat.page.context.cookies() == []
        kept = await page("html").evaluate("() => [Object.keys(localStorage), Object.keys(sessionStorage)]")
        assert kept == [[], []]
