"""Test images with their numbers: all 10,000 where they are at hand, else the few that come with the bot."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from bot.datasets.fashion_mnist import SIDE, Split
from bot.datasets.fetch import DataError

TEST_IMAGES: Final = 10_000
"""How many test images the data set has."""

SHIPPED: Final = Path(__file__).with_name("test_images.npz")
"""30 test images a class (Zalando SE, MIT licence), drawn by :mod:`training.cli.draw_test_images`."""


@dataclass(frozen=True, slots=True, eq=False)
class TestImages(Split):
    """Some or all of the test images.

    Attributes:
        numbers: uint16 [n], ascending: where each stands among the data set's test images, from 0.
    """

    __test__ = False  # not a test, whatever pytest thinks of the name

    numbers: np.ndarray

    @classmethod
    def all_of(cls, split: Split) -> Self:
        """Images of which none is missing."""
        return cls(split.images, split.labels, np.arange(len(split), dtype=np.uint16))

    def has(self, *numbers: int) -> bool:
        """Whether the test images with these numbers are among these."""
        return bool(np.isin(numbers, self.numbers).all())

    def place(self, number: int) -> int:
        """Where the test image with this number stands here.

        Raises:
            DataError: it is not among these.
        """
        place = int(np.searchsorted(self.numbers, number))
        if place == len(self) or self.numbers[place] != number:
            raise DataError(f"test image {number} is not among the {len(self)} at hand")
        return place


def shipped_test_images(path: Path = SHIPPED) -> TestImages:
    """The test images that come with the bot.

    Raises:
        DataError: the file is missing or damaged.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            images, labels, numbers = (file[name] for name in ("images", "labels", "numbers"))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"the test images that come with the bot cannot be read: {path.name}") from error
    if images.shape != (len(labels), SIDE, SIDE) or numbers.shape != labels.shape:
        raise DataError(f"the test images that come with the bot are damaged: {path.name}")
    for array in (images, labels, numbers):
        array.flags.writeable = False
    return TestImages(images, labels, numbers)
