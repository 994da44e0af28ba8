"""Makes the README's screenshot: ``python -m tests.telegram_playground.screenshot PHOTO TARGET [--dark] [--phone]``.

It needs Chromium, a model and a font with emoji (Debian: chromium fonts-noto-cjk fonts-noto-color-emoji).
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

from playwright.async_api import expect

from bot.settings import PROJECT_ROOT, Settings
from tests.telegram_playground.browser import Window, chromium, window


async def _take(photo: Path, data: bytes, target: Path, *, size: tuple[int, int], dark: bool) -> None:
    unset = {name.upper(): "" for name in Settings.model_fields if name not in {"data_dir", "models_dir"}}
    with tempfile.TemporaryDirectory() as var:
        own = {"PLAYGROUND_PORT": "0", "DATABASE_URL": f"sqlite:///{var}/bot.sqlite3"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", cwd=PROJECT_ROOT, env=os.environ | unset | own, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert process.stdout is not None
            line = (await process.stdout.readline()).decode()
            url = re.findall(r"http://127\.0\.0\.1:\d+", line)[0]
            async with chromium() as browser, window(browser, url, size=size, dark=dark) as chat:
                await _show(chat, photo.name, data)
                await chat.page.screenshot(path=target)
        finally:
            process.terminate()
            await process.wait()


async def _show(chat: Window, name: str, data: bytes) -> None:
    await chat.pick({"name": name, "mimeType": "image/jpeg", "buffer": data}, caption="這是什麼？")
    await expect(chat.answers.last.locator(".inline-button").first).to_be_visible()
    await expect(chat.page.locator(".reactions")).to_be_visible()
    await _grow(chat)
    await asyncio.sleep(1)
    await chat.page.evaluate("() => document.activeElement.blur()")


async def _grow(chat: Window) -> None:
    """Makes the window as high as the conversation, so that nothing of it is cut off."""
    hidden = "() => { const s = document.querySelector('#scroller'); return s.scrollHeight - s.clientHeight; }"
    size = chat.page.viewport_size
    assert size is not None
    await chat.page.set_viewport_size(
        {"width": size["width"], "height": size["height"] + await chat.page.evaluate(hidden)}
    )


def main() -> None:
    """Reads the command line and takes the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--phone", action="store_true")
    arguments = parser.parse_args()
    size = (390, 844) if arguments.phone else (1280, 800)
    arguments.target.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(_take(arguments.photo, arguments.photo.read_bytes(), arguments.target, size=size, dark=arguments.dark))


if __name__ == "__main__":
    main()
