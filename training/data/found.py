"""Garments that were found in photos, so that any number of networks in colour can be asked about the same views."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from bot.vision.color_classifier import OUTPUTS
from training.data.looks import look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.vision.color_classifier import ColorClassifier
    from bot.vision.garment import Segmenter
    from training.data.looks import Looks


class _KeepsViews:
    """Networks of which the one in colour says nothing, and keeps what it is shown."""

    def __init__(self, segmenter: Segmenter) -> None:
        self.views: list[NDArray[np.uint8]] = []
        self.segment = segmenter.segment

    def classify(self, view: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.views.append(view)
        return np.zeros(OUTPUTS, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Photos whose garments are found.

    Attributes:
        looks: all that is known without a network in colour.
        views: what such a network is shown of each garment, uint8 [side, side, 3] RGB.
    """

    looks: Looks
    views: Sequence[NDArray[np.uint8]]

    @classmethod
    def of(
        cls,
        paths: Sequence[Path],
        segmenter: Segmenter,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Self:
        """Find them; takes and raises what :func:`training.data.looks.look_at` does."""
        networks = _KeepsViews(segmenter)
        looks = look_at(paths, networks, progress)
        return cls(looks, networks.views)

    def seen_by(self, color: ColorClassifier) -> Looks:
        """What a network in colour makes of them."""
        return replace(self.looks, colors=np.stack([color.classify(view) for view in self.views]))
