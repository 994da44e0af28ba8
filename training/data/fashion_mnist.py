"""Fashion-MNIST as training parts it: what recipes learn from, what publishing decides on, what is only recorded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.datasets import DataError, Progress, Split, load_test, load_train
from bot.datasets.fashion_mnist import SOURCES

HELD_OUT: Final = "held_out.json"
"""Positions in the training set of 5,000 pictures, 500 of each class, drawn once: the same for every seed."""


@dataclass(frozen=True, slots=True, eq=False)
class FashionMnist:
    """The data set.

    Attributes:
        train: the training set; the course's program learns from all of it.
        test: recorded for what is published, never decided on.
        held_out: positions in ``train`` that published recipes do not learn from.
    """

    train: Split
    test: Split
    held_out: NDArray[np.intp]

    def rest(self) -> Split:
        """The training set without the held-out pictures."""
        kept = np.ones(len(self.train), dtype=bool)
        kept[self.held_out] = False
        return Split(self.train.images[kept], self.train.labels[kept])

    def held_out_split(self) -> Split:
        """The held-out pictures."""
        return Split(self.train.images[self.held_out], self.train.labels[self.held_out])


def load_fashion_mnist(
    data_dir: Path, progress: Progress | None = None, *, sources: Sequence[str] = SOURCES
) -> FashionMnist:
    """Reads the data set, fetched first where it is missing.

    Args:
        data_dir: the data folder.
        progress: told how far a download is.
        sources: base addresses.

    Raises:
        DataError: it is missing or damaged, and cannot be had.
    """
    train = load_train(data_dir, progress=progress, sources=sources)
    test = load_test(data_dir, progress=progress, sources=sources)
    held_out = held_out_positions()
    if len(train) <= held_out.max():
        raise DataError(f"{data_dir} holds {len(train)} training images, expected 60000")
    return FashionMnist(train, test, held_out)


def held_out_positions() -> NDArray[np.intp]:
    """The committed list: int [5000], sorted."""
    return np.array(
        json.loads((resources.files("training.data") / HELD_OUT).read_text(encoding="utf-8")), dtype=np.intp
    )
