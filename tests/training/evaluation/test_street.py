"""Scores on labelled people, on masks that are made by hand and figures that are worked out by hand."""

import numpy as np
import pytest

from bot.datasets import street_names
from bot.vision.labels import BAG, COAT, DRESS, PULLOVER, SHIRT, SNEAKER, T_SHIRT, TROUSER
from training.evaluation.street import COUNTED, NamedMask, PhotoCounts, count, street_scores

SIDE = 100

UPPER, LOWER, SHOES, EDGE = slice(10, 40), slice(40, 80), slice(80, 90), slice(90, 91)


def person(**rows: slice) -> np.ndarray:
    """Labels of a person in the middle of a photo: 20 of 100 pixels wide, each kind in its rows, skin above.

    Args:
        rows: of each kind; ``_`` stands for ``-`` in its name.
    """
    labels = np.zeros((SIDE, SIDE), np.uint8)
    labels[:10, 40:60] = street_names().index("skin")
    for kind, where in rows.items():
        labels[where, 40:60] = street_names().index(kind.replace("_", "-"))
    return labels


def named(rows: slice, label: int, *, left: int = 40, right: int = 60, refused: bool = False, sure: bool = False):
    mask = np.zeros((SIDE, SIDE), bool)
    mask[rows, left:right] = True
    return NamedMask(mask, label, refused, sure)


def test_a_person_whose_every_garment_is_found_and_named() -> None:
    labels = person(t_shirt=UPPER, jeans=LOWER, sneakers=SHOES)
    garments = [named(LOWER, TROUSER, sure=True), named(UPPER, T_SHIRT), named(SHOES, SNEAKER)]
    assert count(labels, garments) == PhotoCounts(
        top=True, refused=False, sure=True, kinds=3, found=3, found_and_right=3, garments=3, meeting=3
    )


def test_the_first_garment_must_be_a_kind_that_is_worn_large() -> None:
    """Rows of 30, 40 and 10: the shoes cover an eighth of the clothing, the shirt three eighths."""
    labels = person(shirt=UPPER, jeans=LOWER, sneakers=SHOES)
    assert count(labels, [named(UPPER, SHIRT)]).top
    assert count(labels, [named(UPPER, TROUSER)]).top  # wherever it was found, this is said, and it is true
    assert not count(labels, [named(SHOES, SNEAKER)]).top
    assert not count(labels, [named(UPPER, COAT), named(LOWER, TROUSER)]).top
    assert not count(labels, [named(UPPER, SHIRT, refused=True)]).top


def test_a_kind_may_be_one_of_several_classes() -> None:
    labels = person(cardigan=UPPER)
    assert [count(labels, [named(UPPER, label)]).found_and_right for label in (PULLOVER, COAT, SHIRT)] == [1, 1, 0]


def test_clothing_outside_the_ten_is_right_when_it_is_refused() -> None:
    labels = person(skirt=LOWER)
    refused = count(labels, [named(LOWER, DRESS, refused=True)])
    assert (refused.found, refused.found_and_right) == (1, 1)
    named_so = count(labels, [named(LOWER, DRESS)])
    assert (named_so.found, named_so.found_and_right) == (1, 0)


def test_half_of_the_union_must_be_shared() -> None:
    labels = person(jeans=LOWER)
    twice = named(LOWER, TROUSER, left=20)  # 1600 pixels, 800 of them jeans: exactly a half
    assert count(labels, [twice]).found == 1
    assert count(labels, [named(LOWER, TROUSER, left=19)]).found == 0
    assert count(labels, [named(LOWER, TROUSER, left=19)]).meeting == 0


def test_small_kinds_need_not_be_found_and_yet_are_garments() -> None:
    labels = person(jeans=LOWER, belt=EDGE)  # 20 of 10 000 pixels, and 2 % are counted
    assert (labels == street_names().index("belt")).mean() < COUNTED
    seen = count(labels, [named(LOWER, TROUSER), named(EDGE, BAG, refused=True)])
    assert (seen.kinds, seen.found, seen.garments, seen.meeting) == (1, 1, 2, 2)


def test_skin_is_no_garment() -> None:
    seen = count(person(jeans=LOWER), [named(slice(0, 10), T_SHIRT)])
    assert (seen.garments, seen.meeting, seen.kinds) == (1, 0, 1)


def test_a_photo_without_answers_is_refused() -> None:
    assert count(person(jeans=LOWER), []) == PhotoCounts(
        top=False, refused=True, sure=False, kinds=1, found=0, found_and_right=0, garments=0, meeting=0
    )


def test_photos_sum_up() -> None:
    labels = person(t_shirt=UPPER, jeans=LOWER)
    counts = [
        count(labels, [named(UPPER, T_SHIRT, sure=True), named(LOWER, TROUSER)]),
        count(labels, [named(UPPER, COAT, sure=True)]),
        count(labels, [named(slice(0, 10), T_SHIRT)]),
        count(labels, []),
    ]

    scores = street_scores(counts)

    assert scores.images == 4
    assert scores.top == 2 / 4  # the first, and the third, which says T-shirt of bare skin
    assert scores.refused == 1 / 4
    assert scores.right_when_sure == 1 / 2
    assert scores.found == 3 / 8
    assert scores.found_and_right == 2 / 8
    assert scores.precision == 3 / 4
    assert (scores.interval.low, scores.interval.high) == (0.0, 1.0)
    assert street_scores(counts) == scores


def test_what_cannot_be_measured_is_none() -> None:
    scores = street_scores([count(person(), [])])
    assert (scores.right_when_sure, scores.found, scores.found_and_right, scores.precision) == (None,) * 4
    assert scores.interval.high == pytest.approx(0.0)
