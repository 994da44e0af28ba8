"""How a distribution becomes an answer: sure, likely, not sure, or none of the ten.

Words follow from the shares that people see: where "none of the ten" has the largest share, that is the answer. The
thresholds are chosen by ``python -m training`` and stand in the models' card.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.vision.fusion import CardNumbers
from bot.vision.prediction import Prediction, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bot.vision.fusion import Distribution


RIVAL_SHARE: Final = 0.25
"""A garment of the ten with at least this share of the largest garment's area is judged before one that is none."""


@dataclass(frozen=True, slots=True)
class Thresholds(CardNumbers):
    """Where one verdict ends and the next begins; the defaults serve models whose card has none.

    Attributes:
        sure: least confidence of a sure answer.
        likely: least confidence of an unsure answer that names one class; below it two are named.
    """

    sure: float = 0.8
    likely: float = 0.5


def judge(distribution: Distribution, thresholds: Thresholds) -> Prediction:
    """Answer for a garment.

    Args:
        distribution: what it may be.
        thresholds: of the models' card.
    """
    confidence = max(distribution.classes)
    if distribution.outside >= confidence:
        other = distribution.other_clothing >= distribution.nothing
        return Prediction(distribution.classes, Verdict.NO_GARMENT, outside=distribution.outside, other_clothing=other)
    verdict = Verdict.SURE if confidence >= thresholds.sure else Verdict.UNSURE
    likely = verdict is Verdict.UNSURE and confidence >= thresholds.likely
    return Prediction(distribution.classes, verdict, outside=distribution.outside, likely=likely)


def ranked(predictions: Sequence[Prediction], areas: Sequence[float], salience: Sequence[float]) -> list[int]:
    """In which order the garments of a photo are answered.

    Args:
        predictions: of each, the most prominent garment first.
        areas: share of the photo that each covers.
        salience: how much the photo is about each.

    Returns:
        Their places: large garments of the ten, then the others, each the more salient and surer one first; what is
        more likely no clothing is left out.
    """
    places = [
        place for place, each in enumerate(predictions) if each.verdict is not Verdict.NO_GARMENT or each.other_clothing
    ]
    largest = max((areas[place] for place in places), default=0.0)

    def order(place: int) -> tuple[bool, float]:
        answer = predictions[place]
        refused = answer.verdict is Verdict.NO_GARMENT
        is_late = refused or areas[place] < RIVAL_SHARE * largest
        return is_late, -salience[place] * (answer.outside if refused else answer.confidence)

    return sorted(places, key=order)


def judge_nothing(distribution: Distribution) -> Prediction:
    """Answer for a photo in which there is no garment: never a winner, and no other clothing."""
    return Prediction(distribution.classes, Verdict.NO_GARMENT, outside=distribution.outside)


def judge_picture(probabilities: NDArray[np.floating], thresholds: Thresholds) -> Prediction:
    """Answer for a picture of the data set, which always shows one of the ten.

    Args:
        probabilities: [10], the model's.
        thresholds: of the models' card.
    """
    values = tuple(float(value) for value in probabilities)
    confidence = max(values)
    verdict = Verdict.SURE if confidence >= thresholds.sure else Verdict.UNSURE
    likely = verdict is Verdict.UNSURE and confidence >= thresholds.likely
    return Prediction(values, verdict, likely=likely)
