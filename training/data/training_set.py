"""What the published model learns from, as arrays: Fashion-MNIST, photos, and pictures of none of the ten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.vision.labels import CLASS_COUNT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

BALANCE: Final = 0.6
"""A photo class of n photos is drawn in proportion to n**(1 - BALANCE): 29 ankle boots must count, but not be learnt by
heart."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """Arrays that stay in memory while a network trains.

    Attributes:
        images: uint8 [n, 28, 28], Fashion-MNIST without the held-out pictures.
        labels: uint8 [n], 0-9.
        photos: uint8 [p, variants, 28, 28], photos through the front end.
        answers: float32 [p, 10], 1 for each class a photo may be: three for ``footwear``.
        draw: float64 [p], how often each photo is drawn; sums to 1.
        outliers: uint8 [o, 28, 28], pictures of none of the ten.
        corrected: so many photos, the last ones, are of people who said what they show.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    photos: NDArray[np.uint8]
    answers: NDArray[np.float32]
    draw: NDArray[np.float64]
    outliers: NDArray[np.uint8]
    corrected: int = 0


def answer_rows(classes: Sequence[Collection[int]]) -> NDArray[np.float32]:
    """Turn sets of classes into rows of 0 and 1: float32 [n, 10]."""
    rows = np.zeros((len(classes), CLASS_COUNT), np.float32)
    for row, labels in zip(rows, classes, strict=True):
        row[list(labels)] = 1
    return rows


def balanced_draw(answers: NDArray[np.float32]) -> NDArray[np.float64]:
    """How often to draw each photo so that rare classes are seen often enough; sums to 1."""
    _, which, counts = np.unique(answers, axis=0, return_inverse=True, return_counts=True)
    weights = counts[which.reshape(-1)].astype(float) ** -BALANCE
    return np.asarray(weights / weights.sum())


def with_corrected(training_set: TrainingSet, photos: NDArray[np.uint8], answers: NDArray[np.float32]) -> TrainingSet:
    """A training set with photos that people corrected, too: uint8 [n, variants, 28, 28] and float32 [n, 10]."""
    answers = np.concatenate([training_set.answers, answers])
    photos = np.concatenate([training_set.photos, photos])
    corrected = training_set.corrected + len(photos) - len(training_set.photos)
    return replace(training_set, photos=photos, answers=answers, draw=balanced_draw(answers), corrected=corrected)
