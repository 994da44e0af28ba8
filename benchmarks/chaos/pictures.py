"""Photos that carry a number, and the numbers that a picture of the bot shows.

A photo is a square of black and white blocks, a code drawn by lot from its number, in a magenta frame. The bot may
scale it, fade what is no garment, draw outlines on it and put it beside others into one picture: the frame is found
by its colour wherever it lies, and the middle of a block tells black from white.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

BLOCKS: Final = 8
"""In a row and in a column."""

_SIDE: Final = 640
_FRAME: Final = 40
_MAGENTA: Final = (224, 0, 224)

_MAGENTA_MORE: Final = 70
"""So much red and blue, at least, is in the frame's colour beyond its green, faded or not (0..255)."""

_DIVIDE: Final = 168
"""Between a black block that has been faded (94) and a white one (242 and more)."""

_OUTLINE: Final = 9
"""Pixels of an outline across the frame, which must not part it."""

_SMALLEST: Final = 120
"""Side in pixels below which nothing can be a photo: an album of ten shows them larger."""

_HIDDEN: Final = 2
"""Blocks in the upper left corner, by rows and columns, which the number in an album covers."""

MOST_WRONG: Final = 6
"""Blocks that may be misread; two codes differ in about 30 of the 60."""

Code = NDArray[np.bool_]
Pixels = NDArray[np.uint8]


class Codes:
    """The codes of one run.

    Args:
        seed: of the lot.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn: list[Code] = []

    def draw(self) -> tuple[int, Pixels]:
        """The next photo: its number, and uint8 [640, 640, 3]."""
        number = len(self._drawn)
        code = np.random.default_rng((self._seed, number)).random((BLOCKS, BLOCKS)) < 0.5
        self._drawn.append(code)
        pixels = np.empty((_SIDE, _SIDE, 3), np.uint8)
        pixels[:] = _MAGENTA
        block = (_SIDE - 2 * _FRAME) // BLOCKS
        inside = np.kron(code, np.ones((block, block), np.uint8)) * np.uint8(255)
        pixels[_FRAME:-_FRAME, _FRAME:-_FRAME] = inside[..., None]
        return number, pixels

    def shown_in(self, picture: bytes) -> tuple[int | None, ...]:
        """The numbers of the photos in a picture, as one reads: by rows, and from the left.

        None stands for a photo that is none of this run's, or that cannot be told.
        """
        pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
        return tuple(self._number_of(_read(part)) for part in _photos_in(pixels))

    def _number_of(self, read: Code) -> int | None:
        if not self._drawn:
            return None
        seen = np.ones((BLOCKS, BLOCKS), bool)
        seen[:_HIDDEN, :_HIDDEN] = False
        wrong = np.count_nonzero((np.stack(self._drawn) != read) & seen, axis=(1, 2))
        nearest = int(wrong.argmin())
        return nearest if wrong[nearest] <= MOST_WRONG else None


def encoded(pixels: Pixels, kind: str) -> bytes:
    """A picture as a file of this kind: ``JPEG`` or ``PNG``."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, quality=90)
    return file.getvalue()


def _photos_in(picture: Pixels) -> Iterator[Pixels]:
    """The photos in a picture, by their frames."""
    red, green, blue = cv2.split(picture)
    _, frames = cv2.threshold(cv2.subtract(cv2.min(red, blue), green), _MAGENTA_MORE, 1, cv2.THRESH_BINARY)
    frames = cv2.morphologyEx(frames, cv2.MORPH_CLOSE, np.ones((_OUTLINE, _OUTLINE), np.uint8))
    contours, _ = cv2.findContours(frames, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [box for box in map(cv2.boundingRect, contours) if min(box[2:]) >= _SMALLEST]
    for left, top, width, height in _in_reading_order(boxes):
        yield picture[top : top + height, left : left + width]


def _in_reading_order(boxes: Sequence[Sequence[int]]) -> list[Sequence[int]]:
    return sorted(boxes, key=lambda box: (round(box[1] / _SMALLEST), box[0]))


def _read(photo: Pixels) -> Code:
    """The blocks of a photo that was cut out along its frame."""
    gray = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
    frame = _FRAME / _SIDE
    edges = [np.linspace(frame * side, (1 - frame) * side, BLOCKS + 1) for side in gray.shape]
    code = np.zeros((BLOCKS, BLOCKS), bool)
    for row, column in np.ndindex(code.shape):
        down, across = (
            slice(*(round(edge[at] + part * (edge[at + 1] - edge[at])) for part in (0.25, 0.75)))
            for edge, at in zip(edges, (row, column), strict=True)
        )
        code[row, column] = np.median(gray[down, across]) > _DIVIDE
    return code
