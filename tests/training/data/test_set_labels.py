from collections import Counter

import pytest

from bot.datasets import shop_photo_list, street_names
from training.data.set_labels import (
    LEFT_OUT,
    NO_CLOTHING,
    OTHER_CLOTHING,
    SHOP_KINDS,
    STREET_KINDS,
    shop_outcomes,
    street_outcomes,
)


def test_every_kind_of_the_street_photos_has_its_place() -> None:
    assert set(STREET_KINDS) == set(street_names())
    assert all(outcomes <= frozenset(range(NO_CLOTHING + 1)) for outcomes in STREET_KINDS.values())
    assert {kind for kind, outcomes in STREET_KINDS.items() if outcomes == LEFT_OUT} == {"wallet", "accessories"}


def test_every_label_of_the_shop_photos_has_its_place() -> None:
    labels = Counter(photo.label for photo in shop_photo_list())
    assert {kind for label in labels for kind in label.split("|")} <= set(SHOP_KINDS)
    assert all(shop_outcomes(label) for label in labels)


@pytest.mark.parametrize(
    ("kind", "outcomes"),
    [
        ("t-shirt", {0}),
        ("blouse", {0, 6}),
        ("leggings", {1}),
        ("cardigan", {2, 4}),
        ("romper", {1, 3}),
        ("cape", {4}),
        ("suit", {1, 4}),
        ("vest", {0, 2, 4, 6}),
        ("sandals", {5}),
        ("sneakers", {7}),
        ("boots", {9}),
        ("clogs", {5, 7, 9}),
        ("purse", {8}),
        ("stockings", {OTHER_CLOTHING}),
        ("panties", {OTHER_CLOTHING}),
        ("necklace", {NO_CLOTHING}),
        ("sunglasses", {NO_CLOTHING}),
        ("skin", {NO_CLOTHING}),
        ("background", {NO_CLOTHING}),
        ("wallet", set()),
    ],
)
def test_a_kind_of_the_streets_is_what_the_table_says(kind: str, outcomes: set[int]) -> None:
    assert street_outcomes(kind) == outcomes


@pytest.mark.parametrize(
    ("label", "outcomes"),
    [
        ("t-shirt", {0}),
        ("pullover|coat", {2, 4}),
        ("dress|shirt", {3, 6}),
        ("trouser|shorts", {1, OTHER_CLOTHING}),
        ("footwear", {5, 7, 9}),
        ("kurta", {3, OTHER_CLOTHING}),
        ("scarf", {OTHER_CLOTHING}),
        ("wallet", {NO_CLOTHING}),
        ("watch", {NO_CLOTHING}),
    ],
)
def test_a_product_may_be_either_of_two_kinds(label: str, outcomes: set[int]) -> None:
    assert shop_outcomes(label) == outcomes


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        street_outcomes("toga")
    with pytest.raises(KeyError):
        shop_outcomes("shirt|toga")
