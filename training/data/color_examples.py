"""What the colour network learns from: garments as the segmenter finds them, with what their labels allow.

Flat, street and shop photos, bags and other products laid on floors and fruit, and what the segmenter takes for
clothing where there is none. Street garments are also cut out by their pixel labels, so that not every example has the
segmenter's mistakes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.datasets.street_photos import street_names
from bot.vision.color_classifier import OUTPUTS
from bot.vision.garment import Garment, Group, find, whole_photo
from bot.vision.labels import NO_CLOTHING
from bot.vision.photo import Photo
from training.data.masks import overlap, random_piece
from training.data.pixel_groups import GROUP_OF_LABEL, STREET_KINDS, allowed
from training.data.segmentation_samples import (
    LABELLED_ALONE,
    before_white,
    read_small,
)
from training.data.segmentation_scenes import SceneMaker, photographed
from training.data.set_labels import LEFT_OUT, NO_CLOTHES, flat_outcomes, shop_outcomes, street_outcomes
from training.data.splits import flat_photos, no_clothing_photos, shop_photos, street_photos, tagged_street_photos
from training.data.views import Example, varied_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.datasets import ListedPhoto
    from bot.datasets.no_clothing import NoClothingPhoto
    from bot.datasets.shop_photos import ShopPhoto
    from bot.datasets.street_photos import StreetPhoto
    from bot.vision.garment import Segmenter

    Masks = NDArray[np.bool_]

BATCH: Final = {"flat": 12, "street": 9, "shop": 4, "object": 4, "nothing": 3}
"""Examples of each source in a batch."""

OBJECTS: Final = 3500
GROUNDS: Final = 600
"""Scenes that are drawn before training: products on other grounds; grounds with nothing on them."""

FLAT_SIDE: Final = 320
STREET_SIDE: Final = 448
SHOP_SIDE: Final = 298
NO_CLOTHING_SIDE: Final = 256

MEETS: Final = 0.35
"""Least intersection over union of a found garment with a labelled kind to be that kind."""

BESIDE: Final = 0.2
"""Of a found garment with less than this share on clothing there is nothing to be seen."""

LEAST_LABELLED: Final = 0.008
"""Share of a photo that a labelled kind covers to be cut out by its labels."""

BY_LABELS: Final = 0.4
"""How often garments cut out by their labels are drawn, compared with those that were found."""

FAMILIES: Final = {
    Group.UPPER: "top", Group.OUTER: "top", Group.DRESS: "top", Group.LOWER: "lower", Group.SHOE: "shoe",
    Group.BAG: "bag", Group.OTHER: "other",
}  # fmt: skip
"""Groups between which a label does not decide: a coat may be found as a top."""


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """All examples by where they come from; the keys of :data:`BATCH`."""

    examples: dict[str, list[Example]]


def gather_examples(
    data_dir: Path, segmenter: Segmenter, maker: SceneMaker, rng: np.random.Generator, say: Callable[[str], None]
) -> Sources:
    """Find the garments of all photos that are not held out.

    Args:
        data_dir: has the photos, or gets them.
        segmenter: the one that will serve.
        maker: draws the grounds that products are laid on.
        rng: decides which products are laid where.
        say: told what takes long.

    Raises:
        DataError: photos are missing and cannot be had.
        TrainingError: a photo is damaged.
    """
    examples = {}
    for source, make in {
        "flat": lambda: flat_examples(flat_photos(data_dir), data_dir, segmenter),
        "street": lambda: (
            *street_photo_examples(street_photos(data_dir), data_dir, segmenter),
            *_tagged(data_dir, segmenter),
        ),
        "shop": lambda: shop_examples(shop_photos(data_dir), data_dir, segmenter),
        "object": lambda: _objects(data_dir, segmenter, maker, rng),
        "nothing": lambda: _nothing(data_dir, segmenter, maker, rng),
    }.items():
        examples[source] = list(make())
        say(f"{len(examples[source])} examples: {source}")
    return Sources(examples)


def batch_of(sources: Sources, rng: np.random.Generator) -> Callable[[], tuple[NDArray[np.uint8], NDArray[np.float32]]]:
    """What draws batches: views, uint8 [32, 160, 160, 3], and what they may be, float32 [32, 12].

    Rare labels are drawn more often than they come: in proportion to the root of their number.
    """
    draws = {source: draw_weights(each) for source, each in sources.examples.items()}

    def draw() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        chosen = [
            sources.examples[source][at]
            for source, count in BATCH.items()
            for at in rng.choice(len(draws[source]), count, p=draws[source])
        ]
        return np.stack([varied_view(each, rng) for each in chosen]), np.stack([each.answer for each in chosen])

    return draw


def answer(outcomes: frozenset[int]) -> NDArray[np.float32]:
    """The outputs that a label allows: float32 [12], 0 or 1."""
    row = np.zeros(OUTPUTS, np.float32)
    row[sorted(outcomes)] = 1
    return row


def of_garment(photo: Photo, garment: Garment, outcomes: frozenset[int], label: str) -> Example:
    """An example of a found garment."""
    mask = np.clip(garment.mask * 255 + 0.5, 0, 255).astype(np.uint8)
    return Example(photo.pixels, mask, garment.box, answer(outcomes), label)


def cut_out(photo: Photo, mask: Masks, outcomes: frozenset[int], label: str) -> Example:
    """An example of a garment whose outline is known."""
    soft = cv2.GaussianBlur(mask.astype(np.float32) * 255, (0, 0), 0.7)
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    box = (left, top, left + max(width, 1), top + max(height, 1))
    return Example(photo.pixels, np.asarray(soft + 0.5).astype(np.uint8), box, answer(outcomes), label)


def meant(garments: Sequence[Garment], label: str) -> Garment | None:
    """The garment that a label is about: the largest of its family, else the first."""
    group = GROUP_OF_LABEL.get(label)
    family = None if group is None else FAMILIES[group]
    alike = [garment for garment in garments if FAMILIES[garment.group] == family]
    return max(alike, key=lambda garment: garment.area, default=next(iter(garments), None))


def draw_weights(examples: Sequence[Example]) -> NDArray[np.float64]:
    """How often to draw each example of a source, [n]: rare labels more often than they come; sums to 1."""
    labels = [each.label for each in examples]
    counts = {label: labels.count(label) for label in set(labels)}
    weights = np.array([counts[label] ** -0.5 * (BY_LABELS if label.endswith(" cut") else 1.0) for label in labels])
    return weights / weights.sum()


def flat_examples(listed: Iterable[ListedPhoto], data_dir: Path, segmenter: Segmenter) -> Iterator[Example]:
    """The garment of each photo of a single one.

    Args:
        listed: the photos, all there.
        data_dir: has them.
        segmenter: the one that will serve.

    Raises:
        TrainingError: a photo is damaged.
    """
    for each in listed:
        photo = Photo(read_small(each.path(data_dir), FLAT_SIDE))
        garment = meant(find(photo, segmenter), each.label) or whole_photo(photo)
        yield of_garment(photo, garment, flat_outcomes(each.label), each.label)


def street_photo_examples(listed: Iterable[StreetPhoto], data_dir: Path, segmenter: Segmenter) -> Iterator[Example]:
    """What people wear in photos with pixel labels; otherwise as :func:`flat_examples`."""
    for each in listed:
        photo = Photo(read_small(each.path(data_dir), STREET_SIDE))
        labels = each.load_labels(data_dir)
        kinds = {street_names()[value]: labels == value for value in np.unique(labels).tolist()}
        worn = {name: mask for name, mask in kinds.items() if name not in NO_CLOTHES}
        yield from street_examples(photo, find(photo, segmenter), worn)


def _tagged(data_dir: Path, segmenter: Segmenter) -> Iterator[Example]:
    """Garments of people of whom only the tags are known: each may be what the tags of its kind allow."""
    for each in tagged_street_photos(data_dir):
        photo = Photo(read_small(each.path(data_dir), STREET_SIDE))
        for garment in find(photo, segmenter):
            kinds = sorted(tag for tag in each.tags if STREET_KINDS.get(tag, 0) & allowed(garment.group))
            outcomes = frozenset[int]().union(*(street_outcomes(kind) for kind in kinds))
            if outcomes:
                yield of_garment(photo, garment, outcomes, "|".join(kinds))


def street_examples(photo: Photo, garments: Sequence[Garment], worn: dict[str, Masks]) -> Iterator[Example]:
    """Examples of one street photo.

    Args:
        photo: the photo.
        garments: what the segmenter found in it.
        worn: bool [h, w] of each labelled kind.
    """
    clothing = np.any(list(worn.values()), axis=0) if worn else np.zeros(photo.pixels.shape[:2], bool)
    for garment in garments:
        solid = garment.mask > 0.5
        share, name = max(((overlap(solid, mask), name) for name, mask in worn.items()), default=(0.0, ""))
        if share >= MEETS and (outcomes := street_outcomes(name)) != LEFT_OUT:
            yield of_garment(photo, garment, outcomes, name)
        elif share < MEETS and clothing[solid].mean() < BESIDE:
            yield of_garment(photo, garment, frozenset({NO_CLOTHING}), "nothing")
    for name, mask in worn.items():
        if mask.mean() >= LEAST_LABELLED and (outcomes := street_outcomes(name)) != LEFT_OUT:
            yield cut_out(photo, mask, outcomes, f"{name} cut")


def shop_examples(listed: Iterable[ShopPhoto], data_dir: Path, segmenter: Segmenter) -> Iterator[Example]:
    """The product of each photo of a shop, where it can be told from who wears it; as :func:`flat_examples`."""
    for each in listed:
        photo = Photo(read_small(each.path(data_dir), SHOP_SIDE))
        label = each.label.partition("|")[0]
        garment = meant(find(photo, segmenter), label)
        if garment is not None:
            yield of_garment(photo, garment, shop_outcomes(each.label), each.label)
        elif label not in GROUP_OF_LABEL or label in LABELLED_ALONE:
            yield cut_out(photo, before_white(photo.pixels, enclosed=True), shop_outcomes(each.label), each.label)


def _objects(data_dir: Path, segmenter: Segmenter, maker: SceneMaker, rng: np.random.Generator) -> Iterator[Example]:
    """Products that are shown without a person, laid on other grounds."""
    pools: dict[str, list[Path]] = {}
    for each in shop_photos(data_dir):
        if each.label in LABELLED_ALONE or each.label in ("wallet", "watch", "sunglasses"):
            pools.setdefault(each.label, []).append(each.path(data_dir))
    labels = sorted(pools)
    weights = np.array([len(pools[label]) ** 0.5 * (4 if label == "bag" else 1) for label in labels])
    for at in rng.choice(len(labels), OBJECTS, p=weights / weights.sum()):
        paths, outcomes = pools[labels[at]], shop_outcomes(labels[at])
        pixels = read_small(paths[rng.integers(len(paths))], SHOP_SIDE)
        product = before_white(pixels, enclosed=True)
        if product.mean() < 0.04:
            continue
        scene, mask = maker.on_ground(pixels, product)
        photo = Photo(photographed(scene, rng))
        found = find(photo, segmenter)
        own = next((garment for garment in found if overlap(garment.mask > 0.5, mask) > 0.4), None)
        yield (
            cut_out(photo, mask, outcomes, labels[at]) if own is None else of_garment(photo, own, outcomes, labels[at])
        )
        for garment in found:
            if garment is not own and mask[garment.mask > 0.5].mean() < 0.1:
                yield of_garment(photo, garment, frozenset({NO_CLOTHING}), "nothing")


def _nothing(data_dir: Path, segmenter: Segmenter, maker: SceneMaker, rng: np.random.Generator) -> Iterator[Example]:
    """Photos of no clothing, and grounds that nothing lies on."""
    yield from no_clothing_examples(no_clothing_photos(data_dir), data_dir, segmenter, rng)
    none = frozenset({NO_CLOTHING})
    for _ in range(GROUNDS):
        photo = Photo(maker.ground())
        for garment in find(photo, segmenter):
            yield of_garment(photo, garment, none, "nothing")


def no_clothing_examples(
    listed: Iterable[NoClothingPhoto], data_dir: Path, segmenter: Segmenter, rng: np.random.Generator
) -> Iterator[Example]:
    """Photos of no clothing: what is found in them, a piece of each, and each as a whole.

    Args:
        listed: the photos, all there.
        data_dir: has them.
        segmenter: the one that will serve.
        rng: decides which piece.

    Raises:
        TrainingError: a photo is damaged.
    """
    none = frozenset({NO_CLOTHING})
    for each in listed:
        photo = Photo(read_small(each.path(data_dir), NO_CLOTHING_SIDE))
        yield of_garment(photo, whole_photo(photo), none, "nothing")
        yield cut_out(photo, random_piece(photo.pixels.shape, rng), none, "nothing")
        for garment in find(photo, segmenter):
            yield of_garment(photo, garment, none, "nothing")
