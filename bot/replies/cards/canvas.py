"""Paper, ink and shapes that all pictures share: one calm style, readable at a third of its size on a phone."""

from functools import cache, lru_cache
from io import BytesIO
from math import ceil, floor
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Pixels = NDArray[np.uint8]

WIDTH: Final = 1080
MARGIN: Final = 36

PAPER: Final[Colour] = (251, 251, 249)
PANEL: Final[Colour] = (236, 239, 240)
LINE: Final[Colour] = (214, 220, 223)
INK: Final[Colour] = (27, 36, 44)
MUTED: Final[Colour] = (84, 96, 106)
QUIET_BAR: Final[Colour] = (160, 171, 179)
TEAL: Final[Colour] = (13, 110, 103)
AMBER: Final[Colour] = (166, 76, 8)
SLATE: Final[Colour] = (76, 88, 99)
GREEN: Final[Colour] = (20, 116, 58)
RED: Final[Colour] = (176, 28, 28)
WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)

GARMENTS: Final[tuple[Colour, ...]] = (
    (230, 159, 0), (0, 114, 178), (0, 158, 115), (204, 121, 167), (240, 228, 66), (86, 180, 233),
)  # fmt: skip
"""One for each garment of a photo, told apart by the colour-blind as well (Okabe and Ito 2008, "Color Universal
Design"); a number always says the same."""

_FONTS: Final = Path(__file__).parents[1] / "fonts"

_TICK: Final = ((0.12, 0.55), (0.4, 0.82), (0.9, 0.2))
_CROSS: Final = (((0.18, 0.18), (0.82, 0.82)), ((0.82, 0.18), (0.18, 0.82)))

_SMALLEST: Final = 20
_OVERSAMPLING: Final = 4


@lru_cache(maxsize=64)
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the shipped font in a size in pixels; opened by its path, all sizes share the file's pages."""
    path = _FONTS / f"NotoSansTC-{'Bold' if bold else 'Regular'}.otf"
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


class Canvas:
    """A sheet of paper to draw on.

    Args:
        height: in pixels.
        width: in pixels.
    """

    def __init__(self, height: int, width: int = WIDTH) -> None:
        self.image = Image.new("RGB", (width, height), PAPER)
        self._draw = ImageDraw.Draw(self.image)

    @property
    def width(self) -> int:
        """In pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """In pixels."""
        return self.image.height

    def text(
        self,
        place: tuple[float, float],
        words: str,
        size: int,
        colour: Colour = INK,
        *,
        bold: bool = False,
        anchor: str = "lm",
        within: float | None = None,
    ) -> float:
        """Draw one line of text.

        Args:
            place: where the anchor goes.
            words: the text.
            size: of the font, in pixels.
            colour: of the text.
            bold: whether it is bold.
            anchor: as Pillow names it: ``lm`` left middle, ``mm``, ``rm``, ``la`` left top ...
            within: the widest it may be; larger texts are made smaller.

        Returns:
            Its width.
        """
        chosen = fitted(words, size, bold, within) if within is not None else size
        mask, left, top = _drawn(words, chosen, bold, anchor)
        self.image.paste(colour, (round(place[0] + left), round(place[1] + top)), mask)
        return text_width(words, chosen, bold)

    def box(self, edges: tuple[float, float, float, float], colour: Colour, radius: int = 0) -> None:
        """Fill a rectangle (left, top, right, bottom; right and bottom exclusive), with smooth round corners."""
        left, top, right, bottom = (round(edge) for edge in edges)
        radius = min(radius, (right - left) // 2, (bottom - top) // 2)
        if right <= left or bottom <= top:
            return
        if radius <= 0:
            self._fill(left, top, right, bottom, colour)
            return
        self._fill(left + radius, top, right - radius, bottom, colour)
        self._fill(left, top + radius, right, bottom - radius, colour)
        places = ((left, top), (right - radius, top), (left, bottom - radius), (right - radius, bottom - radius))
        for place, corner in zip(places, _corners(radius), strict=True):
            self.image.paste(colour, place, corner)

    def _fill(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        if right > left and bottom > top:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def frame(self, edges: tuple[float, float, float, float], colour: Colour = LINE, width: int = 2) -> None:
        """Draw the outline of a rectangle, inside its edges."""
        left, top, right, bottom = (round(edge) for edge in edges)
        self._draw.rectangle((left, top, right - 1, bottom - 1), outline=colour, width=width)

    def paste(self, pixels: Pixels, place: tuple[float, float]) -> None:
        """Put a picture, uint8 [h, w, 3] or [h, w], with its left top corner at a place."""
        self.image.paste(Image.fromarray(pixels), (round(place[0]), round(place[1])))

    def pill(
        self, place: tuple[float, float], words: str, size: int, colour: Colour, *, within: float | None = None
    ) -> float:
        """Draw white words on a round patch of colour; ``place`` is its left top corner. Returns its width."""
        chosen = fitted(words, size, True, None if within is None else within - size)
        width = text_width(words, chosen, True) + chosen
        height = pill_height(size)
        left, top = place
        self.box((left, top, left + width, top + height), colour, radius=round(height / 2))
        self.text((left + width / 2, top + height / 2), words, chosen, WHITE, bold=True, anchor="mm")
        return width

    def mark(self, middle: tuple[float, float], side: int, colour: Colour, *, right: bool) -> None:
        """Draw a check mark where something is right and a cross where it is wrong: shapes that need no colour."""
        large = Image.new("L", (side * _OVERSAMPLING, side * _OVERSAMPLING))
        draw = ImageDraw.Draw(large)
        for stroke in (_TICK,) if right else _CROSS:
            points = [(x * large.width, y * large.height) for x, y in stroke]
            draw.line(points, fill=255, width=large.width // 6, joint="curve")
        mask = large.resize((side, side), Image.Resampling.BOX)
        self.image.paste(colour, (round(middle[0] - side / 2), round(middle[1] - side / 2)), mask)

    def badge(self, middle: tuple[float, float], number: int, colour: Colour, side: int = 44) -> None:
        """Draw a number on a disc of colour with a dark rim, which shows on any ground."""
        x, y = middle
        for grown, fill in ((side + 6, INK), (side, colour)):
            edges = (x - grown / 2, y - grown / 2, x + grown / 2, y + grown / 2)
            self.box(edges, fill, radius=round(grown / 2))
        self.text(middle, str(number), round(0.68 * side), readable_on(colour), bold=True, anchor="mm")

    def jpeg(self, quality: int = 88) -> bytes:
        """Return the picture as JPEG."""
        return as_jpeg(self.image, quality)


def contrast(first: Colour, second: Colour) -> float:
    """Return the contrast ratio of two colours, 1..21 (WCAG 2.2, "contrast ratio"); text needs 4.5."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(ground: Colour) -> Colour:
    """Return what is easy to read on a ground: the usual ink, else black or white."""
    return INK if contrast(INK, ground) >= 4.5 else max((BLACK, WHITE), key=lambda ink: contrast(ink, ground))


