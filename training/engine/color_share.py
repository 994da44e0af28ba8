"""How much of what the network in colour has learnt from corrections is served.

The mean of two networks' weights, one of which went on from the other, keeps much of what either knows (Wortsman et al.
2022). So where all of the new weights forget too much, a part of them is taken. How large a part is chosen on photos
kept for calibration; the gate, which judges by validation photos, is asked once, about what was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from training.engine.weight_mean import keep
from training.evaluation.gate import losses
from training.evaluation.network_set import served_color
from training.networks.color_classifier import from_tflite, to_tflite

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.vision.color_classifier import ColorClassifier
    from training.evaluation.calibration_fold import Calibrated

SHARES: Final = (1.0, 0.5, 0.25)
"""Of the new weights, the largest first; few, since each that is looked at is one more chance to be lucky."""

_NONE: Final = "with none of them"


@dataclass(frozen=True, slots=True, eq=False)
class ChosenColor:
    """The network in colour that a refresh would publish.

    Attributes:
        file: the ``.tflite`` file.
        share: of the new weights in it, 0..1.
        thresholds: calibrated with it.
        lost: by each share that was tried, what it loses on the photos kept for calibration; empty where nothing.
    """

    file: bytes
    share: float
    thresholds: Mapping[str, float]
    lost: Mapping[float, tuple[str, ...]]

    @property
    def note(self) -> str:
        """For the report: how much is new, and why not more."""
        told = f"Network in colour: {self.share:.0%} of the new weights, chosen on photos kept for calibration."
        return " ".join(
            [told, *(f"With {share:.0%} there: {'; '.join(lost)}." for share, lost in self.lost.items() if lost)]
        )


def choose_share(published: bytes, taught: bytes, calibrated: Callable[[ColorClassifier], Calibrated]) -> ChosenColor:
    """Take the largest of :data:`SHARES` that loses nothing beyond the gate's allowances; the least where all do.

    Args:
        published: the network in colour that serves, a ``.tflite`` file.
        taught: the one that went on from it.
        calibrated: calibrates and measures a set by its network in colour, on photos that the gate does not judge by.

    Raises:
        TrainingError: one of the files is of another network.
        UnfitModelError: the bot would refuse one, or a mean cannot be converted.
    """
    before = calibrated(served_color(published)).figures
    lost: dict[float, tuple[str, ...]] = {}
    for share in SHARES:
        file = taught if share == 1 else mean_of(published, taught, share)
        now = calibrated(served_color(file))
        lost[share] = losses(now.figures, before, _NONE)
        if not lost[share]:
            break
    return ChosenColor(file, share, now.thresholds, lost)


def mean_of(published: bytes, taught: bytes, share: float) -> bytes:
    """The file whose weights are the mean of two, ``share`` of them the taught one's."""
    network = from_tflite(taught)
    keep(network, from_tflite(published).get_weights(), 1 - share)
    return to_tflite(network)
