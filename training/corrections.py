"""The photos that people corrected: parted by person, so that nobody is learnt from and measured on.

They are decoded from the store's bytes and live in memory only; no run folder holds one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from bot.vision.photo import PhotoError, decode
from bot.vision.pixels import to_pixels
from bot.vision.verdicts import Thresholds, considered
from training.measure import Classifies
from training.photos import WORKERS, garment_at, photo_variants

if TYPE_CHECKING:
    from bot.corrections.types import AcceptedPhoto
    from bot.vision.garment import Garment, GarmentFinder

MEASURED_SHARE: Final = 0.2
"""About this share of the people is measured on instead of learnt from."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """Accepted corrections.

    Attributes:
        learnt: of the people who are learnt from.
        measured: of the others: how a model does on them before and after tells what the corrections changed.
    """

    learnt: tuple[AcceptedPhoto, ...] = ()
    measured: tuple[AcceptedPhoto, ...] = ()

    def __len__(self) -> int:
        return len(self.learnt) + len(self.measured)


def split_by_person(photos: Iterable[AcceptedPhoto]) -> Corrections:
    """Parts corrections by who sent them; a person stays on one side for good, whoever else comes or goes."""
    learnt: list[AcceptedPhoto] = []
    measured: list[AcceptedPhoto] = []
    for photo in photos:
        (measured if _is_measured(photo.user_group) else learnt).append(photo)
    return Corrections(tuple(learnt), tuple(measured))


def _is_measured(user_group: str) -> bool:
    digest = hashlib.sha256(user_group.encode()).digest()
    return int.from_bytes(digest[:4], "big") < MEASURED_SHARE * 2**32


def readable(photos: Iterable[AcceptedPhoto]) -> Iterator[AcceptedPhoto]:
    """Leaves out what cannot be decoded, so that one damaged row does not stop a refresh."""
    for photo in photos:
        try:
            decode(photo.photo)
        except PhotoError:
            continue
        yield photo


def corrected_pictures(
    photos: Sequence[AcceptedPhoto], finder: GarmentFinder, variants: int, seed: int
) -> NDArray[np.uint8]:
    """The corrected garments in many variants, as :func:`training.photos.picture_variants` makes them of the list.

    Args:
        photos: at least one.
        finder: the bot's garment finder, for :data:`training.photos.WORKERS` photos at a time.
        variants: pictures a photo.
        seed: of the variation.

    Returns:
        uint8 [photos, variants, 28, 28].
    """

    def convert(index: int) -> list[NDArray[np.uint8]]:
        accepted, rng = photos[index], np.random.default_rng([seed, index])
        return photo_variants(decode(accepted.photo), finder, variants, rng, accepted.box)

    with ThreadPoolExecutor(WORKERS) as pool:
        return np.array(list(pool.map(convert, range(len(photos)))), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A corrected garment as the bot sees it.

    Attributes:
        pixels: float32 [28, 28], 0..1.
        garment: what was found.
        label: the right class, 0-9.
    """

    pixels: NDArray[np.float32]
    garment: Garment
    label: int


def as_the_bot_sees(photos: Iterable[AcceptedPhoto], finder: GarmentFinder) -> Iterator[Seen]:
    """The corrected garments through the front end; where several are found, the one that was corrected."""
    for accepted in photos:
        photo = decode(accepted.photo)
        garment = garment_at(finder.find(photo), accepted.box)
        yield Seen(to_pixels(photo, garment), garment, accepted.label)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A model and the thresholds of its card: what answers people."""

    classifier: Classifies
    thresholds: Mapping[str, float]

    def is_right(self, seen: Seen) -> bool:
        """Whether people would be told the right class."""
        probabilities = self.classifier.probabilities(seen.pixels[np.newaxis])[0]
        told = considered(probabilities, seen.garment, Thresholds.from_card(self.thresholds))
        return int(np.argmax(told)) == seen.label


def what_they_changed(corrections: Corrections, finder: GarmentFinder, old: Candidate | None, new: Candidate) -> str:
    """One line for the report: how many were used, and how often each model is right on them.

    Args:
        corrections: all that were accepted.
        finder: the bot's garment finder.
        old: the model that was live; None without one.
        new: the model that learnt from them.
    """
    parts = []
    for name, photos in (("learnt from", corrections.learnt), ("kept apart to measure", corrections.measured)):
        part = f"{len(photos)} {name}"
        if photos:
            right = [[each.is_right(seen) for each in (old, new) if each] for seen in as_the_bot_sees(photos, finder)]
            counts = np.sum(right, axis=0)
            part += f" (right before and now: {counts[0]} and {counts[1]})" if old else f" (right now: {counts[0]})"
        parts.append(part)
    return "Corrections: " + ", ".join(parts) + "."
