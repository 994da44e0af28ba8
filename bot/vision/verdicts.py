"""How ten probabilities, a second opinion and a garment's quality become an answer: sure, one of two, or no garment.

The thresholds are chosen on training photos of people whom that model had not seen, by ``python -m training``, and
stand in the model's card.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.vision.labels import BAG, CLASS_COUNT
from bot.vision.prediction import Prediction, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bot.vision.garment import Garment


LEAST: Final = 1e-6
"""No class is excluded by one opinion alone."""


WELL_BELOW: Final = 0.5
"""Clothing has less than this share of the threshold of no clothing: of the garments that calibrate 95 of 100 have less
than a twentieth of it, and crops of pictures without clothing never less than all of it."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where one verdict ends and the next begins; the defaults serve models whose card has none.

    Attributes:
        sure: least confidence of a sure answer.
        no_garment: an answer with less confidence than this is none.
        quality: a garment found with less quality than this is none.
        nothing: from this probability on, the photo shows no clothing.
        other_clothing: from this probability on, the photo shows clothing outside the ten classes.
        clothing_quality: what is found with at least this quality is clothing, even when it is none of the ten; only
            where there is no second opinion.
        quality_power: how strongly poor quality flattens the probabilities; 0 leaves them as they are.
        model_weight: how much the model counts beside a second opinion.
        opinion_weight: how much the second opinion counts; 0 leaves it out.
    """

    sure: float = 0.7
    no_garment: float = 0.2
    quality: float = 0.4
    nothing: float = 0.9
    other_clothing: float = 0.9
    clothing_quality: float = 0.9
    quality_power: float = 1.0
    model_weight: float = 1.0
    opinion_weight: float = 0.0

    @classmethod
    def from_card(cls, values: Mapping[str, float]) -> Thresholds:
        """Read a card's ``thresholds``; what it lacks keeps its default, what we do not know is left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def judge(probabilities: NDArray[np.floating], garment: Garment, thresholds: Thresholds) -> Prediction:
    """Answer for a garment in a photo.

    Args:
        probabilities: [10], the model's.
        garment: what was found.
        thresholds: of the model's card.
    """
    softened = considered(probabilities, garment, thresholds)
    confidence = max(softened)
    if garment.quality < thresholds.quality or garment.nothing >= thresholds.nothing:
        return Prediction(softened, Verdict.NO_GARMENT)
    if garment.other_clothing >= thresholds.other_clothing:
        return Prediction(softened, Verdict.NO_GARMENT, other_clothing=True)
    if confidence < thresholds.no_garment:
        # The model was taught to know none of the ten in shorts, hats and skirts as well as in a coffee cup.
        return Prediction(softened, Verdict.NO_GARMENT, other_clothing=_is_clothing(garment, thresholds))
    return Prediction(softened, Verdict.SURE if confidence >= thresholds.sure else Verdict.UNSURE)


def _is_clothing(garment: Garment, thresholds: Thresholds) -> bool:
    """Whether something that none of the ten classes fits is clothing all the same."""
    if garment.opinion is None:
        return garment.quality >= thresholds.clothing_quality
    return garment.nothing < thresholds.nothing * WELL_BELOW


def judge_picture(probabilities: NDArray[np.floating], thresholds: Thresholds) -> Prediction:
    """Answer for a picture of the data set, which always shows a garment."""
    values = tuple(float(value) for value in probabilities)
    return Prediction(values, Verdict.SURE if max(values) >= thresholds.sure else Verdict.UNSURE)


def considered(probabilities: NDArray[np.floating], garment: Garment, thresholds: Thresholds) -> tuple[float, ...]:
    """What is said of a garment: the model's probabilities, weighed with the second opinion, flattened by quality."""
    if garment.opinion is not None and thresholds.opinion_weight:
        bag = agreed(garment.bag, float(probabilities[BAG]))
        weighed = weigh(probabilities, garment.opinion, thresholds.model_weight, thresholds.opinion_weight)
        probabilities = with_bag(weighed, bag)
    return soften(probabilities, garment.quality, thresholds.quality_power)


def weigh(
    probabilities: NDArray[np.floating], opinion: NDArray[np.floating], own: float, second: float
) -> NDArray[np.float64]:
    """Join two opinions on the same garment: a logarithmic pool (Genest and Zidek 1986).

    Args:
        probabilities: [10], the model's.
        opinion: [10], the second opinion's.
        own: weight of the model.
        second: weight of the second opinion; 0 leaves it out.

    Returns:
        float64 [10], sums to 1.
    """
    model = np.maximum(np.asarray(probabilities, np.float64), LEAST)
    joined = model**own * np.maximum(np.asarray(opinion, np.float64), LEAST) ** second
    return np.asarray(joined / joined.sum())


def agreed(seen: float, of_the_model: float) -> float:
    """How likely it is a bag, by two networks that have learnt it from different pictures: Bayes' rule.

    Args:
        seen: 0..1, what the network says that knows photos of bags.
        of_the_model: 0..1, what the model says of the 28x28 pixels; it was taught as many bags as of every other class.
    """
    other, own = (min(max(value, LEAST), 1 - LEAST) for value in (seen, of_the_model))
    odds = other / (1 - other) * own / (1 - own) * (CLASS_COUNT - 1)
    return odds / (1 + odds)


def with_bag(probabilities: NDArray[np.floating], bag: float | NDArray[np.floating]) -> NDArray[np.float64]:
    """What it is when ``bag``, 0..1, is the probability of a bag, and ``probabilities`` are those otherwise.

    Args:
        probabilities: [..., 10].
        bag: [...].
    """
    joined = (1 - np.asarray(bag)[..., None]) * np.asarray(probabilities, np.float64)
    joined[..., BAG] += bag
    return np.asarray(joined)


def soften(probabilities: NDArray[np.floating], quality: float, power: float) -> tuple[float, ...]:
    """Flatten probabilities where the garment was found badly; their order stays.

    Args:
        probabilities: [10].
        quality: 0..1, the garment's.
        power: the exponent is ``quality ** power``.

    Returns:
        Ten floats that sum to 1.
    """
    exponent = max(quality, 0.05) ** power
    flattened = np.power(np.maximum(np.asarray(probabilities, np.float64), LEAST), exponent)
    values: Sequence[float] = (flattened / flattened.sum()).tolist()
    return tuple(values)
