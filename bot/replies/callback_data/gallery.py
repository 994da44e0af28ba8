"""A sheet of test images as one combinatorial number.

A set of 25 out of 10,000 has 248 bits, 42 characters. No seed is needed, and the sheet stays the same when the model
behind "only wrong ones" changes.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

from bot.replies.callback_data.answer import TAG_LENGTH, read_tag
from bot.replies.callback_data.codecs import ALPHABET, DIGITS, Codec, read_number, write_number

GALLERY_SIZE: Final = 25
TEST_IMAGES: Final = 10_000

_RANK_LENGTH: Final = 42
_CHOICE: Final = re.compile(r"[aw]|[cx][0-9]|p[0-9]{2}")


@dataclass(frozen=True, slots=True)
class GalleryChoice:
    """Which test images a sheet is chosen from.

    Attributes:
        only_wrong: those that the live model gets wrong.
        actual: of this class, 0-9; None for all ten.
        predicted: of the wrong ones, those that the model takes for this class; None for all. Goes with ``actual``.
    """

    only_wrong: bool = False
    actual: int | None = None
    predicted: int | None = None

    def __post_init__(self) -> None:
        if self.predicted is not None and (not self.only_wrong or self.actual in (None, self.predicted)):
            raise ValueError("not a pair of classes")


EVERY_IMAGE: Final = GalleryChoice()


def _write_choice(choice: GalleryChoice) -> str:
    """Write a letter, and the classes behind it."""
    if choice.predicted is not None:
        return f"p{choice.actual}{choice.predicted}"
    if choice.actual is not None:
        return f"{'x' if choice.only_wrong else 'c'}{choice.actual}"
    return "w" if choice.only_wrong else "a"


def _read_choice(text: str) -> GalleryChoice:
    if not _CHOICE.fullmatch(text):
        raise ValueError("not a choice")
    classes = [int(digit) for digit in text[1:]]
    return GalleryChoice(text[0] in "wxp", *classes)


CHOICE: Final = Codec(_write_choice, _read_choice)
"""1-3 characters."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """A sheet of test images.

    Attributes:
        images: 1-25 different indices into the test images, ascending; the sheet shows them in this order.
        version_tag: :func:`~bot.replies.callback_data.answer.version_tag` of the model that was live when the sheet was
            made.
        choice: which test images it was chosen from; what is wrong, this model said.
    """

    images: tuple[int, ...]
    version_tag: str
    choice: GalleryChoice = EVERY_IMAGE


def _write(gallery: Gallery) -> str:
    """Write choice, count, version tag and the set's rank among all sets of its size."""
    images = gallery.images
    if not 1 <= len(images) <= GALLERY_SIZE or images[-1] >= TEST_IMAGES:
        raise ValueError("not a gallery")
    rank = sum(math.comb(image, place) for place, image in enumerate(images, start=1))
    head = _write_choice(gallery.choice) + ALPHABET[len(images)] + gallery.version_tag
    return head + write_number(rank, _RANK_LENGTH)


def _read(text: str) -> Gallery:
    behind = len(text) - (1 + TAG_LENGTH + _RANK_LENGTH)
    if behind < 1:
        raise ValueError("wrong length")
    choice, text = _read_choice(text[:behind]), text[behind:]
    count, rank = DIGITS[text[0]], read_number(text[1 + TAG_LENGTH :])
    if not 1 <= count <= GALLERY_SIZE or rank >= math.comb(TEST_IMAGES, count):
        raise ValueError("not a gallery")
    images = []
    for place in range(count, 0, -1):
        image = _largest_with_combinations_up_to(rank, place)
        rank -= math.comb(image, place)
        images.append(image)
    return Gallery(tuple(reversed(images)), read_tag(text[1 : 1 + TAG_LENGTH]), choice)


def _largest_with_combinations_up_to(rank: int, place: int) -> int:
    low, high = place - 1, TEST_IMAGES
    while high - low > 1:
        middle = (low + high) // 2
        if math.comb(middle, place) <= rank:
            low = middle
        else:
            high = middle
    return low


GALLERY: Final = Codec(_write, _read)
"""50-52 characters."""
