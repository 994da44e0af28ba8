"""Somebody who uses the chat page and takes a picture of each thing that they see."""

import asyncio
import math
import re
from collections.abc import Awaitable
from pathlib import Path
from typing import Final

from playwright.async_api import Locator, expect

from bot.replies.texts import Language, Texts, texts
from bot.replies.texts.quiz import quiz_texts
from bot.replies.texts.train import train_texts
from bot.replies.texts.web_app import web_app_texts
from tests.telegram_playground.browser import Window
from tests.walk.pictures import Pictures

QUIET_MS: Final = 1500
"""When the page has not changed for so long, what was asked for is taken to be there."""
ANSWER_MS: Final = 240_000
MOST_PAGES: Final = 4


class Walker:
    """A visitor of the page.

    Args:
        window: the page.
        language: of the visitor.
        pictures: what they have to send.
        folder: where the pictures of what they see go.
    """

    def __init__(self, window: Window, language: Language, pictures: Pictures, folder: Path) -> None:
        self.window = window
        self.page = window.page
        self.language = language
        self.pictures = pictures
        self.folder = folder
        self.said: Texts = texts(language)
        self.train = train_texts(language)
        self.quiz = quiz_texts(language)
        self.web_app = web_app_texts(language)
        self._row = ""
        self._shots = 0

    # Where they are

    async def begin(self, row: str) -> None:
        """Go to an empty chat with the bot."""
        self._row, self._shots = row, 0
        for _ in range(2):
            await self.page.keyboard.press("Escape")
        await self.open_chat(0)
        await self.empty()

    async def open_chat(self, place: int) -> None:
        """Go to one of the chats, by its place in the list."""
        await self.open_sidebar()
        await self.page.locator("#chats .chat-item").nth(place).click()
        await expect(self.page.locator("body.sidebar-open")).to_have_count(0)

    async def empty(self) -> None:
        """Empty the chat that is open."""
        await self.open_sidebar()
        await self.window.empty()
        await self.page.keyboard.press("Escape")

    async def be_admin(self, switched_on: bool) -> None:
        """Use the account that the bot knows as an admin, or the plain one."""
        await self.open_sidebar()
        await self.page.set_checked("#admin", switched_on)
        await self.quiet()
        await self.page.keyboard.press("Escape")

    async def open_sidebar(self) -> None:
        """See the list of chats, which a phone hides."""
        opener = self.page.locator("#open-sidebar")
        if await opener.is_visible() and not await self.page.locator("body.sidebar-open").count():
            await opener.click()

    # What they do

    async def say(self, text: str) -> None:
        """Write, and wait for what comes of it."""
        await self.answered(self._write(text))

    async def _write(self, text: str) -> None:
        await self.page.fill("#text", text)
        if await self.page.locator("#commands").is_visible():
            await self.page.keyboard.press("Escape")
        await self.page.press("#text", "Enter")

    async def send(self, *files: bytes, caption: str = "", as_file: bool = False, name: str = "photo.jpg") -> None:
        """Send pictures, and wait for what comes of it."""
        picked = [{"name": name, "mimeType": "image/jpeg", "buffer": data} for data in files]
        await self.answered(self.window.pick(*picked, caption=caption, as_file=as_file))

    async def attach(self, kind: str) -> None:
        """Send something else from the paper clip, and wait for what comes of it."""
        await self.page.click("#attach")
        await self.answered(self.page.click(f"#attachments [data-kind={kind}]"))

    async def tap(self, label: str) -> None:
        """Tap the latest button with this in its label, and wait for what comes of it."""
        await self.answered(self.window.button(label))

    async def reply_to(self, message: Locator) -> None:
        """Begin a reply to a message."""
        await message.hover()
        await message.locator(".reply").click()

    async def answered(self, doing: Awaitable[None]) -> None:
        """Do something, and wait until the bot has begun to answer and the page does not change any more."""
        before = await self.page.evaluate(_SEEN)
        await doing
        await self.page.wait_for_function(f"before => ({_SEEN})() !== before", arg=before, timeout=ANSWER_MS)
        await self.quiet()

    async def sees(self, text: str, **blanks: str) -> None:
        """Wait for the beginning of one of the bot's texts, up to its first blank that is not filled here."""
        for blank, words in blanks.items():
            text = text.replace(f"{{{blank}}}", words)
        begins = re.sub(r"<[^>]*>", "", text.partition("{")[0]).strip()
        await self.latest.get_by_text(begins).or_(self.page.get_by_text(begins)).first.wait_for(timeout=ANSWER_MS)
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until the page does not change any more."""
        await self.page.evaluate(_QUIET, [QUIET_MS, ANSWER_MS])

    # What they see

    @property
    def latest(self) -> Locator:
        """The bot's latest message."""
        return self.window.answers.last

    async def shot(self, name: str) -> None:
        """Take a picture of the window as it is."""
        self._shots += 1
        await self.page.screenshot(path=self.folder / f"{self._row}-{self._shots}-{name}.png", animations="disabled")

    async def read(self, name: str) -> None:
        """Take pictures of the bot's latest message from its head to its end, a windowful each."""
        box, room = await self.latest.bounding_box(), await self.page.locator("#scroller").bounding_box()
        assert box is not None
        assert room is not None
        pages = min(math.ceil(box["height"] / room["height"]), MOST_PAGES)
        for number in range(pages):
            if pages > 1:
                await self.latest.evaluate(_SCROLL, number)
                await asyncio.sleep(0.3)
            await self.shot(name if pages == 1 else f"{name}-{number + 1}of{pages}")
        if await self.page.locator("#to-bottom").is_visible():
            await self.page.click("#to-bottom")

    async def unfold(self) -> None:
        """Open the folded quotation of the bot's latest message."""
        await self.latest.locator(".expandable").last.click()
        await asyncio.sleep(0.3)


_SEEN: Final = """() => [...document.querySelectorAll(".message.theirs, .toast, #alert[open], .poll")]
  .map((element) => element.outerHTML.replaceAll(/ (waiting|settled|aria-busy="true")/g, "")).join()"""
"""What the bot has said, as one text."""

_QUIET: Final = """([quiet, patience]) => new Promise((resolve, reject) => {
  const busy = () => document.querySelector(".inline-button.waiting, .tick.clock, #status.typing");
  let timer = 0;
  const still = () => (busy() ? wait() : done(resolve));
  const wait = () => { clearTimeout(timer); timer = setTimeout(still, quiet); };
  const observer = new MutationObserver(wait);
  const done = (how) => { observer.disconnect(); clearTimeout(timer); clearTimeout(end); how(); };
  const end = setTimeout(() => done(() => reject(new Error("the page does not come to rest"))), patience);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  wait();
})"""

_SCROLL: Final = """(message, page) => {
  const scroller = document.querySelector("#scroller");
  const top = message.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  scroller.scrollTo({ top: top - 8 + page * (scroller.clientHeight - 40), behavior: "instant" });
}"""