def _luminance(colour: Colour) -> float:
    levels = [channel / 255 for channel in colour]
    linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def as_jpeg(image: Image.Image, quality: int = 88) -> bytes:
    """Write a picture as JPEG without metadata."""
    data = BytesIO()
    image.save(data, "JPEG", quality=quality, subsampling="4:2:0")
    return data.getvalue()


def pill_height(size: int) -> int:
    """Return the height of a pill with text of a size."""
    return round(1.6 * size)


@lru_cache(maxsize=512)
def text_width(words: str, size: int, bold: bool = False) -> float:
    """Return the width of one line of text in pixels."""
    return font(size, bold).getlength(words)


def fitted(words: str, size: int, bold: bool, within: float | None) -> int:
    """Return the largest size up to ``size`` at which the text is not wider than ``within``, at least 20."""
    while within is not None and size > _SMALLEST and text_width(words, size, bold) > within:
        size -= 1
    return size


@lru_cache(maxsize=512)
def _drawn(words: str, size: int, bold: bool, anchor: str) -> tuple[Image.Image, int, int]:
    """One line of text as a mask, and where its left top corner is, seen from the anchor.

    The same few names and shares stand on every card, and rendering them takes longer than all the rest of it.
    """
    chosen = font(size, bold)
    left, top, right, bottom = chosen.getbbox(words, anchor=anchor)
    left, top = floor(left), floor(top)
    mask = Image.new("L", (max(1, ceil(right) - left), max(1, ceil(bottom) - top)))
    ImageDraw.Draw(mask).text((-left, -top), words, fill=255, font=chosen, anchor=anchor)
    return mask, left, top


@cache
def _corners(radius: int) -> tuple[Image.Image, ...]:
    """The quarters of a smooth disc as masks: left top, right top, left bottom, right bottom."""
    side = 2 * radius * _OVERSAMPLING
    large = Image.new("L", (side, side))
    ImageDraw.Draw(large).ellipse((0, 0, side - 1, side - 1), fill=255)
    disc = large.resize((2 * radius, 2 * radius), Image.Resampling.BOX)
    return tuple(disc.crop((x, y, x + radius, y + radius)) for y in (0, radius) for x in (0, radius))


def enlarged(image: NDArray[np.generic], scale: int) -> Pixels:
    """Enlarge a small gray picture so that its pixels stay squares.

    Args:
        image: [28, 28]: uint8, or float 0..1.
        scale: how many pixels a pixel becomes.

    Returns:
        uint8 [28 * scale, 28 * scale].
    """
    gray = image if image.dtype == np.uint8 else np.rint(np.clip(image.astype(np.float32), 0, 1) * 255)
    return np.asarray(gray, dtype=np.uint8).repeat(scale, axis=0).repeat(scale, axis=1)


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Scale a picture, uint8 [h, w, 3], smoothly up or down."""
    shrinks = width * height < pixels.shape[0] * pixels.shape[1]
    scaled = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return np.asarray(scaled, dtype=np.uint8)


def fit_inside(width: int, height: int, most_wide: int, most_high: int) -> tuple[int, int]:
    """Return the largest size with the same proportions inside a frame, at least 1x1."""
    scale = min(most_wide / width, most_high / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
