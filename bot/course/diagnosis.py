"""What a training shows: over- or underfitting, by its own figures."""

from enum import StrEnum
from typing import Final

from bot.course.recorded_runs import RecordedRun

LEARNT_NOTHING: Final = 0.5
"""Below this accuracy on the training images (guessing gives a tenth) hardly anything was learnt."""

TOO_LITTLE: Final = 0.87
"""Below this accuracy on the images that were learnt from, more could have been learnt: the course's five epochs give
.89, its network in the long run .96."""

CLEAR_GAP: Final = 0.04
"""So much better on images that were learnt from than on others is learning by heart."""

CLEAR_RISE: Final = 1.1
"""A loss on the test images so many times its lowest has turned."""


class Finding(StrEnum):
    """What is to be seen; the value is the name of the text that says it."""

    NOTHING = "learnt_nothing"
    UNDERFITTING = "underfitting"
    OVERFITTING = "overfitting"
    GOOD = "good"
    GOOD_ON_BOTH = "good_on_both"


def finding(run: RecordedRun) -> Finding:
    """Judge a training by its last epoch and the course of its loss on the test images."""
    last = run.last
    if last.accuracy < LEARNT_NOTHING:
        return Finding.NOTHING
    turned = last.test_loss > CLEAR_RISE * run.turning_point.test_loss
    if last.accuracy - last.test_accuracy > CLEAR_GAP or (turned and last.accuracy > TOO_LITTLE):
        return Finding.OVERFITTING
    if last.accuracy < TOO_LITTLE:
        return Finding.UNDERFITTING
    return Finding.GOOD if round(last.accuracy, 3) > round(last.test_accuracy, 3) else Finding.GOOD_ON_BOTH
