"""Draws the test images that come with the bot: ``python -m training.cli.draw_test_images``.

30 a class, so that /sample, /gallery and /learn work where nothing can be fetched. Two are not left to chance, because
the course is about them: its first test image, and the sandal with a high heel.
"""

from __future__ import annotations

import io
import sys
from typing import Final

import numpy as np

from bot.datasets import Split, load_test
from bot.datasets.fashion_mnist import CLASSES
from bot.datasets.test_images import SHIPPED
from bot.registry.files import replace_durably
from bot.settings import settings_or_exit

SEED: Final = 20261129
A_CLASS: Final = 30
ALWAYS: Final = (0, 384)
"""Test images that /learn speaks of."""


def drawn(test: Split) -> bytes:
    """The file: ``numbers`` uint16 [n], ascending, ``images`` uint8 [n, 28, 28] and ``labels`` uint8 [n].

    Args:
        test: all test images.
    """
    chance = np.random.default_rng(SEED)
    numbers: list[int] = []
    for label in range(CLASSES):
        of_class = np.flatnonzero(test.labels == label)
        kept = [number for number in ALWAYS if test.labels[number] == label]
        others = np.setdiff1d(of_class, kept)
        numbers += kept + chance.choice(others, A_CLASS - len(kept), replace=False).tolist()
    chosen = np.sort(np.array(numbers, np.uint16))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, numbers=chosen, images=test.images[chosen], labels=test.labels[chosen])
    return buffer.getvalue()


def main() -> int:
    """Draws them from the data folder and puts them in place."""
    replace_durably(SHIPPED, drawn(load_test(settings_or_exit("draw_test_images").data_dir)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
