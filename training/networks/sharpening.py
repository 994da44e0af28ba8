"""Make the model's confidence in data-set pictures mean something, on the held-out ones.

Label smoothing teaches a network to be 93 % sure of whatever it knows (Müller, Kornblith and Hinton 2019): two thirds
of its answers are then the same to a percent, and all of them too low. How far the first logit leads still tells them
apart, so logits are multiplied by the more, the farther it leads. No answer changes, only its confidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

TEMPERATURES: Final = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.8, 2.2)
STRENGTHS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
POWERS: Final = (8.0, 16.0, 24.0, 30.0, 36.0, 48.0)

FARTHEST: Final = 1.1
"""Leads beyond so many medians count as that one."""

CROWD: Final = 0.02
"""Width of a span of confidences, in which..."""

MOST_IN_A_CROWD: Final = 0.65
"""... no more of the pictures may lie, if it can be helped: percentages that are all the same tell nothing."""


@dataclass(frozen=True, slots=True)
class Sharpening:
    """What is done to logits before softmax; by default nothing.

    Attributes:
        temperature: what they are divided by.
        strength: how much more they are multiplied by at the median lead: 1 + ``strength``.
        power: how steeply that grows with the lead.
        lead: the median of the difference between the first logit and the second.
    """

    temperature: float = 1.0
    strength: float = 0.0
    power: float = 1.0
    lead: float = 1.0

    def factor(self, capped: Any) -> Any:
        """What logits are multiplied by.

        Args:
            capped: how far the first one leads, over the median lead, at most :data:`FARTHEST`; an array or a tensor.
        """
        return (1.0 + self.strength * capped**self.power) / self.temperature

    def of(self, logits: Floats) -> Floats:
        """Sharpen logits, [n, 10]."""
        capped = np.minimum(leads(logits) / self.lead, FARTHEST)
        return np.asarray(logits * self.factor(capped)[:, None])


def fit_sharpening(logits: Floats, labels: NDArray[np.integer]) -> Sharpening:
    """Choose by the likelihood of the labels, among those that do not give most pictures the same confidence.

    Args:
        logits: [n, 10], the model's, for pictures that it has not learnt from.
        labels: [n].
    """
    lead = max(float(np.median(leads(logits))), 1e-6)
    candidates = [Sharpening(*how, lead) for how in product(TEMPERATURES, STRENGTHS, POWERS)]

    def crowded_and_surprised(how: Sharpening) -> tuple[bool, float]:
        shares = softmax(how.of(logits))
        surprise = -np.log(np.maximum(shares[np.arange(len(labels)), labels], 1e-12)).mean()
        return crowd(shares.max(1)) > MOST_IN_A_CROWD, float(surprise)

    return min(candidates, key=crowded_and_surprised)


def crowd(confidence: Floats, width: float = CROWD) -> float:
    """The largest share of answers whose confidences, [n], lie within ``width`` of each other."""
    ordered = np.sort(confidence)
    ends = np.searchsorted(ordered, ordered + width, side="right")
    return float((ends - np.arange(len(ordered))).max() / len(ordered))


def leads(logits: Floats) -> Floats:
    """How far the first logit is before the second: [n]."""
    ordered = np.sort(logits, axis=1)
    return np.asarray(ordered[:, -1] - ordered[:, -2])


def softmax(logits: Floats) -> Floats:
    """Probabilities over the last axis."""
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(-1, keepdims=True))
