"""Views for the network in colour: the one that is served, and variations that still show the garment."""

import numpy as np
import pytest

from bot.vision.color_classifier import OUTPUTS, SIDE, view_of
from bot.vision.garment import Garment
from bot.vision.photo import Photo
from training.data import views
from training.data.color_examples import of_garment
from training.data.views import Example, loose_box, varied_view, worn_down

BOX = (30, 20, 70, 100)


def garment_and_photo() -> tuple[Photo, Garment]:
    pixels = np.full((120, 100, 3), 210, np.uint8)
    mask = np.zeros((120, 100), np.float32)
    left, top, right, bottom = BOX
    mask[top:bottom, left:right] = 1
    pixels[mask > 0] = (200, 20, 20)
    return Photo(pixels), Garment(mask, BOX, float(mask.mean()), 0.9)


@pytest.fixture
def example() -> Example:
    return of_garment(*garment_and_photo(), frozenset({3}), "dress")


def test_an_example_answers_what_its_label_allows(example: Example) -> None:
    assert example.answer.tolist() == [float(at == 3) for at in range(OUTPUTS)]


def test_masks_are_kept_in_bytes() -> None:
    photo, garment = garment_and_photo()
    soft = Garment(np.full_like(garment.mask, 0.3), BOX, 1.0, 0.5)
    example = of_garment(photo, soft, frozenset({3}), "dress")
    assert example.mask.dtype == np.uint8
    np.testing.assert_allclose(example.soft_mask, 0.3, atol=0.002)


def test_varied_views_differ_and_show_the_garment(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "worn_down", lambda pixels, rng: pixels)
    rng = np.random.default_rng(0)
    drawn = [varied_view(example, rng) for _ in range(30)]
    assert all((each.shape, each.dtype) == ((SIDE, SIDE, 3), np.uint8) for each in drawn)
    red = [((each[..., 0] > 150) & (each[..., 1] < 90)).mean() for each in drawn]
    assert min(red) > 0.05
    assert len({each.tobytes() for each in drawn}) == 30


def test_a_loose_box_is_between_the_garment_and_the_photo_or_a_part(example: Example) -> None:
    rng = np.random.default_rng(1)
    larger = smaller = 0
    for _ in range(200):
        left, top, right, bottom = loose_box(example, rng)
        assert 0 <= left < right <= 100
        assert 0 <= top < bottom <= 120
        larger += left <= BOX[0] and top <= BOX[1] and right >= BOX[2] and bottom >= BOX[3]
        smaller += left >= BOX[0] and top >= BOX[1] and right <= BOX[2] and bottom <= BOX[3]
    assert larger > 80
    assert smaller > 50


def test_worn_down_views_keep_their_shape() -> None:
    rng = np.random.default_rng(2)
    view = view_of(*garment_and_photo())
    before = view.copy()
    for _ in range(20):
        worn = worn_down(view, rng)
        assert (worn.shape, worn.dtype) == (view.shape, np.uint8)
    np.testing.assert_array_equal(view, before)
