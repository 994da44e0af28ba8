"""The sheet that every step of /learn is drawn on, and the shapes that cards elsewhere do not need."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.course.steps.lesson import Lesson
from bot.replies.cards.canvas import (
    BLACK,
    INK,
    LINE,
    MARGIN,
    MUTED,
    PANEL,
    TEAL,
    WIDTH,
    Canvas,
    Colour,
    Pixels,
    enlarged,
    text_width,
)

TOP: Final = 138
"""Where the content of a page begins."""

INNER: Final = WIDTH - 2 * MARGIN
TEXT: Final = 30
SMALL: Final = 26

_TITLE: Final = 46
_PROGRESS: Final = 10
_SUBPIXELS: Final = 4
_DASH: Final = 18
_NAME_HIGH: Final = 84

Point = tuple[float, float]


class Sheet(Canvas):
    """A canvas with the shapes that charts are made of."""

    def stroke(self, points: Sequence[Point], colour: Colour, width: int = 4, *, dashed: bool = False) -> None:
        """Draw a smooth line through points."""
        if dashed:
            for part in _dashes(points):
                self.stroke(part, colour, width)
            return
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top = max(0, math.floor(min(xs)) - width - 2), max(0, math.floor(min(ys)) - width - 2)
        right, bottom = math.ceil(max(xs)) + width + 2, math.ceil(max(ys)) + width + 2
        patch = np.array(self.image.crop((left, top, min(right, self.width), min(bottom, self.height))))
        scaled = (np.array(points) - (left, top)) * 2**_SUBPIXELS
        cv2.polylines(patch, [np.rint(scaled).astype(np.int32)], False, colour, width, cv2.LINE_AA, shift=_SUBPIXELS)
        self.paste(patch, (left, top))

    def arrow(self, start: Point, end: Point, colour: Colour = MUTED, width: int = 5) -> None:
        """Draw an arrow."""
        angle = math.atan2(end[1] - start[1], end[0] - start[0])
        head = 4.0 * width
        sides = [
            (end[0] - head * math.cos(angle + turn), end[1] - head * math.sin(angle + turn)) for turn in (0.5, -0.5)
        ]
        self.stroke([start, end], colour, width)
        self.stroke([sides[0], end, sides[1]], colour, width)

    def dot(self, place: Point, colour: Colour, radius: int = 9) -> None:
        """Draw a disc."""
        x, y = place
        self.box((x - radius, y - radius, x + radius, y + radius), colour, radius=radius)

    def pixels(self, image: NDArray[np.generic], place: Point, scale: int) -> int:
        """Put a 28x28 picture on a black ground, enlarged; returns its side."""
        shown = enlarged(image, scale)
        self.box((place[0], place[1], place[0] + shown.shape[1], place[1] + shown.shape[0]), BLACK)
        self.paste(shown, place)
        return len(shown)

    def paragraph(
        self, place: Point, words: str, size: int, within: float, colour: Colour = INK, *, bold: bool = False
    ) -> float:
        """Write several lines from a left top corner down; returns where the next line would begin."""
        left, top = place
        for line in wrapped(words, size, within, bold=bold):
            self.text((left, top + 0.7 * size), line, size, colour, bold=bold)
            top += round(1.42 * size)
        return top

    def bar(
        self, edges: tuple[float, float, float, float], share: float, colour: Colour, ground: Colour = PANEL
    ) -> None:
        """Fill a share (0..1) of a horizontal bar."""
        left, top, right, bottom = edges
        self.box(edges, ground, radius=6)
        if share > 0:
            self.box((left, top, left + max(4.0, (right - left) * min(share, 1.0)), bottom), colour, radius=6)


class Page(Sheet):
    """A sheet with the step's title and how far along the course it is.

    Args:
        lesson: the step.
        height: of the content below :data:`TOP`, in pixels; a margin follows.
    """

    def __init__(self, lesson: Lesson, height: int) -> None:
        super().__init__(TOP + height + MARGIN)
        gap = 6
        width = (INNER - gap * (lesson.total - 1)) / lesson.total
        for step in range(lesson.total):
            left = MARGIN + step * (width + gap)
            colour = TEAL if step < lesson.number else LINE
            self.box((left, 24, left + width, 24 + _PROGRESS), colour, radius=_PROGRESS // 2)
        self.text((MARGIN, 84), lesson.title, _TITLE, bold=True, within=INNER)


class Chart:
    """A plot of y against x on a page.

    Args:
        page: to draw on.
        edges: left, top, right, bottom of the plotted field.
        xs: lowest and highest x.
        ys: lowest and highest y.
    """

    def __init__(
        self, page: Sheet, edges: tuple[float, float, float, float], xs: tuple[float, float], ys: tuple[float, float]
    ) -> None:
        self._page = page
        self._edges = edges
        self._xs = xs
        self._ys = ys

    def at(self, x: float, y: float) -> Point:
        """Where a value lies on the page; outside of the field it is put on its edge."""
        left, top, right, bottom = self._edges
        across = (x - self._xs[0]) / (self._xs[1] - self._xs[0])
        up = (y - self._ys[0]) / (self._ys[1] - self._ys[0])
        return left + min(max(across, 0), 1) * (right - left), bottom - min(max(up, 0), 1) * (bottom - top)

    def grid(self, across: Mapping[float, str], up: Mapping[float, str], *, x_name: str = "", y_name: str = "") -> None:
        """Draw lines and numbers; the names stand below the right end and above the left one."""
        left, top, right, bottom = self._edges
        for y, words in up.items():
            height = self.at(self._xs[0], y)[1]
            self._page.box((left, height - 1, right, height + 1), LINE)
            self._page.text((left - 12, height), words, SMALL, MUTED, anchor="rm")
        for x, words in across.items():
            place = self.at(x, self._ys[0])[0]
            self._page.box((place - 1, bottom, place + 1, bottom + 8), MUTED)
            self._page.text((place, bottom + 26), words, SMALL, MUTED, anchor="mm")
        self._page.box((left, bottom - 1, right, bottom + 1), MUTED)
        if x_name:
            self._page.text((right, bottom + 62), x_name, SMALL, MUTED, anchor="rm")
        if y_name:
            self._page.text((left, top - 30), y_name, SMALL, MUTED)

    def line(self, points: Iterable[Point], colour: Colour, width: int = 5, *, dashed: bool = False) -> None:
        """Draw a curve through (x, y) values."""
        self._page.stroke([self.at(*point) for point in points], colour, width, dashed=dashed)

    def dots(self, points: Iterable[Point], colour: Colour, radius: int = 9) -> None:
        """Mark (x, y) values."""
        for point in points:
            self._page.dot(self.at(*point), colour, radius)

    def straight(self, slope: float, start: float, colour: Colour, width: int = 5) -> None:
        """Draw y = slope * x + start, as far as it runs inside of the field."""
        ends = _inside(slope, start, self._xs, self._ys)
        if ends is not None:
            self.line(ends, colour, width)

    def name_ends(self, ends: Sequence[tuple[float, Colour, str, str]]) -> None:
        """Write names and figures right of where curves end.

        Args:
            ends: y, colour, name and figure of each curve.
        """
        left = self._edges[2] + 22
        within = self._page.width - left - 12
        least = self._edges[1] + _NAME_HIGH / 2
        for y, colour, name, figure in sorted(ends, key=lambda end: -end[0]):
            middle = max(self.at(self._xs[1], y)[1], least)
            self._page.text((left, middle - 19), name, 28, colour, bold=True, within=within)
            self._page.text((left, middle + 19), figure, 32, colour, bold=True, within=within)
            least = middle + _NAME_HIGH


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from ``low`` to ``high``, at most about ``most`` of them."""
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def wrapped(words: str, size: int, within: float, *, bold: bool = False) -> list[str]:
    """Cut a text into lines: between words, and in Chinese between any two characters but before punctuation."""
    lines, line = [], ""
    for piece in _pieces(words):
        if line and text_width(line + piece.rstrip(), size, bold) > within:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def blended(colour: Colour, share: float, ground: Colour) -> Colour:
    """A colour mixed into a ground; share 0..1."""
    red, green, blue = (round(g + (c - g) * share) for c, g in zip(colour, ground, strict=True))
    return red, green, blue


