"""What the networks make of photo files, kept so that any number of models and weights can be asked about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bot.vision.color_classifier import view_of
from bot.vision.fusion import Distribution, Weights, fuse_all
from bot.vision.garment import find, whole_photo
from bot.vision.halves import answered, halves, whole
from bot.vision.pixels import to_pixels
from bot.vision.verdicts import Thresholds, judge, judge_nothing, ranked
from training.data.photos import read_photo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.vision.prediction import Prediction
    from bot.vision.recognizer import VisionNetworks


def _no_pairs() -> NDArray[np.int64]:
    return np.zeros((0, 3), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """All garments of some photos, photo by photo, the most prominent first, then what two of them may be together.

    Attributes:
        pixels: float32 [m, 28, 28], 0..1, what the model sees of each garment.
        colors: float32 [m, 12], what the network in colour says of each.
        areas: float [m], share of its photo that each covers.
        salience: float [m], how much its photo is about each.
        photo: int [m], which photo each is in; of one without garments there is one row for the whole of it.
        found: bool [n], whether a photo has any.
        pairs: int [p, 3]: a photo, and the places of two of its garments that may be halves of one
            (:mod:`bot.vision.halves`); the last rows of the photo are what they are together.
    """

    pixels: NDArray[np.float32]
    colors: NDArray[np.float32]
    areas: NDArray[np.float64]
    salience: NDArray[np.float64]
    photo: NDArray[np.int64]
    found: NDArray[np.bool_]
    pairs: NDArray[np.int64] = field(default_factory=_no_pairs)

    @property
    def first(self) -> NDArray[np.int64]:
        """The row of each photo's most prominent garment, int [n]."""
        return np.searchsorted(self.photo, np.arange(len(self.found)))

    def answers(self, model: NDArray[np.floating], card: Mapping[str, float]) -> list[Prediction]:
        """What people are told first of each photo.

        Args:
            model: [m, 10], the model's probabilities for :attr:`pixels`.
            card: its card's ``thresholds``.
        """
        told = fuse_all(model, self.colors, Weights.from_card(card))
        thresholds = Thresholds.from_card(card)
        answers = []
        for photo, found in enumerate(self.found):
            rows = np.flatnonzero(self.photo == photo)
            distributions = [Distribution.of(told[row]) for row in rows]
            predictions = [judge(each, thresholds) for each in distributions]
            kept = answered(predictions, [(upper, lower) for at, upper, lower in self.pairs.tolist() if at == photo])
            told_of, kept_rows = [predictions[place] for place in kept], rows[kept]
            order = ranked(told_of, self.areas[kept_rows].tolist(), self.salience[kept_rows].tolist()) if found else []
            answers.append(told_of[order[0]] if order else judge_nothing(distributions[0]))
        return answers


def look_at(
    paths: Sequence[Path], networks: VisionNetworks, progress: Callable[[int, int], None] = lambda done, total: None
) -> Looks:
    """Find and look at the garments of photo files, at least one.

    Args:
        paths: image files.
        networks: look at photos.
        progress: told how many of how many are done.

    Raises:
        TrainingError: a photo is damaged.
    """
    pixels, colors, areas, salience, photos, found, pairs = [], [], [], [], [], [], []
    for number, path in enumerate(paths):
        photo = read_photo(path)
        garments = find(photo, networks)
        found.append(bool(garments))
        of_one_cloth = halves(photo, garments)
        pairs += [(number, *pair) for pair in of_one_cloth]
        wholes = [whole(garments[upper], garments[lower]) for upper, lower in of_one_cloth]
        for garment in (*garments, *wholes) or (whole_photo(photo),):
            pixels.append(to_pixels(photo, garment))
            colors.append(networks.classify(view_of(photo, garment)))
            areas.append(garment.area)
            salience.append(garment.salience)
            photos.append(number)
        progress(number + 1, len(paths))
    return Looks(
        pixels=np.stack(pixels),
        colors=np.stack(colors),
        areas=np.array(areas),
        salience=np.array(salience),
        photo=np.array(photos),
        found=np.array(found, bool),
        pairs=np.array(pairs, np.int64).reshape(-1, 3),
    )
