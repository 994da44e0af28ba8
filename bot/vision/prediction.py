"""What the networks said about one garment, and how far to trust it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.vision.labels import CLASS_COUNT, NO_CLOTHING, OTHER_CLOTHING


class Verdict(StrEnum):
    """How an answer is given to a person."""

    SURE = "sure"
    UNSURE = "unsure"
    NO_GARMENT = "no_garment"


@dataclass(frozen=True, slots=True)
class Prediction:
    """Calibrated shares of the ten classes and of none of them, and the verdict on them.

    Attributes:
        probabilities: ten floats in class order; with ``outside`` they sum to 1.
        verdict: sure, unsure or no_garment (show no winner).
        other_clothing: with ``NO_GARMENT`` only: it looks like clothing outside the ten classes
            (shorts, a hat, a skirt).
        outside: share of none of the ten, 0..1.
        likely: with ``UNSURE`` only: one class is likely enough to be named alone; else name the two candidates.
    """

    probabilities: tuple[float, ...]
    verdict: Verdict
    other_clothing: bool = False
    outside: float = 0.0
    likely: bool = False

    def __post_init__(self) -> None:
        if len(self.probabilities) != CLASS_COUNT:
            raise ValueError(f"expected {CLASS_COUNT} probabilities, got {len(self.probabilities)}")

    @property
    def label(self) -> int:
        """The most probable class, 0-9."""
        return max(range(CLASS_COUNT), key=self.probabilities.__getitem__)

    @property
    def is_refused(self) -> bool:
        """Whether no winner is shown."""
        return self.verdict is Verdict.NO_GARMENT

    @property
    def confidence(self) -> float:
        """The probability of :attr:`label`, 0..1."""
        return self.probabilities[self.label]

    @property
    def ranking(self) -> tuple[int, ...]:
        """The ten classes, most probable first; equals keep class order."""
        return tuple(sorted(range(CLASS_COUNT), key=lambda label: -self.probabilities[label]))

    @property
    def said(self) -> int:
        """What the answer says: a class, 0-9, ``OTHER_CLOTHING`` or ``NO_CLOTHING``."""
        if self.verdict is not Verdict.NO_GARMENT:
            return self.label
        return OTHER_CLOTHING if self.other_clothing else NO_CLOTHING
