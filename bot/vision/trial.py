"""Tries a network for photos before it serves: one picture of noise, and whether the answer is probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bot.vision.interpreter import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUM_TOLERANCE: Final = 0.05
"""How far probabilities may be from a sum of 1: half floats and 8-bit weights round."""

_SEED: Final = 28


def trial_picture(side: int) -> NDArray[np.uint8]:
    """Noise, the same every time, uint8 [side, side, 3]: it moves every layer."""
    return np.random.default_rng(_SEED).integers(0, 256, (side, side, 3), np.uint8)


def check_probabilities(answers: NDArray[np.float32]) -> None:
    """Make sure that answers, float32 [..., n], are n probabilities each.

    Raises:
        ModelError: they are not finite, or negative, or do not sum to 1.
    """
    if not np.isfinite(answers).all() or (answers < 0).any():
        raise ModelError("the network's answers are no probabilities")
    if np.abs(answers.sum(axis=-1) - 1).max() > SUM_TOLERANCE:
        raise ModelError("the network's answers do not sum to 1")
