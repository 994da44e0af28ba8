"""The photos that are kept for calibration, as a place to choose by: the validation photos are for the gate alone.

Sets that differ in the network in colour alone are calibrated on them and measured on them. Both is done on the same
photos, so figures flatter all of these sets alike: they are to be compared with one another and with nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from bot.vision.labels import BAG, CLASS_COUNT, NO_CLOTHING, SHOES
from training.data.found import Found
from training.evaluation.calibrate import fit, sharpened, thresholds_of
from training.evaluation.measure import Figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import keras
    from numpy.typing import NDArray

    from bot.vision.color_classifier import ColorClassifier
    from bot.vision.garment import Segmenter
    from bot.vision.prediction import Prediction
    from training.data.gather import CalibrationPhotos
    from training.networks.sharpening import Sharpening

_ANY_SHOE: Final = frozenset(SHOES)
_BAG: Final = frozenset({BAG})


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A set as it would serve.

    Attributes:
        thresholds: its card's.
        figures: those of the gate's that these photos can tell.
    """

    thresholds: Mapping[str, float]
    figures: Figures


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationFold:
    """The photos with what is found in them.

    Attributes:
        photos: that no network learns from.
        found: their garments.
        model: [m, 10], what the 28x28 model says of ``found.looks.pixels``.
    """

    photos: CalibrationPhotos
    found: Found
    model: NDArray[np.floating]

    @classmethod
    def of(cls, network: keras.Model, sharpening: Sharpening, photos: CalibrationPhotos, segmenter: Segmenter) -> Self:
        """Find the garments and ask the 28x28 model, pixels to logits, about them.

        Raises:
            TrainingError: a photo is damaged.
        """
        found = Found.of(photos.paths, segmenter)
        return cls(photos, found, sharpened(network, sharpening, found.looks.pixels))

    def calibrated(self, color: ColorClassifier) -> Calibrated:
        """Calibrate and measure a set by its network in colour."""
        seen = self.found.seen_by(color)
        thresholds = thresholds_of(self.model, seen, self.photos.outcomes, fit(self.model, seen, self.photos))
        return Calibrated(thresholds, figures_on(self.photos, seen.answers(self.model, thresholds)))


def figures_on(photos: CalibrationPhotos, answers: Sequence[Prediction]) -> Figures:
    """What the gate's figures are like on these photos; None where there are no such photos.

    Args:
        photos: what each may be, and whether it shows one thing.
        answers: what is told of each first.
    """
    told = list(zip(answers, photos.outcomes, photos.alone, strict=True))
    alone = [(answer, outcomes) for answer, outcomes, one_thing in told if one_thing]
    kinds: dict[frozenset[int], list[bool]] = {}
    for answer, outcomes in alone:
        if max(outcomes) < CLASS_COUNT and outcomes != _BAG:
            kind = _ANY_SHOE if outcomes <= _ANY_SHOE else outcomes
            kinds.setdefault(kind, []).append(answer.label in kind)
    return Figures(
        balanced_accuracy=_mean(sum(right) / len(right) for right in kinds.values()),
        street_top=_mean(
            answer.label in outcomes and not answer.is_refused for answer, outcomes, one_thing in told if not one_thing
        ),
        bags_named=_mean(answer.said == BAG for answer, outcomes in alone if outcomes == _BAG),
        no_clothing_refused=_mean(answer.is_refused for answer, outcomes in alone if outcomes == {NO_CLOTHING}),
    )


def _mean(values: Iterable[float]) -> float | None:
    given = list(values)
    return float(np.mean(given)) if given else None
