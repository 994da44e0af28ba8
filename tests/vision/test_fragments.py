"""Beside a photo's subject only what is a garment of its own is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.vision.garment import SIDE, Group
from bot.vision.labels import BAG, COAT, DRESS, NO_CLOTHING, OTHER_CLOTHING, SANDAL, SNEAKER, T_SHIRT, TROUSER
from bot.vision.photo import Photo
from bot.vision.recognizer import name_garments
from tests.vision.named_in_turn import NamedInTurn

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHIRT = (slice(40, 100), slice(60, 130))
BESIDE = (slice(110, 150), slice(60, 110))
CLEAR, VAGUE = 0.9, 0.55
"""How sure the segmenter is of each of a garment's pixels."""


class Seen(NamedInTurn):
    """Sees garments, of a group each and where, and in the photo as a whole no clothing."""

    def __init__(self, *garments: tuple[Group, tuple[slice, slice], float, int]) -> None:
        super().__init__([*(name for *_, name in garments), NO_CLOTHING])
        self.garments = garments

    def segment(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        groups = np.zeros((SIDE, SIDE, len(Group)), np.float32)
        groups[..., Group.BACKGROUND] = 1
        for group, place, sure, _ in self.garments:
            groups[place] = 0
            groups[(*place, group)], groups[(*place, Group.PERSON)] = sure, 1 - sure
        return groups


def told(*garments: tuple[Group, tuple[slice, slice], float, int]) -> list[int]:
    """What is said of a gray photo in which these are seen, the largest first."""
    networks = Seen(*garments)
    gray = Photo(np.full((SIDE, SIDE, 3), 128, np.uint8))
    return [each.prediction.said for each in name_garments(gray, networks)]


@pytest.mark.parametrize("name", [TROUSER, COAT, DRESS, SANDAL, OTHER_CLOTHING])
def test_what_only_looks_like_a_bag_by_its_shape_is_no_garment_beside_one(name: int) -> None:
    shirt = (Group.UPPER, SHIRT, CLEAR, T_SHIRT)
    assert told(shirt, (Group.BAG, BESIDE, CLEAR, name)) == [T_SHIRT]
    assert told(shirt, (Group.BAG, BESIDE, CLEAR, BAG)) == [T_SHIRT, BAG]


def test_what_is_called_a_bag_is_one_whatever_the_segmenter_took_it_for() -> None:
    assert told((Group.UPPER, SHIRT, CLEAR, T_SHIRT), (Group.LOWER, BESIDE, CLEAR, BAG)) == [T_SHIRT, BAG]


@pytest.mark.parametrize("group", [Group.LOWER, Group.SHOE, Group.BAG, Group.OTHER])
def test_what_has_no_clear_end_is_no_garment_beside_one(group: Group) -> None:
    name = {Group.LOWER: TROUSER, Group.SHOE: SNEAKER, Group.BAG: BAG, Group.OTHER: OTHER_CLOTHING}[group]
    shirt = (Group.UPPER, SHIRT, CLEAR, T_SHIRT)
    assert told(shirt, (group, BESIDE, VAGUE, name)) == [T_SHIRT]
    assert told(shirt, (group, BESIDE, CLEAR, name)) == [T_SHIRT, name]


@pytest.mark.parametrize(
    "alone",
    [
        (Group.BAG, SHIRT, CLEAR, TROUSER),
        (Group.UPPER, SHIRT, VAGUE, T_SHIRT),
        (Group.BAG, SHIRT, VAGUE, OTHER_CLOTHING),
    ],
)
def test_the_subject_is_told_whatever_it_is(alone: tuple[Group, tuple[slice, slice], float, int]) -> None:
    assert told(alone) == [alone[-1]]
