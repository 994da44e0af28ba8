"""What the network in colour is shown, and what it answers."""

import cv2
import numpy as np
import pytest

from bot.registry.layout import COLOR_CLASSIFIER_FILE, SHIPPED_MODELS
from bot.vision.color_classifier import (
    GROUND,
    MARGIN,
    OUTPUTS,
    PALED,
    SIDE,
    HiddenViews,
    TfliteColorClassifier,
    framing,
    view,
    view_of,
)
from bot.vision.explain import frame_of
from bot.vision.garment import Garment
from bot.vision.interpreter import ModelError
from bot.vision.photo import Photo
from tests.vision.tiny_models import tiny_model

RED, WHITE, BLUE = (220, 10, 10), (255, 255, 255), (0, 0, 200)
NOTHING_HIDDEN = np.zeros((28, 28), bool)


def garment_in(width: int, height: int, box: tuple[int, int, int, int]) -> Garment:
    left, top, right, bottom = box
    mask = np.zeros((height, width), np.float32)
    mask[top:bottom, left:right] = 1
    return Garment(mask, box, area=float(mask.mean()), quality=1.0)


def red_on_white(width: int, height: int, box: tuple[int, int, int, int]) -> tuple[Photo, Garment]:
    left, top, right, bottom = box
    pixels = np.full((height, width, 3), WHITE, np.uint8)
    pixels[top:bottom, left:right] = RED
    return Photo(pixels), garment_in(width, height, box)


def red(shown: np.ndarray) -> np.ndarray:
    return (shown[..., 0] > 150) & (shown[..., 2] < 60)


@pytest.mark.parametrize(
    ("size", "box"),
    [((300, 400), (50, 40, 150, 240)), ((640, 480), (600, 10, 640, 30)), ((60, 60), (10, 20, 50, 40))],
)
def test_a_garment_is_in_the_middle_as_large_as_the_margin_lets_it(
    size: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    shown = view_of(*red_on_white(*size, box))

    assert shown.shape == (SIDE, SIDE, 3)
    assert shown.dtype == np.uint8
    left, top, width, height = cv2.boundingRect(red(shown).astype(np.uint8))
    scale = SIDE / (MARGIN * max(box[2] - box[0], box[3] - box[1]))
    assert (width, height) == pytest.approx(((box[2] - box[0]) * scale, (box[3] - box[1]) * scale), abs=0.03 * SIDE)
    assert (left + width / 2, top + height / 2) == pytest.approx((SIDE / 2, SIDE / 2), abs=2)


@pytest.mark.parametrize("box", [(10, 20, 50, 40), (0, 0, 3, 640), (5, 5, 6, 6)])
def test_the_middle_of_the_box_is_the_middle_of_the_view(box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box

    frame = framing(box)

    middle = frame @ [(left + right - 1) / 2, (top + bottom - 1) / 2, 1]
    assert middle == pytest.approx(np.full(2, (SIDE - 1) / 2))
    assert frame[:, :2] == pytest.approx(np.eye(2) * SIDE / (MARGIN * max(right - left, bottom - top)))


def test_the_garment_keeps_its_colour_and_its_surroundings_are_paled() -> None:
    shown = view_of(*red_on_white(300, 400, (50, 40, 150, 240)))

    assert shown[80, 80].tolist() == pytest.approx(RED, abs=1)
    assert shown[80, 25].tolist() == pytest.approx([GROUND + PALED * (255 - GROUND)] * 3, abs=1)


@pytest.mark.parametrize(("paled", "ground"), [(0.0, GROUND), (1.0, 255.0)])
def test_how_much_is_paled_is_chosen(paled: float, ground: float) -> None:
    photo, garment = red_on_white(300, 400, (50, 40, 150, 240))

    shown = view(photo.pixels, garment.mask, framing(garment.box), paled)

    assert shown[80, 25].tolist() == pytest.approx([ground] * 3, abs=1)
    assert shown[80, 80].tolist() == pytest.approx(RED, abs=1)


def test_beyond_the_photo_all_is_gray() -> None:
    shown = view_of(*red_on_white(40, 200, (0, 0, 40, 200)))

    assert (shown[:, :40] == round(GROUND)).all()


def test_a_fine_pattern_becomes_its_mean_and_no_moire() -> None:
    pixels = np.zeros((640, 640, 3), np.uint8)
    pixels[:, ::2] = 255
    shown = view_of(Photo(pixels), garment_in(640, 640, (0, 0, 640, 640)))

    assert shown[20:140, 20:140].astype(float).std() < 10


@pytest.mark.parametrize("size", [(1, 1), (1, 640), (640, 1), (2, 3)])
def test_the_thinnest_garments_still_give_a_view(size: tuple[int, int]) -> None:
    width, height = size
    photo, garment = red_on_white(width, height, (0, 0, width, height))

    assert view_of(photo, garment).shape == (SIDE, SIDE, 3)
    hidden = HiddenViews(photo, garment, frame_of(garment)).hiding(~NOTHING_HIDDEN)
    assert hidden.shape == (SIDE, SIDE, 3)


def test_with_nothing_hidden_the_view_is_the_one_that_is_served() -> None:
    photo, garment = red_on_white(300, 400, (50, 40, 150, 240))

    shown = HiddenViews(photo, garment, frame_of(garment)).hiding(NOTHING_HIDDEN)

    np.testing.assert_array_equal(shown, view_of(photo, garment))


def test_with_everything_hidden_only_outline_and_mean_colour_are_left() -> None:
    photo, garment = red_on_white(300, 400, (50, 40, 150, 240))
    pixels = photo.pixels.copy()
    pixels[40:140, 50:150] = BLUE
    photo = Photo(pixels)
    views = HiddenViews(photo, garment, frame_of(garment))

    hidden = views.hiding(~NOTHING_HIDDEN)

    assert hidden[40:120, 60:100].reshape(-1, 3).std(0).max() < 2
    assert hidden[80, 80].tolist() == pytest.approx(np.mean([RED, BLUE], axis=0), abs=8)
    outside = view_of(photo, garment)[:, :25]
    np.testing.assert_array_equal(hidden[:, :25], outside)


def test_hiding_leaves_the_view_as_it_was_for_the_next_part() -> None:
    photo, garment = red_on_white(300, 400, (50, 40, 150, 240))
    pixels = photo.pixels.copy()
    pixels[100:140, 80:120] = BLUE
    views = HiddenViews(Photo(pixels), garment, frame_of(garment))
    before = views.hiding(NOTHING_HIDDEN)

    views.hiding(~NOTHING_HIDDEN)

    np.testing.assert_array_equal(views.hiding(NOTHING_HIDDEN), before)


def test_the_shipped_network_gives_twelve_shares() -> None:
    network = TfliteColorClassifier((SHIPPED_MODELS / COLOR_CLASSIFIER_FILE).read_bytes())

    shares = network.classify(view_of(*red_on_white(300, 400, (50, 40, 150, 240))))

    assert shares.shape == (OUTPUTS,) == (12,)
    assert shares.dtype == np.float32
    assert (shares >= 0).all()
    assert shares.sum() == pytest.approx(1, abs=1e-3)


def test_a_network_for_other_pictures_is_refused() -> None:
    with pytest.raises(ModelError):
        TfliteColorClassifier(tiny_model())
