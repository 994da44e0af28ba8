"""Make confidence mean what it says, on training photos of people whom the network has not seen.

One temperature is fitted and folded into the file. The thresholds between sure, unsure and no garment are then read
off the same photos, with margins, so that they hold for strangers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bot.vision.garment import GarmentFinder
from bot.vision.pixels import to_pixels
from bot.vision.segmenter import TfliteSegmenter
from bot.vision.verdicts import Thresholds, soften
from training.photos import read_photo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import keras
    from numpy.typing import NDArray

    from training.world import CalibrationPhotos

TEMPERATURES: Final = np.exp(np.linspace(np.log(0.3), np.log(3), 93))
QUALITY_POWERS: Final = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0)

SURE_PRECISION: Final = 0.93
"""Share of sure answers that agree with the training labels. What is wanted is .95 right ones; the labels themselves
are wrong on about 3 % of the photos (a second look disagreed on 15 of 544), and an answer is not wrong for that."""

LEAST_SURE: Final = 0.5
"""No answer that is likelier wrong than right is called sure."""

CLOTHING_QUALITY: Final = 0.25
"""Three garments in four are found at least as well as this quantile, and hardly anything that is no clothing."""

WITHHELD: Final = 0.015
"""Share of garments that each of quality, confidence and other clothing may turn into no garment; .05 in all."""


def calibrate(network: keras.Model, photos: CalibrationPhotos, segmenter: Path) -> tuple[float, Thresholds]:
    """Fit temperature and thresholds.

    Args:
        network: pixels to logits.
        photos: of people whom the network has not seen.
        segmenter: the front end's network.

    Returns:
        The temperature, and the thresholds for probabilities at that temperature.

    Raises:
        TrainingError: a photo is damaged.
    """
    finder = GarmentFinder(TfliteSegmenter(segmenter.read_bytes(), interpreters=1))
    pixels, quality, other = [], [], []
    for path in photos.paths:
        photo = read_photo(path)
        garment = finder.find(photo)[0]
        pixels.append(to_pixels(photo, garment))
        quality.append(garment.quality)
        other.append(garment.other_clothing)
    seen = np.stack(pixels)
    logits = (np.asarray(network(seen, training=False)) + np.asarray(network(seen[:, :, ::-1], training=False))) / 2
    ten = np.array([bool(each) for each in photos.classes])
    classes = [each for each in photos.classes if each]
    temperature, power = fit_temperature(logits[ten], np.array(quality)[ten], classes)
    thresholds = choose_thresholds(
        probabilities(logits / temperature), np.array(quality), np.array(other), photos.classes, power
    )
    return temperature, thresholds


def fit_temperature(
    logits: NDArray[np.floating], quality: NDArray[np.floating], classes: Sequence[frozenset[int]]
) -> tuple[float, float]:
    """Choose temperature and quality power by the likelihood of the right classes.

    Args:
        logits: [n, 10].
        quality: [n], 0..1.
        classes: what each photo may be.

    Returns:
        The temperature and :attr:`Thresholds.quality_power`.
    """
    allowed = np.zeros(logits.shape, bool)
    for row, each in zip(allowed, classes, strict=True):
        row[list(each)] = True
    best = (np.inf, 1.0, 0.0)
    for power in QUALITY_POWERS:
        scaled = logits * (np.maximum(quality, 0.05) ** power)[:, None]
        for temperature in TEMPERATURES:
            right = (probabilities(scaled / temperature) * allowed).sum(1)
            best = min(best, (float(-np.log(np.maximum(right, 1e-9)).mean()), float(temperature), power))
    return best[1], best[2]


def choose_thresholds(
    given: NDArray[np.floating], quality: NDArray[np.floating], other: NDArray[np.floating],
    classes: Sequence[frozenset[int]], power: float,
) -> Thresholds:  # fmt: skip
    """Read the thresholds off calibrated answers.

    Args:
        given: probabilities [n, 10] before softening.
        quality: [n], 0..1.
        other: [n], probability of clothing outside the ten.
        classes: what each photo may be; empty for clothing outside the ten.
        power: of the quality.
    """
    ten = np.array([bool(each) for each in classes])
    softened = np.array([soften(row, q, power) for row, q in zip(given, quality, strict=True)])
    confidence = softened.max(1)
    right = np.array([answer in each for answer, each in zip(softened.argmax(1), classes, strict=True)])
    return Thresholds(
        sure=_least_sure(confidence[ten], right[ten]),
        no_garment=float(np.quantile(confidence[ten], WITHHELD / 3)),
        quality=float(np.quantile(quality[ten], WITHHELD)),
        other_clothing=float(np.quantile(other[ten], 1 - WITHHELD)),
        clothing_quality=float(np.quantile(quality[ten], CLOTHING_QUALITY)),
        quality_power=power,
    )


def probabilities(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    """Softmax over the last axis."""
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(-1, keepdims=True))


def _least_sure(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """The lowest threshold above which the share of right answers never falls below :data:`SURE_PRECISION`."""
    order = np.argsort(-confidence)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= SURE_PRECISION)
    lowest = float(confidence[order[enough[-1]]]) if len(enough) else 1.0
    return max(lowest, LEAST_SURE)
