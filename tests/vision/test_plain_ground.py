"""What stands out from plain ground is looked at where the segmenter finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from bot.vision.garment import SIDE, Group
from bot.vision.labels import BAG, NO_CLOTHING, OTHER_CLOTHING, SHIRT, TROUSER
from bot.vision.photo import Photo
from bot.vision.plain_ground import standing_out
from bot.vision.recognizer import name_garments
from tests.vision.named_in_turn import NamedInTurn

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEIGHT, WIDTH = 400, 300
WHITE, CREAM = (255, 255, 255), (232, 228, 218)


def ground(colour: tuple[int, int, int] = WHITE, noise: int = 2) -> NDArray[np.uint8]:
    """Paper as a camera sees it, darker towards one side, with a little noise."""
    shade = np.linspace(0, 12, WIDTH)[None, :, None]
    grain = np.random.default_rng(5).integers(-noise, noise + 1, (HEIGHT, WIDTH, 1))
    return np.clip(np.array(colour) - shade + grain, 0, 255).astype(np.uint8)


def carpet() -> NDArray[np.uint8]:
    """Ground of two colours in turn."""
    stripes = np.arange(HEIGHT)[:, None, None] // 40 % 2
    return np.where(stripes, ground((200, 60, 50)), ground((40, 70, 150))).astype(np.uint8)


def with_a_bag(pixels: NDArray[np.uint8], colour: tuple[int, int, int] = CREAM) -> Photo:
    """A bag with its handle, which encloses ground."""
    cv2.ellipse(pixels, (150, 190), (50, 70), 0, 180, 360, (120, 100, 80), 6)
    cv2.rectangle(pixels, (70, 190), (230, 320), colour, -1)
    return Photo(pixels)


@pytest.mark.parametrize("colour", [CREAM, (30, 40, 120)], ids=["nearly the ground's colour", "another colour"])
def test_a_bag_on_paper_is_found_with_its_handle(colour: tuple[int, int, int]) -> None:
    (bag,) = standing_out(with_a_bag(ground(), colour))
    left, top, right, bottom = bag.box
    assert bag.mask.shape == (HEIGHT, WIDTH)
    assert abs(left - 70) < 8
    assert abs(right - 231) < 8
    assert abs(top - 117) < 10
    assert abs(bottom - 321) < 8
    assert bag.mask[250, 150] > 0.9
    assert bag.mask[20, 20] < 0.1
    assert bag.quality > 0.8
    assert bag.group is Group.OTHER


def test_a_thing_may_reach_over_an_edge() -> None:
    pixels = ground()
    pixels[300:, 120:180] = (60, 60, 60)
    (thing,) = standing_out(Photo(pixels))
    assert thing.box[3] == HEIGHT


def test_ground_seen_through_a_handle_as_wide_as_a_gap_is_no_thing() -> None:
    pixels = ground()
    cv2.rectangle(pixels, (60, 60), (240, 340), (60, 60, 60), 14)
    (frame,) = standing_out(Photo(pixels))
    assert frame.mask[200, 60] > 0.9


@pytest.mark.parametrize(
    "photo",
    [
        Photo(ground()),
        Photo(np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)),
        with_a_bag(np.vstack([ground((200, 210, 230))[:200], ground((120, 90, 60))[:200]])),
        with_a_bag(carpet()),
        Photo(np.full((1, 500, 3), 255, np.uint8)),
    ],
    ids=["nothing on it", "noise", "a wall above a floor", "a carpet", "a line"],
)
def test_where_nothing_stands_out_from_plain_ground(photo: Photo) -> None:
    assert standing_out(photo) == ()


def test_dust_on_paper_is_no_thing() -> None:
    pixels = ground()
    pixels[100:130, 100:130] = 0
    assert standing_out(Photo(pixels)) == ()


class Names(NamedInTurn):
    """Sees a garment of one group, and names it, then whatever else it is shown."""

    def __init__(self, group: Group, *names: int) -> None:
        super().__init__(names)
        self.group = group

    def segment(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        groups = np.zeros((SIDE, SIDE, len(Group)), np.float32)
        groups[..., Group.BACKGROUND] = 1
        groups[100:130, 60:130] = np.eye(len(Group), dtype=np.float32)[self.group]
        return groups


def test_a_bag_is_named_where_nothing_of_the_ten_was() -> None:
    networks = Names(Group.UPPER, OTHER_CLOTHING, BAG)
    (bag,) = name_garments(with_a_bag(ground()), networks)
    assert bag.prediction.said == BAG
    assert bag.garment.group is Group.OTHER
    assert bag.garment.box[1] < 130


@pytest.mark.parametrize("then", [OTHER_CLOTHING, NO_CLOTHING, TROUSER], ids=["other", "no clothing", "trousers"])
def test_what_else_stands_out_was_seen_before(then: int) -> None:
    networks = Names(Group.LOWER, OTHER_CLOTHING, then, then)
    (shorts,) = name_garments(with_a_bag(ground()), networks)
    assert shorts.prediction.said == OTHER_CLOTHING
    assert shorts.garment.group is Group.LOWER


@pytest.mark.parametrize("looks", [1, 2], ids=["a pattern", "plain, but what stands out is no bag"])
def test_a_bag_without_an_outline_is_the_whole_photo(looks: int) -> None:
    photo = with_a_bag(ground() if looks == 2 else carpet())
    networks = Names(Group.UPPER, *[OTHER_CLOTHING] * looks, BAG)
    (bag,) = name_garments(photo, networks)
    assert bag.prediction.said == BAG
    assert bag.garment.box == (0, 0, *photo.pixels.shape[1::-1])
    assert bag.garment.quality == 0


def test_one_look_is_enough_where_one_of_the_ten_is_found() -> None:
    networks = Names(Group.UPPER, SHIRT, BAG)
    (garment,) = name_garments(with_a_bag(ground()), networks)
    assert garment.prediction.said == SHIRT
    assert networks.names == [BAG]
