"""A walk over everything that people can do, with a picture of each thing they get.

``python -m tests.walk FOLDER`` walks in Chromium, in both languages, on a phone and on a desktop, over what
``make run`` starts, and leaves FOLDER/LANGUAGE-WIDTHxHEIGHT/ROW-NUMBER-NAME.png for somebody to look at. It needs
Chromium, the data sets (``DATA_DIR``) and fonts with Chinese and emoji (Debian: chromium fonts-noto-cjk
fonts-noto-color-emoji).
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import Browser

from bot.replies.texts import Language
from bot.settings import PROJECT_ROOT, Settings
from tests.telegram_playground.browser import chromium, window
from tests.walk.pictures import Pictures, read_pictures
from tests.walk.rows import ROWS
from tests.walk.walker import Walker

SIZES: Final = {"phone": (390, 844), "desktop": (1280, 800)}
LOCALES: Final = {Language.ZH_HANT: "zh-TW", Language.EN: "en-GB"}


@asynccontextmanager
async def make_run(folders: dict[str, str]) -> AsyncIterator[str]:
    """What ``make run`` starts without a token, with an empty store; the address of its page."""
    unset = {name.upper(): "" for name in Settings.model_fields}
    with tempfile.TemporaryDirectory() as var:
        own = {"PLAYGROUND_PORT": "0", "DATABASE_URL": f"sqlite:///{var}/bot.sqlite3"}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "--playground", "--no-browser"),
            cwd=PROJECT_ROOT,
            env=os.environ | unset | folders | own,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stdout is not None
            (address,) = re.findall(rb"http://127\.0\.0\.1:\d+", await process.stdout.readline())
            yield address.decode()
        finally:
            process.terminate()
            await process.wait()


async def walk(walker: Walker, rows: Sequence[str]) -> list[str]:
    """Walk over some rows of `ROWS`; what could not be walked to its end."""
    fallen: list[str] = []
    for row in rows:
        try:
            await walker.begin(row)
            await ROWS[row](walker)
        except Exception:  # the others are walked all the same; this one is told at the end
            fallen.append(f"{row}: {traceback.format_exc(limit=-2)}")
            await walker.shot("broken")
        print(f"{walker.folder.name} {row}", flush=True)
    return fallen


async def _walk_once(
    browser: Browser, pictures: Pictures, folder: Path, language: Language, size: str, rows: Sequence[str]
) -> list[str]:
    async with (
        make_run(_folders()) as address,
        window(browser, address, size=SIZES[size], locale=LOCALES[language]) as opened,
    ):
        fallen = await walk(Walker(opened, language, pictures, folder), rows)
        fallen += opened.problems
        opened.problems.clear()
    return [f"{folder.name} {each}" for each in fallen]


def _folders() -> dict[str, str]:
    names = {"DATA_DIR": "data", "MODELS_DIR": "models"}
    return {name: os.environ.get(name) or str(PROJECT_ROOT / usual) for name, usual in names.items()}


async def _walk_all(pictures: Pictures, targets: Sequence[tuple[Path, Language, str]], rows: Sequence[str]) -> int:
    fallen: list[str] = []
    async with chromium() as browser:
        for folder, language, size in targets:
            fallen += await _walk_once(browser, pictures, folder, language, size, rows)
    print(*fallen, sep="\n")
    return 1 if fallen else 0


def main() -> int:
    """Read the command line and walk; 1 when something could not be walked to its end."""
    languages = [language.value for language in Language]
    parser = argparse.ArgumentParser(prog="python -m tests.walk", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--languages", nargs="+", choices=languages, default=languages)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS))
    wanted = parser.parse_args()
    targets: list[tuple[Path, Language, str]] = []
    for language in wanted.languages:
        for size in wanted.sizes:
            width, height = SIZES[size]
            folder: Path = wanted.folder / f"{language}-{width}x{height}"
            folder.mkdir(parents=True, exist_ok=True)
            targets.append((folder, Language(language), size))
    folders = _folders()
    pictures = read_pictures(Path(folders["DATA_DIR"]), Path(folders["MODELS_DIR"]))
    return asyncio.run(_walk_all(pictures, targets, wanted.rows))


if __name__ == "__main__":
    sys.exit(main())
