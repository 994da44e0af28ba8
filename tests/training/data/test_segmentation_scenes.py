"""Scenes: squares with sets that are possible, of every kind, and the same for the same seed."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from bot.vision.garment import SIDE, Group
from tests.training.data.handful import Darkness, darkness, handful
from training.data import segmentation_scenes
from training.data.pixel_groups import ANYTHING, BACKGROUND, NO_CLOTHING, WORN_WITH, allowed
from training.data.segmentation_samples import Sample, Samples, gather_samples
from training.data.segmentation_scenes import SHARES, SceneMaker, photographed, warp


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    with pytest.MonkeyPatch.context() as patched:
        photos = handful(tmp_path_factory.mktemp("data"), patched)
        return gather_samples(photos.data_dir, darkness, Darkness(), lambda line: None)


def maker(samples: Samples, seed: int = 0, pictures: int = 2) -> SceneMaker:
    rng = np.random.default_rng(9)
    library = [rng.integers(0, 255, (80, 100, 3)).astype(np.uint8) for _ in range(pictures)]
    return SceneMaker(samples, library, np.random.default_rng(seed))


def only(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmentation_scenes, "SHARES", {each: float(each == kind) for each in SHARES})


def test_a_batch_is_squares_with_possible_sets(samples: Samples) -> None:
    pixels, sets = maker(samples).batch(120)
    assert (pixels.shape, pixels.dtype) == ((120, SIDE, SIDE, 3), np.uint8)
    assert (sets.shape, sets.dtype) == ((120, SIDE, SIDE), np.uint16)
    assert 0 < sets.min()
    assert sets.max() <= ANYTHING
    for group in (Group.UPPER, Group.LOWER, Group.BAG, Group.SHOE):
        assert (sets == allowed(group)).any()


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("street", {Group.UPPER, Group.LOWER, Group.PERSON, Group.BAG}),
        ("flat", {Group.DRESS, Group.LOWER}),
        ("object", {Group.BAG, Group.SHOE, Group.OTHER}),
    ],
)
def test_each_kind_of_scene_shows_what_it_is_of(
    kind: str, shown: set[Group], samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(kind, monkeypatch)
    _, sets = maker(samples).batch(30)
    assert {group for group in Group if group and (sets == allowed(group)).any()} == shown
    assert np.mean([(each == BACKGROUND).any() or (each == NO_CLOTHING).any() for each in sets]) > 0.8


def test_some_products_stay_on_the_ground_of_their_shop(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    only("object", monkeypatch)
    drawn, grounds = maker(samples), []
    monkeypatch.setattr(drawn, "ground", lambda: grounds.append(1) or np.zeros((SIDE, SIDE, 3), np.uint8))
    drawn.batch(40)
    assert 0 < len(grounds) < 40


def test_worn_products_are_something_worn_or_the_wearer(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    only("worn", monkeypatch)
    _, sets = maker(samples).batch(20)
    assert not (sets & (ANYTHING & ~(WORN_WITH["shirt"] | BACKGROUND))).any()
    assert all(np.isin(each, (allowed(Group.UPPER), allowed(Group.LOWER))).any() for each in sets)


def test_scenes_of_nothing_allow_no_clothing_anywhere(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    only("nothing", monkeypatch)
    _, sets = maker(samples).batch(10)
    assert (sets == NO_CLOTHING).all()


def test_the_same_seed_draws_the_same_scenes(samples: Samples) -> None:
    one, same, other = (maker(samples, seed).batch(6) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one[0], same[0])
    np.testing.assert_array_equal(one[1], same[1])
    assert not np.array_equal(one[1], other[1])


def test_products_and_library_pictures_may_be_missing(samples: Samples) -> None:
    pixels, _ = maker(replace(samples, alone=[]), pictures=0).batch(30)
    assert len(pixels) == 30


def test_a_product_on_another_ground_is_where_it_is_said_to_be(
    samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = np.full((60, 40, 3), 255, np.uint8)
    product = np.zeros((60, 40), bool)
    product[10:50, 10:30] = True
    pixels[product] = (90, 40, 30)
    monkeypatch.setattr(segmentation_scenes, "_recoloured", lambda pixels, rng: pixels)
    drawn = maker(samples)
    monkeypatch.setattr(drawn, "ground", lambda: np.full((SIDE, SIDE, 3), 200, np.uint8))
    for _ in range(10):
        scene, mask = drawn.on_ground(pixels, product)
        assert (scene.shape, mask.shape, mask.dtype) == ((SIDE, SIDE, 3), (SIDE, SIDE), np.dtype(bool))
        assert 0.02 < mask.mean() < 0.9
        within = mask & ~near_the_edge(mask)
        assert abs(scene[within].astype(int) - (90, 40, 30)).mean() < 12


def near_the_edge(mask: np.ndarray) -> np.ndarray:
    """Where a mask's outline is blurred."""
    return cv2.dilate((~mask).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0


def test_a_warp_moves_pixels_and_sets_together() -> None:
    rng = np.random.default_rng(4)
    pixels = np.full((90, 60, 3), 200, np.uint8)
    pixels[20:70, 15:45] = 20
    sets = np.where(pixels[..., 0] < 100, allowed(Group.DRESS), BACKGROUND).astype(np.uint16)
    for _ in range(20):
        seen, moved = warp(Sample(pixels, sets, "dress"), rng)
        assert set(np.unique(moved).tolist()) == {BACKGROUND, allowed(Group.DRESS)}
        assert ((seen[..., 0] < 110) == (moved == allowed(Group.DRESS))).mean() > 0.97


def test_outside_a_cut_there_is_nothing() -> None:
    sets = np.full((40, 40), allowed(Group.BAG), np.uint16)
    sample = Sample(np.full((40, 40, 3), 90, np.uint8), sets, "bag")
    far = warp(sample, np.random.default_rng(0), around=(-60, -60, 100, 100), cut=True)
    assert set(np.unique(far[1]).tolist()) == {0, allowed(Group.BAG)}
    reflected = warp(sample, np.random.default_rng(0), around=(-60, -60, 100, 100))
    assert set(np.unique(reflected[1]).tolist()) == {allowed(Group.BAG)}


def test_a_photographed_scene_is_still_that_scene() -> None:
    rng = np.random.default_rng(0)
    pixels = np.full((SIDE, SIDE, 3), 60, np.uint8)
    pixels[:, SIDE // 2 :] = 190
    for _ in range(20):
        taken = photographed(pixels, rng)
        assert (taken.shape, taken.dtype) == (pixels.shape, np.uint8)
        assert taken[:, SIDE // 2 + 5 :].mean() > taken[:, : SIDE // 2 - 5].mean() + 40
