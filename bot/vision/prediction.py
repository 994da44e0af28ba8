"""What the model said about one garment, and how far to trust it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.vision.labels import CLASS_COUNT


class Verdict(StrEnum):
    """How an answer is given to a person."""

    SURE = "sure"
    UNSURE = "unsure"
    NO_GARMENT = "no_garment"


@dataclass(frozen=True, slots=True)
class Prediction:
    """Ten calibrated probabilities and the verdict on them.

    Attributes:
        probabilities: ten floats in class order that sum to 1.
        verdict: sure, unsure (name the two candidates) or no_garment (show no winner).
        other_clothing: with ``NO_GARMENT`` only: it looks like clothing outside the ten classes
            (shorts, a hat, a skirt).
    """

    probabilities: tuple[float, ...]
    verdict: Verdict
    other_clothing: bool = False

    def __post_init__(self) -> None:
        if len(self.probabilities) != CLASS_COUNT:
            raise ValueError(f"expected {CLASS_COUNT} probabilities, got {len(self.probabilities)}")

    @property
    def label(self) -> int:
        """The most probable class, 0-9."""
        return max(range(CLASS_COUNT), key=self.probabilities.__getitem__)

    @property
    def confidence(self) -> float:
        """The probability of :attr:`label`, 0..1."""
        return self.probabilities[self.label]

    @property
    def ranking(self) -> tuple[int, ...]:
        """The ten classes, most probable first; equals keep class order."""
        return tuple(sorted(range(CLASS_COUNT), key=lambda label: -self.probabilities[label]))
