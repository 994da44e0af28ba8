import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from fontTools.ttLib import TTFont

from benchmarks.soak import memory
from bot.replies.cards.canvas import font
from bot.replies.texts import Language, texts
from tests.conftest import needs

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "bot" / "replies" / "fonts"
DRAWN_BY_TELEGRAM_ONLY = set("✅✏✗\ufe0f\u2007█░")
WEIGHTS = ("Regular", "Bold")


def without_emoji(characters: set[str] | frozenset[str]) -> set[str]:
    """Return the characters that a picture might draw: only Telegram draws what lies in Unicode's blocks of emoji."""
    return {character for character in characters if ord(character) < 0x1F000}


@pytest.fixture(scope="module")
def make_fonts() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_fonts", ROOT / "tools" / "make_fonts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_fonts"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=WEIGHTS)
def characters(request: pytest.FixtureRequest) -> set[str]:
    with TTFont(FONTS / f"NotoSansTC-{request.param}.otf") as opened:
        return {chr(code) for code in opened.getBestCmap()}


def test_every_character_of_every_text_has_a_glyph(characters: set[str]) -> None:
    sources = sorted((ROOT / "bot" / "replies" / "texts").rglob("*.py"))
    used = set("".join(path.read_text(encoding="utf-8") for path in sources))
    assert set("褲子") < used
    missing = without_emoji(used) - characters - DRAWN_BY_TELEGRAM_ONLY - set("\n")
    assert not missing, f"run python tools/make_fonts.py: {''.join(sorted(missing))}"


def test_what_is_drawn_needs_no_emoji_and_no_wide_quotes(characters: set[str], language: Language) -> None:
    said = texts(language)
    drawn = set(repr((said.pictures, said.units, said.class_names)))
    assert not drawn - characters
    assert not drawn & set("“”‘’"), "they are as wide as Chinese characters in this font"


def test_the_fonts_hold_what_the_script_takes(make_fonts: ModuleType, characters: set[str]) -> None:
    missing = without_emoji(make_fonts.characters()) - characters - DRAWN_BY_TELEGRAM_ONLY
    assert not missing, f"run python tools/make_fonts.py: {''.join(sorted(missing))}"


def test_the_fonts_are_small_and_bring_their_licence() -> None:
    for weight in WEIGHTS:
        assert (FONTS / f"NotoSansTC-{weight}.otf").stat().st_size < 400_000
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_chinese_is_drawn_not_boxed() -> None:
    shapes = {bytes(font(32).getmask(character)) for character in "外套毛衣褲"}
    assert len(shapes) == 5
    assert bytes(font(32).getmask("\U0001f9e6")) not in shapes


MANY_SIZES = """
import os
from benchmarks.soak.memory import of_trees
from bot.replies.cards.canvas import font

font(20).getmask("T-shirt")
before = of_trees([os.getpid()]).own
for size in range(21, 61):
    font(size).getmask("T-shirt")
print(of_trees([os.getpid()]).own - before)
"""


def test_forty_sizes_of_a_font_take_less_than_twenty_copies_of_its_file() -> None:
    needs(memory.can_be_measured(), "run this test on Linux: elsewhere nothing tells the memory of processes")
    told = subprocess.run([sys.executable, "-c", MANY_SIZES], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(told.stdout) < 20 * (FONTS / "NotoSansTC-Regular.otf").stat().st_size
