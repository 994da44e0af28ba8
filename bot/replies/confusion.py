"""What a confusion matrix says: which classes are taken for which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_SHOWN: Final = 6
"""So many pairs are told and have a button each."""


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """How often one class was taken for another."""

    actual: int
    predicted: int
    count: int


def confused_pairs(confusion: Sequence[Sequence[int]], limit: int = MOST_SHOWN) -> tuple[ConfusedPair, ...]:
    """Return the most frequent mistakes, most frequent first.

    Args:
        confusion: counts; rows are actual, columns predicted classes.
        limit: how many at most.
    """
    mistakes = [
        ConfusedPair(actual, predicted, int(number))
        for actual, row in enumerate(confusion)
        for predicted, number in enumerate(row)
        if actual != predicted and number
    ]
    return tuple(sorted(mistakes, key=lambda pair: -pair.count)[:limit])
