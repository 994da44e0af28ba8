"""Where garments are found, with a segmenter whose answers are known."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.vision.garment import (
    MOST_GARMENTS,
    SIDE,
    Garment,
    Group,
    decisiveness,
    find,
    parted,
    tidy,
    whole_photo,
)
from bot.vision.photo import Photo

PHOTO = Photo(np.full((320, 240, 3), 200, np.uint8))

Part = tuple[Group, slice, slice]

SHIRT = (Group.UPPER, slice(25, 75), slice(50, 110))
BODY = (Group.PERSON, slice(0, 24), slice(55, 105))
TROUSERS = (Group.LOWER, slice(75, 150), slice(55, 105))


@dataclass
class Fixed:
    """A segmenter that always gives the same answer."""

    groups: NDArray[np.float32]

    def segment(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert pixels.shape == (SIDE, SIDE, 3)
        assert pixels.dtype == np.uint8
        return self.groups


def scene(*parts: Part, certainty: float = 0.98) -> NDArray[np.float32]:
    """Probabilities of a scene in which each part belongs to a group, the later ones on top."""
    rest = (1 - certainty) / (len(Group) - 1)
    groups = np.full((SIDE, SIDE, len(Group)), rest, np.float32)
    owner = np.zeros((SIDE, SIDE), int)
    for group, rows, columns in parts:
        owner[rows, columns] = group
    np.put_along_axis(groups, owner[..., None], certainty, axis=2)
    return groups


def torn(groups: NDArray[np.float32], part: Part, other: Group, share: float) -> None:
    """Let a part of a scene be its group by ``share`` and another group by the rest."""
    group, rows, columns = part
    groups[rows, columns] = 0
    groups[rows, columns, group], groups[rows, columns, other] = share, 1 - share


def found(*parts: Part, certainty: float = 0.98) -> tuple[Garment, ...]:
    return find(PHOTO, Fixed(scene(*parts, certainty=certainty)))


def kinds(groups: NDArray[np.float32]) -> set[Group]:
    return {group for group, _ in parted(groups)}


def test_one_garment_is_found_where_it_is() -> None:
    (garment,) = found(SHIRT)

    assert garment.group is Group.UPPER
    assert garment.mask.shape == (320, 240)
    assert garment.mask.dtype == np.float32
    left, top, right, bottom = garment.box
    assert (left, right) == pytest.approx((50 / SIDE * 240, 110 / SIDE * 240), abs=3)
    assert (top, bottom) == pytest.approx((25 / SIDE * 320, 75 / SIDE * 320), abs=3)
    assert garment.area == pytest.approx(50 * 60 / SIDE**2, abs=0.01)
    assert garment.quality > 0.9


def test_a_dressed_person_wears_several_garments_each_of_its_own_kind() -> None:
    person = (Group.PERSON, slice(5, 155), slice(40, 120))

    garments = {garment.group: garment for garment in found(person, SHIRT, TROUSERS)}

    assert set(garments) == {Group.UPPER, Group.LOWER}
    assert garments[Group.UPPER].box[1] == pytest.approx(25 / SIDE * 320, abs=4)
    assert garments[Group.LOWER].box[1] == pytest.approx(75 / SIDE * 320, abs=4)
    assert garments[Group.UPPER].box[3] <= garments[Group.LOWER].box[1] + 4


@pytest.mark.parametrize("parts", [(), ((Group.PERSON, slice(10, 150), slice(40, 120)),)])
def test_where_there_is_no_clothing_nothing_is_found(parts: tuple[Part, ...]) -> None:
    assert found(*parts) == ()


def test_a_speck_is_no_garment_even_alone() -> None:
    assert found((Group.SHOE, slice(80, 94), slice(80, 94))) == ()
    assert len(found((Group.SHOE, slice(80, 104), slice(80, 104)))) == 1


def test_where_nothing_is_found_the_whole_photo_is_judged_without_trust() -> None:
    garment = whole_photo(PHOTO)

    assert garment.box == (0, 0, 240, 320)
    assert garment.mask.shape == (320, 240)
    assert (garment.mask == 1).all()
    assert (garment.quality, garment.area, garment.group) == (0.0, 1.0, Group.BACKGROUND)


def test_larger_garments_come_first_and_of_equals_the_more_central_one() -> None:
    bag = (Group.BAG, slice(60, 90), slice(120, 150))
    assert [garment.group for garment in found(BODY, bag, TROUSERS, SHIRT)] == [Group.LOWER, Group.UPPER, Group.BAG]

    aside, middle = (Group.BAG, slice(0, 40), slice(0, 40)), (Group.SHOE, slice(60, 100), slice(60, 100))
    assert [garment.group for garment in found(aside, middle)] == [Group.SHOE, Group.BAG]


def test_a_bag_is_less_of_a_subject_than_a_coat_of_its_size() -> None:
    (bag,), (coat,) = found((Group.BAG, *SHIRT[1:])), found((Group.OUTER, *SHIRT[1:]))
    assert 0 < bag.salience < coat.salience
    (large,) = found((Group.BAG, slice(10, 180), slice(10, 180)))
    assert large.salience > coat.salience


def test_there_are_at_most_six_garments_and_the_least_prominent_one_is_left_out() -> None:
    heights = {
        Group.PERSON: 15, Group.UPPER: 33, Group.OUTER: 33, Group.DRESS: 40, Group.LOWER: 28,
        Group.SHOE: 8, Group.BAG: 13, Group.OTHER: 22,
    }  # fmt: skip
    ends = dict(zip(heights, np.cumsum(list(heights.values())).tolist(), strict=True))
    strips = [(group, slice(ends[group] - heights[group], ends[group]), slice(0, SIDE)) for group in heights]
    assert ends[Group.OTHER] == SIDE
    assert len(kinds(scene(*strips))) == 7

    garments = found(*strips)

    assert len(garments) == MOST_GARMENTS == 6
    assert Group.SHOE not in {garment.group for garment in garments}


def test_a_doubt_about_one_garment_is_not_two_and_its_pixels_go_to_the_other() -> None:
    groups = scene(SHIRT, (Group.OUTER, slice(75, 100), slice(50, 110)))
    torn(groups, (Group.OUTER, slice(75, 100), slice(50, 110)), Group.UPPER, 0.53)

    ((group, mask),) = parted(groups)

    assert group is Group.UPPER
    assert (mask[25:100, 50:110] > 0.9).all()
    assert (mask[105:] < 0.1).all()


def test_two_sure_garments_keep_their_own_pixels() -> None:
    groups = scene(BODY, SHIRT, (Group.OUTER, slice(75, 100), slice(50, 110)))
    torn(groups, (Group.OUTER, slice(75, 100), slice(50, 110)), Group.UPPER, 0.7)

    masks = dict(parted(groups))

    assert set(masks) == {Group.UPPER, Group.OUTER}
    assert (masks[Group.OUTER][75:100, 50:110] > 0.5).all()
    assert (masks[Group.UPPER][75:100, 50:110] < 0.5).all()


@pytest.mark.parametrize(("worn", "garments"), [(True, {Group.UPPER, Group.LOWER}), (False, {Group.UPPER})])
def test_what_nobody_wears_is_one_garment_unless_a_second_one_is_sure(*, worn: bool, garments: set[Group]) -> None:
    skirt = (Group.LOWER, slice(75, 120), slice(50, 110))
    groups = scene(*([BODY] if worn else []), SHIRT, skirt)
    torn(groups, skirt, Group.UPPER, 0.7)

    assert kinds(groups) == garments


def test_a_shirt_and_trousers_laid_side_by_side_are_two() -> None:
    assert kinds(scene(SHIRT, (Group.LOWER, slice(20, 90), slice(120, 170)))) == {Group.UPPER, Group.LOWER}


def test_one_garment_alone_may_be_doubtful() -> None:
    groups = scene(SHIRT)
    torn(groups, SHIRT, Group.OUTER, 0.52)

    assert kinds(groups) == {Group.UPPER}


def test_a_belt_is_no_garment_of_its_own_and_belongs_to_what_it_is_worn_on() -> None:
    belt = (Group.LOWER, slice(68, 72), slice(50, 110))
    groups = scene(SHIRT, belt)
    torn(groups, belt, Group.UPPER, 0.9)

    ((group, mask),) = parted(groups)

    assert group is Group.UPPER
    assert (mask[68:72, 50:110] > 0.9).all()


@pytest.mark.parametrize(
    ("group", "is_garment"),
    [(Group.SHOE, True), (Group.BAG, True), (Group.OTHER, False), (Group.LOWER, False), (Group.DRESS, False)],
)
def test_only_shoes_and_bags_may_be_small_beside_a_large_garment(group: Group, *, is_garment: bool) -> None:
    coat = (Group.OUTER, slice(10, 110), slice(30, 120))
    small = (group, slice(130, 154), slice(60, 85))  # a sixteenth of all clothing

    assert (group in kinds(scene(BODY, coat, small))) is is_garment
    assert (group in kinds(scene(coat, small))) is is_garment


@pytest.mark.parametrize(("rows", "is_garment"), [(15, False), (60, True)])
def test_a_small_hat_is_part_of_nothing_and_a_large_scarf_a_garment(rows: int, *, is_garment: bool) -> None:
    coat = (Group.OUTER, slice(60, 150), slice(30, 120))
    other = (Group.OTHER, slice(60 - rows, 60), slice(60, 90))

    groups = kinds(scene(other, coat, (Group.PERSON, slice(150, 185), slice(30, 120))))

    assert Group.OUTER in groups
    assert (Group.OTHER in groups) is is_garment


def test_what_parts_garments_leaves_the_segmentation_as_it_was() -> None:
    groups = scene(SHIRT, (Group.LOWER, slice(70, 75), slice(50, 110)))
    before = groups.copy()

    parted(groups)

    np.testing.assert_array_equal(groups, before)


def test_crumbs_beside_the_garment_do_not_widen_its_box() -> None:
    (garment,) = found(SHIRT, (Group.UPPER, slice(2, 8), slice(2, 8)))

    assert garment.box[0] > 60


def test_both_shoes_of_a_pair_are_one_garment() -> None:
    (garment,) = found((Group.SHOE, slice(50, 110), slice(25, 60)), (Group.SHOE, slice(50, 110), slice(90, 125)))

    assert garment.box[2] - garment.box[0] == pytest.approx(100 / SIDE * 240, abs=5)


def test_a_print_is_filled_and_the_gap_between_legs_is_not() -> None:
    groups = scene((Group.LOWER, slice(10, 150), slice(40, 120)))
    groups[35:45, 75:85] = groups[75:140, 62:98] = scene()[0, 0]

    (garment,) = find(Photo(np.zeros((SIDE, SIDE, 3), np.uint8)), Fixed(groups))

    assert garment.mask[40, 80] > 0.5
    assert garment.mask[105, 80] < 0.5


def test_tidying_keeps_soft_edges_and_drops_haze() -> None:
    mask = np.full((SIDE, SIDE), 0.2, np.float32)
    mask[40:100, 40:100] = 0.9
    mask[39, 40:100] = 0.4
    before = mask.copy()

    tidied = tidy(mask)

    assert tidied is not None
    assert tidied.dtype == np.float32
    assert (tidied[40:100, 40:100] == np.float32(0.9)).all()
    assert (tidied[39, 40:100] == np.float32(0.4)).all()
    assert (tidied[:38] == 0).all()
    np.testing.assert_array_equal(mask, before)


def test_of_haze_alone_nothing_is_left() -> None:
    assert tidy(np.full((SIDE, SIDE), 0.5, np.float32)) is None
    assert tidy(np.zeros((SIDE, SIDE), np.float32)) is None


def test_decisiveness_is_what_the_soft_mask_shares_with_the_hard_one() -> None:
    mask = np.zeros((SIDE, SIDE), np.float32)
    assert decisiveness(mask) == 0.0
    mask[:10, :10] = 1
    assert decisiveness(mask) == 1.0
    mask[:10, :10] = 0.8
    mask[10:20, :10] = 0.25
    assert decisiveness(mask) == pytest.approx(80 / 125)


def test_quality_falls_with_blurred_edges() -> None:
    (sharp,), (vague,) = found(SHIRT), found(SHIRT, certainty=0.75)

    assert vague.quality < sharp.quality - 0.05


def test_a_garment_thinner_than_a_pixel_of_the_photo_still_has_a_box() -> None:
    strip = Photo(np.full((400, 2, 3), 90, np.uint8))

    (garment,) = find(strip, Fixed(scene((Group.UPPER, slice(60, 100), slice(70, 90)))))

    left, top, right, bottom = garment.box
    assert 0 <= left < right <= 2
    assert 0 <= top < bottom <= 400


@pytest.mark.parametrize("near", [-1, 1])
@pytest.mark.parametrize("axis", [0, 1])
def test_of_two_that_are_equally_large_the_one_nearer_to_the_middle_comes_first(near: int, axis: int) -> None:
    def square(middle: int) -> tuple[slice, slice]:
        sides = [slice(SIDE // 2 - 20, SIDE // 2 + 20)] * 2
        sides[axis] = slice(middle - 20, middle + 20)
        return sides[0], sides[1]

    nearer, farther = (Group.LOWER, *square(SIDE // 2 + 25 * near)), (Group.UPPER, *square(SIDE // 2 - 40 * near))

    assert [garment.group for garment in found(farther, nearer)] == [Group.LOWER, Group.UPPER]


def test_of_two_doubts_about_each_other_the_greater_one_is_given_up() -> None:
    doubtful, surer = (Group.UPPER, slice(25, 50), slice(50, 110)), (Group.OUTER, slice(50, 75), slice(50, 110))
    groups = scene(doubtful, surer)
    torn(groups, doubtful, Group.OUTER, 0.52)
    torn(groups, surer, Group.UPPER, 0.57)

    assert kinds(groups) == {Group.OUTER}
