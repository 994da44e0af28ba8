"""How numbers are written: percentages that add up, counts, durations, dates."""

from collections.abc import Sequence

FIGURE_SPACE = "\u2007"
"""As wide as a digit, so that percentages line up without a table."""


def permille(probabilities: Sequence[float]) -> tuple[int, ...]:
    """Round probabilities to tenths of a percent so that they sum to 1000 exactly.

    Largest remainder method: everyone gets the floor, the rest goes to the largest remainders. A more probable class
    never shows a smaller figure than a less probable one.

    Args:
        probabilities: non-negative numbers; they are scaled to sum to 1 first.

    Raises:
        ValueError: a number is negative or not finite, or all are zero.
    """
    total = sum(probabilities)
    if not 0 < total < float("inf") or min(probabilities) < 0:
        raise ValueError("expected probabilities")
    exact = [1000 * value / total for value in probabilities]
    floors = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: (floors[index] - exact[index], -exact[index]))
    for index in by_remainder[: 1000 - sum(floors)]:
        floors[index] += 1
    return tuple(floors)


def percent_of_permille(value: int) -> str:
    """Write tenths of a percent: 873 is ``87.3%``."""
    return f"{value // 10}.{value % 10}%"


def percent(fraction: float, digits: int = 1) -> str:
    """Write a fraction as a percentage: 0.873 is ``87.3%``."""
    return f"{100 * fraction:.{digits}f}%"


def points_between(one: float, other: float) -> str:
    """The difference of two fractions in percentage points, as their rounded percentages show it."""
    return f"{abs(round(100 * one, 1) - round(100 * other, 1)):.1f}"


def aligned(value: int) -> str:
    """Write tenths of a percent padded to the width of ``100.0%``."""
    return percent_of_permille(value).rjust(6, FIGURE_SPACE)


def decimal(value: float, digits: int = 1) -> str:
    """Write a number with so many decimals and, where it is negative, a real minus sign."""
    return f"{value:.{digits}f}".replace("-", "−")


def count(number: int) -> str:
    """Write a whole number with thousands separators, as both languages do."""
    return f"{number:,}"