def signed_map(values: NDArray[np.floating], positive: Colour, negative: Colour, ground: Colour) -> Pixels:
    """Colour numbers by sign and size: uint8 [h, w, 3] for float [h, w]; the largest gets the full colour."""
    largest = max(float(np.abs(values).max()), 1e-9)
    share = (np.abs(values) / largest)[..., None] ** 0.7
    colours = np.where((values > 0)[..., None], np.array(positive), np.array(negative))
    return np.asarray(np.rint(np.array(ground) + (colours - np.array(ground)) * share), np.uint8)


def _pieces(words: str) -> list[str]:
    pieces: list[str] = []
    for character in words:
        sticks = pieces and (
            character in "，。：；？！、」』）)%…,.;:!?" or (not _is_wide(character) and not _ends_piece(pieces[-1]))
        )
        if sticks or (pieces and pieces[-1][-1] in "「『（("):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_wide(character: str) -> bool:
    return ord(character) >= 0x2E80


def _ends_piece(piece: str) -> bool:
    return piece[-1] == " " or _is_wide(piece[-1])


def _dashes(points: Sequence[Point]) -> list[list[Point]]:
    parts = []
    for start, end in pairwise(points):
        length = math.dist(start, end)
        count = max(1, round(length / (2 * _DASH)))
        for number in range(count):
            near, far = number / count, (number + 0.5) / count
            parts.append([_between(start, end, near), _between(start, end, far)])
    return parts


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _inside(slope: float, start: float, xs: tuple[float, float], ys: tuple[float, float]) -> list[Point] | None:
    """The two ends of a straight line inside a field; None where it does not cross it."""
    low, high = xs
    if abs(slope) > 1e-9:
        cuts = sorted((y - start) / slope for y in ys)
        low, high = max(low, cuts[0]), min(high, cuts[1])
    elif not ys[0] <= start <= ys[1]:
        return None
    return [(low, slope * low + start), (high, slope * high + start)] if low < high else None
