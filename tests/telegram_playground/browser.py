"""The chat page in Chromium, as a person uses it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.conftest import needs

_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP: Final = (1280, 800)
PHONE: Final = (360, 740)
PATIENCE_MS: Final = 45_000


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    needs(executable, "apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(_ARGUMENTS))
        yield browser
        await browser.close()


class Window:
    """One browser window that shows the chat page.

    Attributes:
        problems: What the page complained about on its console, and requests that failed.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        self._expected = ["ERR_CONNECTION_REFUSED", "INCOMPLETE_CHUNKED"]
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not any(expected in text for expected in self._expected):
            self.problems.append(text)

    def expected_problem(self, part: str) -> None:
        """From now on a complaint with this in it is what the test wants."""
        self._expected.append(part)

    @property
    def bubbles(self) -> Locator:
        """Every message, oldest first."""
        return self.page.locator(".message")

    @property
    def answers(self) -> Locator:
        """The bot's messages."""
        return self.page.locator(".message.theirs")

    async def begin(self) -> None:
        """Presses Start and waits for the answer."""
        await self.page.click("#start")
        await expect(self.answers).to_have_count(1)

    async def say(self, text: str) -> None:
        """Types a message and sends it with Enter."""
        await self.page.fill("#text", text)
        await self.page.keyboard.press("Escape")
        await self.page.press("#text", "Enter")

    async def pick(self, *files: dict[str, Any], caption: str = "", as_file: bool = False) -> None:
        """Picks files with the paper clip and sends them."""
        await self.page.set_input_files("#files", list(files))
        await self.confirm(caption=caption, as_file=as_file)

    async def confirm(self, *, caption: str = "", as_file: bool = False) -> None:
        """Sends what lies in the tray."""
        await self.page.locator("#tray").wait_for()
        if as_file:
            await self.page.check("#as-file")
        await self.page.fill("#caption", caption)
        await self.page.click("#tray-send")

    async def drop(self, *files: tuple[str, bytes], how: str = "drop") -> None:
        """Drops files onto the page, or pastes them."""
        for event in ("dragenter", "dragover", "drop") if how == "drop" else ("paste",):
            await self.page.evaluate(_HAND_OVER, [event, [[name, list(data)] for name, data in files]])

    async def button(self, text: str) -> None:
        """Taps the latest inline button with this text."""
        await self.page.locator(".inline-button", has_text=text).last.click()

    async def empty(self) -> None:
        """Empties the chat that is open: both taps at once, since the button soon forgets the first."""
        await self.page.evaluate("() => [1, 2].forEach(() => document.querySelector('#clear').click())")
        await expect(self.bubbles).to_have_count(0)

    async def fits(self) -> bool:
        """Whether nothing is wider than the window."""
        return bool(
            await self.page.evaluate(
                """() => ["html", "#scroller", "#sidebar", "footer"].every((name) => {
                    const { scrollWidth, clientWidth } = document.querySelector(name);
                    return scrollWidth <= clientWidth;
                })"""
            )
        )


_HAND_OVER = """([kind, files]) => {
  const transfer = new DataTransfer();
  for (const [name, bytes] of files) {
    transfer.items.add(new File([new Uint8Array(bytes)], name, {type: "image/jpeg"}));
  }
  const options = {bubbles: true, cancelable: true};
  const event = kind === "paste"
    ? new ClipboardEvent(kind, {...options, clipboardData: transfer})
    : new DragEvent(kind, {...options, dataTransfer: transfer});
  document.querySelector("#scroller").dispatchEvent(event);
}"""


@asynccontextmanager
async def window(
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = DESKTOP,
    dark: bool = False,
    locale: str = "zh-TW",
) -> AsyncIterator[Window]:
    """Opens the page; fails at the end when the page complained about anything."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale=locale,
        has_touch=width < 800,
        is_mobile=width < 800,
    )
    opened = Window(await context.new_page())
    await opened.page.goto(url)
    await opened.page.wait_for_selector("#title:not(:empty)")
    yield opened
    await context.close()
    assert not opened.problems, opened.problems
