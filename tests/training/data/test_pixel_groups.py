"""What pixels may be, for every word of every set."""

import numpy as np
import pytest

from bot.datasets import photo_list, shop_photo_list, street_names
from bot.vision.garment import Group
from training.data.pixel_groups import (
    ANYTHING,
    BACKGROUND,
    GROUP_OF_LABEL,
    NO_CLOTHING,
    STREET_KINDS,
    WORN_WITH,
    allowed,
    street_table,
    tagged,
)
from training.data.segmentation_samples import LABELLED_ALONE, NOT_OUTLINED


def groups(number: int) -> set[Group]:
    return {group for group in Group if number >> group & 1}


def test_a_set_is_a_number_with_a_bit_for_each_group() -> None:
    assert allowed() == 0
    assert allowed(Group.UPPER, Group.BAG, Group.UPPER) == 0b1000010
    assert groups(ANYTHING) == set(Group)
    assert groups(NO_CLOTHING) == {Group.BACKGROUND, Group.PERSON}
    assert groups(BACKGROUND) == {Group.BACKGROUND}


def test_every_kind_of_the_street_photos_has_its_place() -> None:
    assert set(STREET_KINDS) == set(street_names())
    assert all(0 < number < ANYTHING for number in STREET_KINDS.values())


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("hair", {Group.PERSON}),
        ("cardigan", {Group.UPPER, Group.OUTER}),
        ("suit", {Group.OUTER, Group.LOWER}),
        ("skirt", {Group.LOWER}),
        ("tights", {Group.OTHER}),
        ("purse", {Group.BAG}),
        ("background", {Group.BACKGROUND}),
    ],
)
def test_a_kind_of_the_streets_is_what_the_table_says(kind: str, expected: set[Group]) -> None:
    table = street_table(dict(enumerate(street_names())))
    assert groups(int(table[street_names().index(kind)])) == expected


def test_of_a_value_without_a_name_nothing_is_known() -> None:
    table = street_table({0: "background"})
    assert (table.shape, table.dtype) == ((256,), np.dtype(np.uint16))
    assert table[0] == BACKGROUND
    assert (table[1:] == ANYTHING).all()


def test_every_label_that_is_outlined_by_itself_has_its_group() -> None:
    assert {photo.label for photo in photo_list()} <= set(GROUP_OF_LABEL)
    assert set(GROUP_OF_LABEL) >= LABELLED_ALONE
    labels = {photo.label.partition("|")[0] for photo in shop_photo_list()}
    assert LABELLED_ALONE & NOT_OUTLINED == set()
    assert labels >= NOT_OUTLINED


def test_every_label_of_what_a_person_wears_says_what_may_be_seen_with_it() -> None:
    worn = {photo.label for photo in shop_photo_list()}
    worn = {label for label in worn if label.partition("|")[0] not in LABELLED_ALONE | NOT_OUTLINED}
    assert worn == set(WORN_WITH)
    for label, number in WORN_WITH.items():
        assert {GROUP_OF_LABEL[kind] for kind in label.split("|") if kind != "kurta"} <= groups(number)
        assert Group.PERSON in groups(number)
        assert Group.BACKGROUND not in groups(number)


def test_tags_say_what_may_be_there_and_those_that_say_nothing_do_not() -> None:
    bare = {Group.BACKGROUND, Group.PERSON, Group.SHOE}
    assert groups(tagged(())) == bare
    assert groups(tagged(("dress", "hat"))) == bare | {Group.DRESS, Group.OTHER}
    assert groups(tagged(("cardigan", "jeans", "skin"))) == bare | {Group.UPPER, Group.OUTER, Group.LOWER}
    assert groups(tagged(("no such kind",))) == bare
