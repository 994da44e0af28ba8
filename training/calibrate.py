"""Make confidence mean what it says, on training photos of people whom the network has not seen.

One temperature is fitted and folded into the file, then the weight of the second opinion. The thresholds between sure,
unsure and no garment are read off the same photos, with margins, so that they hold for strangers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.vision.labels import BAG
from bot.vision.verdicts import LEAST, Thresholds, agreed, considered, with_bag
from training.photos import looked_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras
    from numpy.typing import NDArray

    from bot.vision.garment import Garment
    from training.gather import CalibrationPhotos
    from training.measure import Classifies

TEMPERATURES: Final = tuple(np.exp(np.linspace(np.log(0.3), np.log(3), 93)).tolist())
QUALITY_POWERS: Final = (0.5, 1.0, 2.0, 3.0, 4.0)
"""None is 0: few of the photos that calibrate are found badly, and where one is, people should be told less surely."""
MODEL_WEIGHTS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
OPINION_WEIGHTS: Final = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5)

SURE_PRECISION: Final = 0.95
"""Share of sure answers that agree with the training labels, some of which are wrong themselves."""

LEAST_SURE: Final = 0.5
"""No answer that is likelier wrong than right is called sure."""

CLOTHING_QUALITY: Final = 0.25
"""Three garments in four are found at least as well as this quantile, and hardly anything that is no clothing."""

WITHHELD: Final = 0.005
"""Share of garments that each of quality, confidence and no clothing may turn into no garment."""

LEAST_NOTHING: Final = 0.5
"""An answer is taken away where no clothing is likelier than clothing: no garment of the calibrating people came above
.1, every crop of the library pictures above this, and garments that are worn or strange lie between."""

LENIENCE: Final = 0.5
"""The least quality is this share of what hardly any of these people's garments falls below: so few photos do not show
how badly garments can be found. Whether there is clothing at all, the second opinion tells better."""

OTHER_WITHHELD: Final = 0.015
"""Share of garments that may be taken for other clothing: shorts and skirts lie nearer."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How probabilities are made to mean what they say.

    Attributes:
        temperature: what the model's logits are divided by.
        model_weight: :attr:`Thresholds.model_weight`.
        opinion_weight: :attr:`Thresholds.opinion_weight`.
        quality_power: :attr:`Thresholds.quality_power`.
    """

    temperature: float
    model_weight: float
    opinion_weight: float
    quality_power: float


def calibrate(network: keras.Model, photos: CalibrationPhotos) -> tuple[float, Thresholds]:
    """Fit temperature and thresholds.

    Args:
        network: pixels to logits.
        photos: of people whom the network has not seen.

    Returns:
        The temperature, and the thresholds for probabilities at that temperature.

    Raises:
        TrainingError: a photo is damaged.
    """
    from training.networks import looks

    pixels, garments = looked_at(photos.paths)
    logits = np.mean([np.asarray(network(look, training=False)) for look in looks(pixels)], axis=0)
    fitted = fit(logits, garments, photos.classes)
    return fitted.temperature, choose_thresholds(logits, garments, photos.classes, fitted)


def recalibrate(classifier: Classifies, photos: CalibrationPhotos) -> Thresholds:
    """Choose weights and thresholds for a published model, whose temperature stays.

    Raises:
        TrainingError: a photo is damaged.
    """
    pixels, garments = looked_at(photos.paths)
    logits = np.log(np.maximum(classifier.probabilities(pixels), LEAST))
    fitted = fit(logits, garments, photos.classes, temperatures=(1.0,))
    return choose_thresholds(logits, garments, photos.classes, fitted)


def fit(
    logits: NDArray[np.floating],
    garments: Sequence[Garment],
    classes: Sequence[frozenset[int]],
    temperatures: Sequence[float] = TEMPERATURES,
) -> Confidence:
    """Choose by the likelihood of the right classes: the temperature for the model alone, then the weights.

    Args:
        logits: [n, 10].
        garments: what was found in each photo, all with a second opinion or none.
        classes: what each photo may be; photos of none of the ten have no say.
        temperatures: to choose from.
    """
    ten = [at for at, each in enumerate(classes) if each]
    logits = logits[ten]
    quality = np.array([garments[at].quality for at in ten])
    opinions = _opinions([garments[at] for at in ten])
    allowed = np.zeros(logits.shape, bool)
    for row, at in zip(allowed, ten, strict=True):
        row[list(classes[at])] = True

    def surprise(given: NDArray[np.floating]) -> float:
        return float(-np.log(np.maximum((given * allowed).sum(1), 1e-9)).mean())

    temperature = min(temperatures, key=lambda each: surprise(probabilities(logits / each)))
    alone = np.log(np.maximum(probabilities(logits / temperature), LEAST))
    bags = np.array([agreed(garments[at].bag, float(np.exp(row[BAG]))) for at, row in zip(ten, alone, strict=True)])
    best = (np.inf, Confidence(float(temperature), 1.0, 0.0, 0.0))
    for second in (0.0,) if opinions is None else OPINION_WEIGHTS:
        for own in (1.0,) if opinions is None else MODEL_WEIGHTS:
            joined = own * alone + (0.0 if opinions is None else second * np.log(np.maximum(opinions, LEAST)))
            told = with_bag(probabilities(joined), bags) if second else probabilities(joined)
            joined = np.log(np.maximum(told, LEAST))
            for power in QUALITY_POWERS:
                given = probabilities(joined * (np.maximum(quality, 0.05) ** power)[:, None])
                candidate = Confidence(float(temperature), own, second, power)
                best = min(best, (surprise(given), candidate), key=lambda each: each[0])
    return best[1]


def _opinions(garments: Sequence[Garment]) -> NDArray[np.float32] | None:
    given = [garment.opinion for garment in garments if garment.opinion is not None]
    return np.stack(given) if given else None


def choose_thresholds(
    logits: NDArray[np.floating], garments: Sequence[Garment], classes: Sequence[frozenset[int]], fitted: Confidence
) -> Thresholds:
    """Read the thresholds off the answers as people get them.

    Args:
        logits: [n, 10].
        garments: what was found in each photo.
        classes: what each photo may be; empty for clothing outside the ten.
        fitted: how confidence is made.
    """
    limits = Thresholds(
        model_weight=fitted.model_weight, opinion_weight=fitted.opinion_weight, quality_power=fitted.quality_power
    )
    given = probabilities(logits / fitted.temperature)
    told = np.array([considered(row, garment, limits) for row, garment in zip(given, garments, strict=True)])
    confidence = told.max(1)
    right = np.array([answer in each for answer, each in zip(told.argmax(1), classes, strict=True)])
    ten = np.array([bool(each) for each in classes])
    quality = np.array([garment.quality for garment in garments])
    nothing, other = np.array([[garment.nothing, garment.other_clothing] for garment in garments]).T
    return replace(
        limits,
        sure=_least_sure(confidence[ten], right[ten]),
        no_garment=float(np.quantile(confidence[ten], WITHHELD)),
        quality=float(np.quantile(quality[ten], WITHHELD)) * LENIENCE,
        nothing=max(LEAST_NOTHING, float(np.quantile(nothing[ten], 1 - WITHHELD))),
        other_clothing=float(np.quantile(other[ten], 1 - OTHER_WITHHELD)),
        clothing_quality=float(np.quantile(quality[ten], CLOTHING_QUALITY)),
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
