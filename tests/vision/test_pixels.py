"""What the model sees of a garment."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.vision.garment import Garment
from bot.vision.photo import Photo
from bot.vision.pixels import MIDDLE_TONE, to_pixels


def garment_in(mask: NDArray[np.float32]) -> Garment:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return Garment(mask=mask, box=box, area=float(mask.mean()), quality=1.0)


def shirt(cloth: int, ground: int, *, noise: float = 12.0) -> tuple[Photo, Garment]:
    """A 200 x 160 photo with a rectangle of cloth of 140 x 70."""
    rng = np.random.default_rng(3)
    pixels = np.full((200, 160, 3), ground, float)
    mask = np.zeros((200, 160), np.float32)
    mask[30:170, 45:115] = 1
    pixels[mask > 0] = cloth + rng.normal(0, noise, (int(mask.sum()), 1))
    return Photo(np.clip(pixels, 0, 255).astype(np.uint8)), garment_in(mask)


def test_longest_side_is_28_and_the_rest_is_black() -> None:
    pixels = to_pixels(*shirt(90, 220))

    assert pixels.shape == (28, 28)
    assert pixels.dtype == np.float32
    assert 0 <= pixels.min() <= pixels.max() <= 1
    lit = pixels > 0.1
    assert lit.any(1).sum() == 28
    assert lit.any(0).sum() == 14
    assert not lit[:, :7].any()
    assert not lit[:, 21:].any()


def test_the_odd_pixel_goes_left_and_top() -> None:
    mask = np.zeros((280, 280), np.float32)
    mask[:, 20:150] = 1  # 28 x 13
    pixels = to_pixels(Photo(np.full((280, 280, 3), 80, np.uint8)), garment_in(mask))

    columns = np.flatnonzero((pixels > 0.1).any(0))
    assert (columns[0], 27 - columns[-1]) == (8, 7)


@pytest.mark.parametrize(("cloth", "ground"), [(20, 230), (235, 250), (235, 20), (120, 130)])
def test_tones_do_not_depend_on_the_colour_of_the_cloth_or_the_ground(cloth: int, ground: int) -> None:
    pixels = to_pixels(*shirt(cloth, ground))

    assert pixels[pixels > 0].mean() == pytest.approx(MIDDLE_TONE, abs=0.08)


def test_the_ground_does_not_bleed_into_the_garment() -> None:
    on_white, on_black = to_pixels(*shirt(120, 255)), to_pixels(*shirt(120, 0))

    np.testing.assert_allclose(on_white, on_black, atol=0.02)


def test_dark_details_are_bright_as_in_the_data_set() -> None:
    photo, garment = shirt(200, 250, noise=2)
    pixels = photo.pixels.copy()
    pixels[90:110, 60:100] = 40
    shown = to_pixels(Photo(pixels), garment)

    assert shown[13:15, 12:16].mean() > shown[4:8, 10:18].mean() + 0.2


def test_a_plain_cloth_stays_plain() -> None:
    pixels = to_pixels(*shirt(130, 250, noise=1))

    assert pixels[2:26, 9:19].std() < 0.05


@pytest.mark.parametrize("box", [(0, 0, 1, 1), (0, 0, 300, 1), (0, 0, 1, 300)])
def test_the_thinnest_garments_still_give_a_picture(box: tuple[int, int, int, int]) -> None:
    photo = Photo(np.full((300, 300, 3), 99, np.uint8))
    mask = np.zeros((300, 300), np.float32)
    mask[box[1] : box[3], box[0] : box[2]] = 1

    pixels = to_pixels(photo, Garment(mask=mask, box=box, area=float(mask.mean()), quality=0.1))

    assert np.isfinite(pixels).all()
    assert pixels.shape == (28, 28)


def lit(pixels: NDArray[np.float32]) -> tuple[list[int], list[int]]:
    """Rows and columns in which something of the garment is."""
    return np.flatnonzero((pixels > 0.05).any(1)).tolist(), np.flatnonzero((pixels > 0.05).any(0)).tolist()


def test_a_wide_garment_is_in_the_middle_too() -> None:
    mask = np.zeros((280, 280), np.float32)
    mask[20:150] = 1  # 13 x 28

    rows, columns = lit(to_pixels(Photo(np.full((280, 280, 3), 80, np.uint8)), garment_in(mask)))

    assert (rows, columns) == (list(range(8, 21)), list(range(28)))


def test_the_thinnest_garments_are_one_pixel_wide() -> None:
    photo = Photo(np.full((300, 300, 3), 99, np.uint8))
    upright, lying = np.zeros((2, 300, 300), np.float32)
    upright[:, 0] = lying[0] = 1

    assert lit(to_pixels(photo, garment_in(upright))) == (list(range(28)), [14])
    assert lit(to_pixels(photo, garment_in(lying))) == ([14], list(range(28)))


def test_a_plain_cloth_has_no_rim() -> None:
    cross = np.zeros((28, 28), np.float32)
    cross[:, 9:19] = cross[9:19] = 1

    pixels = to_pixels(Photo(np.full((280, 280, 3), 130, np.uint8)), garment_in(cross.repeat(10, 0).repeat(10, 1)))

    assert pixels[cross > 0] == pytest.approx(MIDDLE_TONE, abs=0.001)
    assert (pixels[cross == 0] == 0).all()


def test_a_weave_finer_than_a_pixel_is_averaged() -> None:
    pixels = to_pixels(*shirt(130, 250, noise=25))

    assert pixels[2:26, 9:19].std() < 0.13


@pytest.mark.parametrize("side", [10, 20])
def test_a_small_garment_is_enlarged_without_blocks(side: int) -> None:
    shades = np.tile(np.linspace(40, 200, side), (side, 1))
    photo = Photo(np.repeat(shades[..., None], 3, axis=2).astype(np.uint8))

    row = to_pixels(photo, garment_in(np.ones((side, side), np.float32)))[14, 2:26]

    assert (np.diff(row) < 0).all()


def test_the_lightest_detail_is_not_as_black_as_the_ground() -> None:
    photo, garment = shirt(20, 250, noise=0)
    pixels = photo.pixels.copy()
    pixels[90:110, 60:100] = 250

    assert to_pixels(Photo(pixels), garment)[:, 7:21].min() == pytest.approx(0.1, abs=0.001)
