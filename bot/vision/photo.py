"""A decoded photo, and why a file gives none.

How a file is read is :mod:`bot.vision.decoding`: the bot does that in processes of their own, so that no decoder is
imported here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MAX_BYTES: Final = 20 * 1024 * 1024
"""Telegram lets a bot download files of up to 20 MB; ``predict`` reads no more of a file either."""

MAX_SIDE: Final = 640
"""Longest side of a decoded photo: sharp enough to show in a chat, small enough to search in milliseconds."""


class PhotoProblem(StrEnum):
    """Why a file gives no photo."""

    NOT_AN_IMAGE = "not_an_image"
    DAMAGED = "damaged"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"


_MESSAGES: Final[dict[PhotoProblem, str]] = {
    PhotoProblem.NOT_AN_IMAGE: "This file is not a picture in a format that I can read.",
    PhotoProblem.DAMAGED: "This picture is damaged or incomplete.",
    PhotoProblem.TOO_MANY_BYTES: f"This file is larger than {MAX_BYTES // 1024**2} MB.",
    PhotoProblem.TOO_MANY_PIXELS: "This picture has too many pixels.",
    PhotoProblem.TOO_SLOW: "This picture takes too long to read.",
    PhotoProblem.TOO_MUCH_MEMORY: "This picture needs too much memory to read.",
}


class PhotoError(Exception):
    """A file that gives no photo.

    Attributes:
        problem: what is wrong with it, for texts in other languages. ``str()`` is one English line without paths
            or data.
    """

    def __init__(self, problem: PhotoProblem) -> None:
        super().__init__(_MESSAGES[problem])
        self.problem = problem

    def __reduce__(self) -> tuple[type[PhotoError], tuple[PhotoProblem]]:
        """Pickle by the problem, as the constructor takes it."""
        return type(self), (self.problem,)


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A decoded photo.

    Attributes:
        pixels: uint8 [height, width, 3], RGB 0..255, upright, transparent parts white, longest side at most
            :data:`MAX_SIDE`, at least 1x1.
    """

    pixels: npt.NDArray[np.uint8]

    def __post_init__(self) -> None:
        shape = self.pixels.shape
        if self.pixels.dtype != "uint8" or len(shape) != 3 or shape[2] != 3:
            raise ValueError(f"expected uint8 [height, width, 3], got {self.pixels.dtype} {list(shape)}")
        if not (0 < shape[0] <= MAX_SIDE and 0 < shape[1] <= MAX_SIDE):
            raise ValueError(f"expected sides of 1 to {MAX_SIDE}, got {shape[1]}x{shape[0]}")

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])
