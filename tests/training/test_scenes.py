"""Scenes for the segmenter: pictures whose masks are known."""

import cv2
import numpy as np
import pytest

from training.outliers import MEASURED_ONLY, SHOW_CLOTHING, library_pictures
from training.pseudo_masks import iou
from training.scenes import NOTHING, OTHER_CLOTHING, SIDE, TEN, Cut, SceneMaker, texture, thing_mask


def cut(label: str = "t-shirt", colour: tuple[int, int, int] = (180, 30, 40)) -> Cut:
    """A drawn T on a pale ground."""
    pixels = np.full((128, 96, 3), 225, np.uint8)
    mask = np.zeros((128, 96), np.uint8)
    cv2.fillPoly(mask, [np.array([[8, 24], [88, 24], [88, 44], [66, 44], [66, 110], [30, 110], [30, 44], [8, 44]])], 1)
    pixels[mask > 0] = colour
    pixels = np.clip(pixels + np.random.default_rng(1).normal(0, 4, pixels.shape), 0, 255)
    return Cut(pixels.astype(np.uint8), mask, label)


@pytest.fixture
def maker() -> SceneMaker:
    rng = np.random.default_rng(2)
    small = rng.integers(0, 255, (4, 28, 28), np.uint8)
    cuts = [cut(), cut("trouser"), cut("hat"), cut("sneaker"), cut("dress")]
    return SceneMaker(cuts, small, small, library_pictures()[:2], rng)


def test_scenes_are_pictures_with_groups(maker: SceneMaker) -> None:
    scenes = [maker.scene(cut()) for _ in range(200)]

    assert {scene.pixels.shape for scene in scenes} == {(SIDE, SIDE, 3)}
    assert {scene.groups.shape for scene in scenes} == {(SIDE, SIDE)}
    assert max(int(scene.groups.max()) for scene in scenes) <= 5
    assert {scene.kind for scene in scenes} == {TEN, NOTHING}
    for scene in scenes:
        assert scene.kind == TEN or not scene.groups.any()
    some_person = [scene for scene in scenes if {1, 2} <= set(np.unique(scene.groups).tolist())]
    assert some_person, "a drawn person wears a top and trousers"


def test_hats_are_other_clothing(maker: SceneMaker) -> None:
    kinds = [maker._photo(cut("hat")).kind for _ in range(3)]

    assert kinds == [OTHER_CLOTHING] * 3


def test_the_mask_moves_with_the_garment(maker: SceneMaker) -> None:
    for _ in range(20):
        scene = maker._photo(cut())
        red = (scene.pixels[..., 0].astype(int) - scene.pixels[..., 1]) > 60
        if red.sum() > 200:  # not recoloured
            assert iou(red.astype(np.uint8), (scene.groups > 0).astype(np.uint8)) > 0.85


@pytest.mark.parametrize("seed", range(12))
def test_textures_and_things_fill_a_square(seed: int) -> None:
    rng = np.random.default_rng(seed)

    assert texture(rng).shape == (SIDE, SIDE, 3)
    assert thing_mask(rng).any()


def test_library_pictures_for_measuring_are_kept_apart() -> None:
    learnt, measured = library_pictures(), library_pictures(measured_only=True)

    assert len(learnt) >= 12
    assert len(measured) == len(MEASURED_ONLY)
    assert not SHOW_CLOTHING & MEASURED_ONLY
    for one in measured:
        assert not any(one.shape == other.shape and (one == other).all() for other in learnt)
