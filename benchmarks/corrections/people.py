"""The people who correct, what they send, and what they say of the answers.

They are validation senders, whom no network has seen; every second of them, the most eager first, so that as many stay
for the gate. Half of each one's photos are corrected, by turns; the other half shows what the same people get then.
They also send every second validation photo of a person in a street, and say of each outlined garment what it is.

Where the gate shall judge by all validation photos, every second of those takes their place who are kept for
calibration, whom no network has learnt from either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.datasets import ListedPhoto, photo_list
from bot.datasets.street_photos import StreetPhoto, street_names, street_photo_list
from bot.vision.labels import OTHER_CLOTHING, WRONG_OUTLINE
from training.data.color_examples import BESIDE, MEETS
from training.data.masks import overlap
from training.data.set_labels import LEFT_OUT, NO_CLOTHES, flat_outcomes, street_outcomes
from training.data.splits import calibrates, held_street
from training.evaluation.metrics import accepted_classes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from bot.vision.garment import Garment

PEOPLE: Final = 30


@dataclass(frozen=True, slots=True)
class People:
    """Who takes part.

    Attributes:
        corrected: flat photos that are corrected, by sender.
        others: the same senders' other photos.
        streets: street photos that are corrected.
    """

    corrected: dict[str, list[ListedPhoto]]
    others: list[ListedPhoto]
    streets: list[StreetPhoto]

    @property
    def images(self) -> frozenset[str]:
        """All their photos, which nobody is judged or calibrated by."""
        flat = [photo.image for photos in self.corrected.values() for photo in photos]
        return frozenset([*flat, *(photo.image for photo in self.others), *(photo.image for photo in self.streets)])


def people() -> People:
    """Choose them among the validation senders; the same every time."""
    listed = [photo for photo in photo_list() if photo.split == "validation" and truth(photo)]
    streets = [photo for photo in street_photo_list() if photo.split == "validation" and photo.has_labels]
    return _taking_part(listed, streets)


def people_kept() -> People:
    """Choose them among those kept for calibration."""
    listed = [photo for photo in photo_list() if photo.split == "train" and calibrates(photo) and truth(photo)]
    streets = [each for each in street_photo_list() if each.split == "train" and each.has_labels and held_street(each)]
    return _taking_part(listed, streets)


def _taking_part(listed: Sequence[ListedPhoto], streets: Sequence[StreetPhoto]) -> People:
    sent = Counter(photo.sender_id for photo in listed)
    eager = sorted(sent, key=lambda sender: (-sent[sender], sender))
    corrected: dict[str, list[ListedPhoto]] = defaultdict(list)
    others: list[ListedPhoto] = []
    for sender in eager[: 2 * PEOPLE : 2]:
        for number, photo in enumerate(photo for photo in listed if photo.sender_id == sender):
            (corrected[sender] if number % 2 == 0 else others).append(photo)
    return People(dict(corrected), others, list(streets[::2]))


def truth(photo: ListedPhoto) -> frozenset[int]:
    """What a flat photo may be called; empty where nobody knows."""
    if (outcomes := flat_outcomes(photo.label)) == {OTHER_CLOTHING}:
        return outcomes
    return frozenset(accepted_classes(photo))


def said_of(outcomes: frozenset[int], answered: int, label: frozenset[int]) -> int:
    """What a person says: that the answer is right, or else the class that they would name.

    Args:
        outcomes: all that is right.
        answered: what the bot said.
        label: what the photo's list says, which is named where it is right.
    """
    if answered in outcomes:
        return answered
    return min(outcomes & label or outcomes)


def worn(labels: NDArray[np.uint8], garments: Sequence[Garment]) -> Iterator[tuple[int, frozenset[int]]]:
    """What the outlined garments of a street photo are: their places, and what each may be called."""
    kinds = {street_names()[value]: labels == value for value in np.unique(labels).tolist()}
    clothes = {name: mask for name, mask in kinds.items() if name not in NO_CLOTHES}
    anything = np.any(list(clothes.values()), axis=0) if clothes else np.zeros(labels.shape, bool)
    for place, garment in enumerate(garments):
        solid = garment.mask > 0.5
        share, name = max(((overlap(solid, mask), name) for name, mask in clothes.items()), default=(0.0, ""))
        if share >= MEETS and (outcomes := street_outcomes(name)) != LEFT_OUT:
            yield place, outcomes
        elif share < MEETS and anything[solid].mean() < BESIDE:
            yield place, frozenset({WRONG_OUTLINE})
