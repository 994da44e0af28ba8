"""A dress that was parted at the waist is one dress; a blouse and a skirt stay two."""

from __future__ import annotations

import numpy as np
import pytest

from bot.vision.garment import Garment, Group
from bot.vision.halves import LEAST_CONFIDENCE, SOMETHING_ELSE, answered, halves, whole
from bot.vision.labels import COAT, DRESS, PULLOVER
from bot.vision.photo import Photo
from bot.vision.prediction import Prediction, Verdict

HEIGHT, WIDTH = 300, 200
GREEN, SAME_GREEN, RED = (40, 120, 60), (50, 128, 66), (170, 40, 50)


def photo(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> Photo:
    """A wall, something from 60 to 140, something from there to 250."""
    pixels = np.full((HEIGHT, WIDTH, 3), 220, np.uint8)
    pixels[60:140, 70:130] = upper
    pixels[140:250, 60:140] = lower
    return Photo(pixels)


def garment(group: Group, top: int, bottom: int, left: int = 70, right: int = 130) -> Garment:
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    mask[top:bottom, left:right] = 1
    return Garment(mask, (left, top, right, bottom), float(mask.mean()), quality=0.9, group=group)


def said(label: int, confidence: float, outside: float = 0.0) -> Prediction:
    rest = (1 - confidence - outside) / 9
    shares = tuple(confidence if each == label else rest for each in range(10))
    if outside >= confidence:
        return Prediction(shares, Verdict.NO_GARMENT, outside=outside, other_clothing=True)
    return Prediction(shares, Verdict.UNSURE, outside=outside)


TOP, SKIRT, SHOES = (
    garment(Group.UPPER, 60, 140),
    garment(Group.LOWER, 140, 250, 60, 140),
    garment(Group.SHOE, 255, 280),
)


def test_what_touches_and_is_of_one_colour_may_be_halves() -> None:
    assert halves(photo(GREEN, SAME_GREEN), [SHOES, SKIRT, TOP]) == [(2, 1)]


@pytest.mark.parametrize(
    ("picture", "lower"),
    [
        (photo(GREEN, RED), SKIRT),
        (photo(GREEN, GREEN), garment(Group.LOWER, 170, 250)),
        (photo(GREEN, GREEN), garment(Group.BAG, 140, 250)),
    ],
    ids=["another colour", "apart", "a bag"],
)
def test_what_is_no_pair_of_halves(picture: Photo, lower: Garment) -> None:
    assert halves(picture, [TOP, lower]) == []


@pytest.mark.parametrize("size", [(2, 3), (1, 400), (640, 30)])
def test_photos_of_any_size(size: tuple[int, int]) -> None:
    everything = Garment(np.ones(size, np.float32), (0, 0, size[1], size[0]), 1.0, 0.5, Group.DRESS)
    nothing = Garment(np.zeros(size, np.float32), (0, 0, 1, 1), 0.0, 0.5, Group.UPPER)
    picture = Photo(np.full((*size, 3), 90, np.uint8))
    assert halves(picture, [everything, nothing]) == []
    assert halves(picture, [everything, everything]) == [(0, 1), (1, 0)]
    assert halves(picture, []) == []


def test_the_whole_covers_both() -> None:
    together = whole(TOP, SKIRT)
    assert together.box == (60, 60, 140, 250)
    assert together.area == pytest.approx(TOP.area + SKIRT.area)
    assert together.group is Group.DRESS
    assert set(np.unique(together.mask)) == {0, 1}


def test_a_dress_takes_the_place_of_its_halves() -> None:
    given = [said(PULLOVER, 0.5), said(DRESS, 0.1, outside=0.7), said(9, 0.9), said(DRESS, 0.8)]
    assert answered(given, [(0, 1)]) == [3, 2]


@pytest.mark.parametrize(
    ("upper", "lower", "together"),
    [
        (said(PULLOVER, SOMETHING_ELSE + 0.01), said(DRESS, 0.5), said(DRESS, 0.95)),
        (said(PULLOVER, 0.6), said(DRESS, 0.5), said(DRESS, 0.55)),
        (said(PULLOVER, 0.3), said(DRESS, 0.5), said(DRESS, LEAST_CONFIDENCE - 0.01)),
        (said(PULLOVER, 0.3), said(DRESS, 0.5), said(COAT, 0.9)),
        (said(PULLOVER, 0.3), said(DRESS, 0.5), said(DRESS, 0.4, outside=0.5)),
    ],
    ids=["surely a pullover", "rather a pullover", "doubtful", "a coat", "refused"],
)
def test_what_stays_two(upper: Prediction, lower: Prediction, together: Prediction) -> None:
    assert answered([upper, lower, together], [(0, 1)]) == [0, 1]


def test_of_two_pairs_the_better_dress() -> None:
    given = [said(PULLOVER, 0.3), said(COAT, 0.3), said(DRESS, 0.4), said(DRESS, 0.7), said(DRESS, 0.8)]
    assert answered(given, [(0, 2), (1, 2)]) == [4, 0]
    assert answered(given[:3], []) == [0, 1, 2]
