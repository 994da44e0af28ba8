"""One answer from two networks: how what each says of a garment becomes a single distribution.

The model says which of the ten classes the 28x28 pixels are; the network in colour says which of the ten the view is,
or none of them. Both opinions on the ten are pooled; the share of "none of the ten" is the colour network's, which
alone has seen such things. The weights are chosen by ``python -m training`` and stand in the models' card.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from bot.vision.labels import CLASS_COUNT, NO_CLOTHING, OTHER_CLOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LEAST_PROBABILITY: Final = 1e-6
"""What a lower probability counts as: its logarithm stays finite, and one network alone excludes no class."""


@dataclass(frozen=True, slots=True)
class CardNumbers:
    """Numbers that stand among a card's ``thresholds``."""

    @classmethod
    def from_card(cls, values: Mapping[str, float]) -> Self:
        """Read them; what the card lacks keeps its default, what we do not know is left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


@dataclass(frozen=True, slots=True)
class Weights(CardNumbers):
    """How two networks are heard together; without a network in colour the model is heard alone.

    Attributes:
        model_weight: how much the model counts.
        color_weight: how much the network in colour counts.
        outside_bias: added to the log-odds of "none of the ten", 0 to take the network's word for it.
    """

    model_weight: float = 0.5
    color_weight: float = 1.0
    outside_bias: float = 0.0


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a garment may be: everything adds up to 1.

    Attributes:
        classes: ten floats in class order.
        other_clothing: share of clothing outside the ten.
        nothing: share of no clothing.
    """

    classes: tuple[float, ...]
    other_clothing: float = 0.0
    nothing: float = 0.0

    @classmethod
    def of(cls, shares: NDArray[np.floating]) -> Distribution:
        """One row of :func:`fuse_all`, [12]."""
        values = shares.tolist()
        return cls(tuple(values[:CLASS_COUNT]), values[OTHER_CLOTHING], values[NO_CLOTHING])

    @property
    def outside(self) -> float:
        """Share of none of the ten."""
        return self.other_clothing + self.nothing


def fuse(model: NDArray[np.floating], color: NDArray[np.floating] | None, weights: Weights) -> Distribution:
    """Join what both networks say of one garment: a logarithmic pool (Genest and Zidek 1986).

    Args:
        model: [10], probabilities by the 28x28 pixels.
        color: [12], probabilities by the view in colour; None where nobody looked at one.
        weights: how much each counts.
    """
    return Distribution.of(fuse_all(model[None], None if color is None else color[None], weights)[0])


def fuse_all(model: NDArray[np.floating], color: NDArray[np.floating] | None, weights: Weights) -> NDArray[np.float64]:
    """As :func:`fuse`, for many garments.

    Args:
        model: [n, 10].
        color: [n, 12], or None.
        weights: how much each counts.

    Returns:
        float64 [n, 12], each row sums to 1.
    """
    by_model = np.log(np.maximum(np.asarray(model, np.float64), LEAST_PROBABILITY))
    if color is None:
        return np.hstack([_softmax(by_model), np.zeros((len(by_model), 2))])
    classes, none_of_them = np.split(np.asarray(color, np.float64), [CLASS_COUNT], axis=1)
    by_color = np.log(np.maximum(classes, LEAST_PROBABILITY))
    # The ten of the network in colour need not be brought to a sum of 1: a factor common to them cancels in the pool.
    ten = _softmax(weights.model_weight * by_model + weights.color_weight * by_color)
    outside = np.clip(none_of_them.sum(1, keepdims=True), LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    kinds = none_of_them + LEAST_PROBABILITY
    kinds /= kinds.sum(1, keepdims=True)
    share = 1 / (1 + (1 - outside) / outside * np.exp(-weights.outside_bias))
    return np.hstack([ten * (1 - share), kinds * share])


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(shifted / shifted.sum(1, keepdims=True))
