"""Where garments are found, with a segmenter whose answers are known."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.vision.garment import FOUND_WELL, SIDE, GarmentFinder, Group, Segmentation, candidates
from bot.vision.photo import Photo
from bot.vision.second_opinion import Opinion, between

PHOTO = Photo(np.full((320, 240, 3), 200, np.uint8))


@dataclass
class Fixed:
    """A segmenter that always gives the same answer."""

    groups: NDArray[np.float32]
    scene: tuple[float, float, float] = (1.0, 0.0, 0.0)

    def segment(self, pixels: NDArray[np.uint8]) -> Segmentation:
        assert pixels.shape == (SIDE, SIDE, 3)
        return Segmentation(self.groups, self.scene)


def scene(*parts: tuple[Group, slice, slice], certainty: float = 0.98) -> NDArray[np.float32]:
    """Probabilities of a scene in which each part belongs to a group."""
    rest = (1 - certainty) / (len(Group) - 1)
    groups = np.full((SIDE, SIDE, len(Group)), rest, np.float32)
    owner = np.zeros((SIDE, SIDE), int)
    for group, rows, columns in parts:
        owner[rows, columns] = group
    np.put_along_axis(groups, owner[..., None], certainty, axis=2)
    return groups


SHIRT = (Group.UPPER, slice(20, 60), slice(40, 88))
TROUSERS = (Group.LOWER, slice(60, 120), slice(44, 84))


def test_one_garment_is_found_where_it_is() -> None:
    (garment,) = GarmentFinder(Fixed(scene(SHIRT))).find(PHOTO)

    assert garment.mask.shape == (320, 240)
    assert garment.mask.dtype == np.float32
    left, top, right, bottom = garment.box
    assert (left, right) == pytest.approx((40 / 128 * 240, 88 / 128 * 240), abs=3)
    assert (top, bottom) == pytest.approx((20 / 128 * 320, 60 / 128 * 320), abs=3)
    assert garment.quality > 0.9


def test_a_dressed_person_wears_several_garments_and_the_last_is_all_of_them() -> None:
    garments = GarmentFinder(Fixed(scene(SHIRT, TROUSERS))).find(PHOTO)

    assert len(garments) == 3
    tops = [garment.box[1] for garment in garments]
    assert sorted(tops[:2]) == pytest.approx([50, 150], abs=4)
    together = garments[2].box
    assert together[1] == min(tops[:2])
    assert together[3] == max(garment.box[3] for garment in garments[:2])


def test_a_doubt_about_one_garment_is_not_two() -> None:
    groups = scene(SHIRT, TROUSERS, certainty=0.98)
    clothing = groups.argmax(-1) != Group.BACKGROUND
    both = groups[clothing][:, [Group.UPPER, Group.LOWER]].mean(1)
    groups[clothing, Group.UPPER], groups[clothing, Group.LOWER] = both + 0.01, both - 0.01

    assert len(candidates(groups)) == 1


def test_a_belt_is_no_garment_of_its_own() -> None:
    belt = (Group.LOWER, slice(60, 63), slice(40, 88))

    assert len(candidates(scene(SHIRT, belt))) == 1


def test_where_nothing_is_found_the_middle_is_shown_without_trust() -> None:
    (garment,) = GarmentFinder(Fixed(scene(), (0.01, 0.01, 0.98))).find(PHOTO)

    assert garment.quality < 0.05
    assert garment.nothing == pytest.approx(0.98)
    left, top, right, bottom = garment.box
    assert 0 < left < right < 240
    assert 0 < top < bottom < 320


def test_crumbs_beside_the_garment_do_not_widen_its_box() -> None:
    crumb = (Group.UPPER, slice(2, 6), slice(2, 6))

    (garment,) = GarmentFinder(Fixed(scene(SHIRT, crumb))).find(PHOTO)

    assert garment.box[0] > 60


def test_both_shoes_of_a_pair_are_kept() -> None:
    left = (Group.SHOE, slice(40, 90), slice(20, 50))
    right = (Group.SHOE, slice(40, 90), slice(70, 100))

    (garment,) = GarmentFinder(Fixed(scene(left, right))).find(PHOTO)

    assert garment.box[2] - garment.box[0] == pytest.approx(80 / 128 * 240, abs=5)


def test_a_print_is_filled_and_the_gap_between_legs_is_not() -> None:
    groups = scene((Group.LOWER, slice(10, 120), slice(30, 98)))
    background = scene()
    groups[30:38, 60:68] = background[30:38, 60:68]
    groups[60:110, 50:78] = background[60:110, 50:78]

    (garment,) = GarmentFinder(Fixed(groups)).find(Photo(np.zeros((128, 128, 3), np.uint8)))

    assert garment.mask[34, 64] > 0.5
    assert garment.mask[85, 64] < 0.5


def test_other_clothing_is_passed_on() -> None:
    (garment,) = GarmentFinder(Fixed(scene(SHIRT), (0.1, 0.85, 0.05))).find(PHOTO)

    assert garment.other_clothing == pytest.approx(0.85)


def test_quality_falls_with_blurred_edges() -> None:
    sharp = GarmentFinder(Fixed(scene(SHIRT))).find(PHOTO)[0].quality
    vague = GarmentFinder(Fixed(scene(SHIRT, certainty=0.6))).find(PHOTO)[0].quality

    assert vague < sharp - 0.05


class Advises:
    """An adviser that always gives the same opinion, and keeps what it was shown."""

    def __init__(self) -> None:
        self.shown: list[np.ndarray] = []

    def opinion(self, pixels: np.ndarray) -> Opinion:
        self.shown.append(pixels)
        return Opinion(np.eye(10, dtype=np.float32)[4], other_clothing=0.2, nothing=0.1, bag=0.3)

    def again(self, pixels: np.ndarray, classes: np.ndarray, bag: float) -> tuple[NDArray[np.float32], float]:
        raise NotImplementedError


def test_each_garment_goes_with_a_second_opinion_on_itself() -> None:
    adviser = Advises()

    garments = GarmentFinder(Fixed(scene(SHIRT, TROUSERS), (0.5, 0.4, 0.3)), adviser).find(PHOTO)

    assert len(adviser.shown) == len(garments) == 3
    assert len({view.tobytes() for view in adviser.shown}) == 3
    assert all(garment.opinion is not None and int(garment.opinion.argmax()) == 4 for garment in garments)
    assert {(garment.other_clothing, garment.nothing, garment.bag) for garment in garments} == {(0.2, 0.1, 0.3)}


@pytest.mark.parametrize(("certainty", "views"), [(0.98, 1), (0.55, 2)])
def test_of_a_poorly_found_garment_the_whole_photo_is_looked_at_too(certainty: float, views: int) -> None:
    pixels = np.full((320, 240, 3), 200, np.uint8)
    pixels[:, :8] = (250, 0, 0)  # far from the garment
    adviser = Advises()

    (garment,) = GarmentFinder(Fixed(scene(SHIRT, certainty=certainty)), adviser).find(Photo(pixels))

    assert len(adviser.shown) == views
    assert (garment.quality < FOUND_WELL) == (views == 2)
    red = [(view[..., 0].astype(int) - view[..., 1] > 100).any() for view in adviser.shown]
    assert red == [False, True][:views]


def test_of_two_looks_the_mean_is_taken() -> None:
    one = Opinion(np.eye(10, dtype=np.float32)[4], other_clothing=0.2, nothing=0.1, bag=0.3)
    other = Opinion(np.eye(10, dtype=np.float32)[6], other_clothing=0.0, nothing=0.5, bag=0.1)

    mean = between(one, other)

    assert mean.classes[[4, 6]] == pytest.approx([0.5, 0.5])
    assert (mean.other_clothing, mean.nothing, mean.bag) == pytest.approx((0.1, 0.3, 0.2))
