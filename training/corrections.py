"""The photos that people corrected: parted by person, so that nobody is learnt from and measured on.

They are decoded from the store's bytes and live in memory only; no run folder holds one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from training.measure import Classifies

if TYPE_CHECKING:
    from bot.corrections.types import AcceptedPhoto, Box
    from bot.vision.garment import GarmentFinder

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
    from bot.vision.photo import PhotoError, decode

    for photo in photos:
        try:
            decode(photo.photo)
        except PhotoError:
            continue
        yield photo


def as_the_bot_sees(photos: Sequence[AcceptedPhoto], finder: GarmentFinder) -> NDArray[np.float32]:
    """The corrected garments through the front end: float32 [n, 28, 28], 0..1.

    Where several garments are found, the one that was corrected is the one that overlaps its box most.
    """
    from bot.vision.photo import decode
    from bot.vision.pixels import to_pixels

    pixels = []
    for accepted in photos:
        photo = decode(accepted.photo)
        garments, box = finder.find(photo), accepted.box
        # Of equals, and without a box, the first one: the likeliest subject.
        overlaps = [0.0 if box is None else overlap(garment.box, box) for garment in garments]
        pixels.append(to_pixels(photo, garments[int(np.argmax(overlaps))]))
    return np.stack(pixels) if pixels else np.zeros((0, 28, 28), np.float32)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes (left, top, right, bottom), 0..1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / (sum(areas) - width * height)


def what_they_changed(corrections: Corrections, finder: GarmentFinder, old: Classifies | None, new: Classifies) -> str:
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
            pixels, labels = as_the_bot_sees(photos, finder), np.array([photo.label for photo in photos])
            counts = [
                int((model.probabilities(pixels).argmax(axis=1) == labels).sum()) for model in (old, new) if model
            ]
            part += f" (right before and now: {counts[0]} and {counts[1]})" if old else f" (right now: {counts[0]})"
        parts.append(part)
    return "Corrections: " + ", ".join(parts) + "."
