"""Asks a set of networks about what people wear and carry, street photos and bags, and about photos of no clothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bot.datasets.no_clothing import no_clothing_list
from bot.datasets.shop_photos import shop_photo_list
from bot.datasets.street_photos import street_names, street_photo_list
from bot.vision.labels import BAG
from bot.vision.recognizer import name_garments
from training.data.masks import overlap
from training.data.photos import read_photo
from training.evaluation.metrics import Interval
from training.evaluation.street import MEETS, RESAMPLES, NamedMask, count, street_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.datasets.no_clothing import NoClothingPhoto
    from bot.datasets.shop_photos import ShopPhoto
    from bot.datasets.street_photos import StreetPhoto
    from bot.vision.recognizer import LiveSet, NamedGarment
    from training.evaluation.street import StreetScores

CARRIED: Final = frozenset({"bag", "purse"})

LEAST_CARRIED: Final = 0.02
"""Share of a street photo that a bag covers to be asked about."""


WORN: Final = ("street", "bags", "no_clothing")
"""What a card says of these photos."""


@dataclass(frozen=True, slots=True)
class BagScores:
    """What a set of networks does with bags; shares in 0..1.

    Attributes:
        images: how many photos.
        named: of them with the bag called a bag, and not refused.
        refused: of them with the bag refused or not found.
        interval: 95 % of ``named``, bootstrapped by photo.
    """

    images: int
    named: float
    refused: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class NoClothingScores:
    """What a set of networks does with photos of no clothing.

    Attributes:
        images: how many.
        refused: share of them in which no garment of the ten is named.
    """

    images: int
    refused: float


@dataclass(frozen=True, slots=True)
class WornScores:
    """What a set of networks does with what people wear and carry, and with what is no clothing."""

    street: StreetScores
    bags: BagScores
    no_clothing: NoClothingScores | None = None


def examine_worn(
    data_dir: Path, live: LiveSet, progress: Callable[[int, int], None] = lambda done, total: None
) -> WornScores | None:
    """Measure on the validation photos.

    Args:
        data_dir: where the photos are.
        live: the set that answers.
        progress: told how many photos of how many are looked at.

    Returns:
        None where the photos are not at hand.

    Raises:
        DataError: labels are missing or damaged.
        TrainingError: a photo is damaged.
    """
    street = [photo for photo in street_photo_list() if photo.split == "validation" and photo.has_labels]
    shop = [photo for photo in shop_photo_list() if photo.split == "validation" and photo.label == "bag"]
    none = [photo for photo in no_clothing_list() if photo.split == "validation"]
    files = [photo.path(data_dir) for photos in (street, shop, none) for photo in photos]
    if not files or not all(path.is_file() for path in files):
        return None
    done = 0

    def named(photo: StreetPhoto | ShopPhoto | NoClothingPhoto) -> list[NamedMask]:
        nonlocal done
        garments = [as_named_mask(each) for each in name_garments(read_photo(photo.path(data_dir)), live)]
        done += 1
        progress(done, len(files))
        return garments

    counts, bags = [], []
    for photo in street:
        labels = photo.load_labels(data_dir)
        garments = named(photo)
        counts.append(count(labels, garments))
        carried = np.isin(labels, [value for value, name in enumerate(street_names()) if name in CARRIED])
        if carried.mean() >= LEAST_CARRIED:
            bags.append(meant_by(carried, garments))
    bags += [next(iter(named(photo)), None) for photo in shop]
    refused = [all(garment.refused for garment in named(photo)) for photo in none]
    return WornScores(street_scores(counts), bag_scores(bags), NoClothingScores(len(refused), float(np.mean(refused))))


def worn_entries(scores: WornScores | None, card: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    """What a set's card says of what people wear and carry, and of no clothing: :data:`WORN`.

    Args:
        scores: of the set; None where the photos are not at hand.
        card: the set's, with its ``networks`` and ``thresholds``.
        live: the card of the live set: what it says holds for a set of the same networks and thresholds.

    Returns:
        The entries; none where nobody has measured this set.
    """
    if scores is not None:
        none = {} if scores.no_clothing is None else {"no_clothing": asdict(scores.no_clothing)}
        return {"street": _entry(scores.street), "bags": _entry(scores.bags), **none}
    if any(card.get(name) != live.get(name) for name in ("networks", "thresholds")):
        return {}
    return {name: live[name] for name in WORN if name in live}


def meant_by(carried: NDArray[np.bool_], garments: Sequence[NamedMask]) -> NamedMask | None:
    """The garment whose mask meets a bag's pixels best, bool [h, w]; None where none meets them by half."""
    best = max(garments, key=lambda garment: overlap(garment.mask, carried), default=None)
    return None if best is None or overlap(best.mask, carried) < MEETS else best


def bag_scores(bags: Sequence[NamedMask | None], *, seed: int = 0) -> BagScores:
    """Sum up photos, at least one.

    Args:
        bags: what was answered of each bag; None where it was not found.
        seed: of the resampling.
    """
    refused = np.array([bag is None or bag.refused for bag in bags])
    named = np.array([bag is not None and bag.label == BAG and not bag.refused for bag in bags])
    drawn = np.random.default_rng(seed).integers(len(bags), size=(RESAMPLES, len(bags)))
    low, high = np.quantile(named[drawn].mean(1), [0.025, 0.975])
    return BagScores(len(bags), float(named.mean()), float(refused.mean()), Interval(float(low), float(high)))


def _entry(scores: StreetScores | BagScores) -> dict[str, Any]:
    """Scores as the card keeps them, their interval as a pair like every other."""
    return asdict(scores) | {"interval": [scores.interval.low, scores.interval.high]}


def as_named_mask(named: NamedGarment) -> NamedMask:
    """What the scores need of an answer."""
    prediction = named.prediction
    return NamedMask(
        mask=named.garment.mask > 0.5,
        label=prediction.label,
        refused=prediction.is_refused,
        sure=prediction.verdict == "sure",
    )
