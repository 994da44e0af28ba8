"""What the networks make of photo files, kept so that any number of models and weights can be asked about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bot.vision.color_classifier import view_of
from bot.vision.fusion import Distribution, Weights, fuse_all
from bot.vision.garment import find, whole_photo
from bot.vision.halves import answered, halves, whole
from bot.vision.labels import BAG
from bot.vision.pixels import to_pixels
from bot.vision.plain_ground import standing_out
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


def _no_rows() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What is asked about some photos, photo by photo.

    First come its garments, the most prominent first, then what two of them may be together, then what stands out from
    plain ground, then the whole photo.

    Attributes:
        pixels: float32 [m, 28, 28], 0..1, what the model sees of each garment.
        colors: float32 [m, 12], what the network in colour says of each.
        areas: float [m], share of its photo that each covers.
        salience: float [m], how much its photo is about each.
        photo: int [m], which photo each is in.
        found: bool [n], whether a photo has any.
        pairs: int [p, 3]: a photo, and the places of two of its garments that may be halves of one
            (:mod:`bot.vision.halves`); what they are together are the rows after its garments.
        alone: int [a], the rows that may be a bag where all else is refused: what stands out, and the whole photo.
    """

    pixels: NDArray[np.float32]
    colors: NDArray[np.float32]
    areas: NDArray[np.float64]
    salience: NDArray[np.float64]
    photo: NDArray[np.int64]
    found: NDArray[np.bool_]
    pairs: NDArray[np.int64] = field(default_factory=_no_pairs)
    alone: NDArray[np.int64] = field(default_factory=_no_rows)

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
        return [self._answer(photo, told, Thresholds.from_card(card)) for photo in range(len(self.found))]

    def _answer(self, photo: int, told: NDArray[np.floating], thresholds: Thresholds) -> Prediction:
        """What is told first of one photo, as :func:`bot.vision.recognizer.name_garments` finds it."""
        rows = np.flatnonzero(self.photo == photo)
        garments, alone = np.setdiff1d(rows, self.alone), np.intersect1d(rows, self.alone)
        named = [judge(Distribution.of(told[row]), thresholds) for row in garments]
        kept = answered(named, [(upper, lower) for at, upper, lower in self.pairs.tolist() if at == photo])
        predictions = [named[place] for place in kept]
        if all(each.is_refused for each in predictions):
            looked_at_alone = (judge(Distribution.of(told[row]), thresholds) for row in alone)
            if bag := next((each for each in looked_at_alone if each.said == BAG), None):
                return bag
        order = ranked(predictions, self.areas[garments[kept]].tolist(), self.salience[garments[kept]].tolist())
        return predictions[order[0]] if order else judge_nothing(Distribution.of(told[rows[-1]]))


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
    alone: list[int] = []
    for number, path in enumerate(paths):
        photo = read_photo(path)
        garments = find(photo, networks)
        found.append(bool(garments))
        of_one_cloth = halves(photo, garments)
        pairs += [(number, *pair) for pair in of_one_cloth]
        wholes = [whole(garments[upper], garments[lower]) for upper, lower in of_one_cloth]
        last = (*standing_out(photo), whole_photo(photo))
        for garment in (*garments, *wholes, *last):
            pixels.append(to_pixels(photo, garment))
            colors.append(networks.classify(view_of(photo, garment)))
            areas.append(garment.area)
            salience.append(garment.salience)
            photos.append(number)
        alone += range(len(photos) - len(last), len(photos))
        progress(number + 1, len(paths))
    return Looks(
        pixels=np.stack(pixels),
        colors=np.stack(colors),
        areas=np.array(areas),
        salience=np.array(salience),
        photo=np.array(photos),
        found=np.array(found, bool),
        pairs=np.array(pairs, np.int64).reshape(-1, 3),
        alone=np.array(alone, np.int64),
    )
