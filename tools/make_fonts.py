"""Cut the fonts that pictures are drawn with: ``python tools/make_fonts.py``.

Run it after changing texts; a test says when it is due. It takes every character that the texts and the class names use
from Debian's Noto Sans CJK (``apt-get install fonts-noto-cjk``) and leaves out what the font does not have, emoji above
all, which only Telegram draws. The result needs neither Debian nor this script to be used.
"""

import argparse
import string
import sys
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

ROOT: Final = Path(__file__).resolve().parent.parent
FONTS: Final = ROOT / "bot" / "replies" / "fonts"
SOURCES: Final = (
    *sorted((ROOT / "bot" / "replies").rglob("*.py")),
    *sorted((ROOT / "bot" / "course").rglob("*.py")),
    ROOT / "bot" / "vision" / "labels.py",
)
DEBIAN_FONTS: Final = Path("/usr/share/fonts/opentype/noto")
LANGUAGE: Final = "Noto Sans CJK TC"
WEIGHTS: Final = ("Regular", "Bold")
ALWAYS: Final = (
    string.printable.strip()
    + " "
    + "，。：；？！、「」『』（）～…—–−×÷±≈≤≥→←↑↓△▲▼▶◀●○■□✓°·・％①②③④⑤⑥⑦⑧⑨⑩零一二三四五六七八九十百千萬"
)


def characters() -> frozenset[str]:
    """Return every character that may be drawn: those of the replies' source files and a few that always help."""
    return frozenset(ALWAYS).union(*(path.read_text(encoding="utf-8") for path in SOURCES)) - set("\n\r\t\u2007")


def cut(collection: Path, wanted: frozenset[str]) -> TTFont:
    """Return the Traditional Chinese font of a collection with only the wanted characters that it has."""
    fonts = TTCollection(collection, recalcTimestamp=False).fonts
    font = next(font for font in fonts if font["name"].getDebugName(1) == LANGUAGE)
    options = Options(
        layout_features=["kern", "palt"],
        hinting=False,
        desubroutinize=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 7, 13, 14],
        name_languages=[0x409],
        notdef_outline=True,
        recalc_timestamp=False,
    )
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(wanted)))
    subsetter.subset(font)
    return font


def main() -> int:
    """Cut both weights."""
    parser = argparse.ArgumentParser(description="Cut the fonts that pictures are drawn with.")
    parser.add_argument("--source", type=Path, default=DEBIAN_FONTS, help="folder of NotoSansCJK-*.ttc")
    source: Path = parser.parse_args().source
    if not all((source / f"NotoSansCJK-{weight}.ttc").is_file() for weight in WEIGHTS):
        print(f"No NotoSansCJK-*.ttc in {source}: apt-get install fonts-noto-cjk", file=sys.stderr)
        return 2
    for weight in WEIGHTS:
        target = FONTS / f"NotoSansTC-{weight}.otf"
        font = cut(source / f"NotoSansCJK-{weight}.ttc", characters())
        font.save(target)
        print(f"{target.relative_to(ROOT)}: {len(font.getBestCmap())} characters, {target.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
