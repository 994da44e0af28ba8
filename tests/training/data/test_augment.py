"""Batches are varied as they should be, and the same for the same seed."""

import numpy as np
import pytest

pytest.importorskip("tensorflow")

import keras

from training.data import augment


def seeds(seed: int = 3) -> keras.random.SeedGenerator:
    return keras.random.SeedGenerator(seed)


def pictures(count: int = 64) -> "keras.KerasTensor":
    """A bright L on black, the same in each picture: its mirror image is another shape."""
    picture = np.zeros((28, 28), np.float32)
    picture[6:22, 8:12] = 0.8
    picture[18:22, 8:20] = 0.6
    return keras.ops.convert_to_tensor(np.repeat(picture[None], count, 0))


def test_half_of_the_pictures_are_mirrored_and_clean_ones_stay_crisp() -> None:
    moved = np.asarray(augment.warp(pictures(400), augment.CLEAN, seeds()))

    heavier_left = moved[:, :, :14].sum((1, 2)) > moved[:, :, 14:].sum((1, 2))
    assert 0.35 < heavier_left.mean() < 0.65
    assert np.unique(moved.round(3)).tolist() == pytest.approx([0.0, 0.6, 0.8])


def test_shifts_stay_within_their_bound() -> None:
    moved = np.asarray(augment.warp(pictures(200), augment.CLEAN, seeds()))

    rows = [np.flatnonzero(picture.any(1)) for picture in moved]
    assert min(row[0] for row in rows) >= 6 - 3
    assert max(row[-1] for row in rows) <= 21 + 3
    assert len({int(row[0]) for row in rows}) >= 4


@pytest.mark.parametrize("how", [augment.PHOTO, augment.RANDOMISED])
def test_turned_pictures_keep_their_light(how: augment.Warp) -> None:
    before, after = pictures(200), augment.warp(pictures(200), how, seeds())

    assert after.shape == before.shape
    ratio = float(keras.ops.sum(after) / keras.ops.sum(before))
    assert ratio == pytest.approx(1, abs=0.15)


def test_a_square_is_cut_out_of_a_share() -> None:
    bright = keras.ops.ones((500, 28, 28))

    cut = np.asarray(augment.cut_out(bright, 12, 0.4, seeds()))

    touched = (cut == 0).any((1, 2))
    assert 0.3 < touched.mean() < 0.5
    assert (cut == 0).sum((1, 2)).max() <= 13 * 13
    assert (np.asarray(augment.cut_out(bright, 12, 1.0, seeds())) == 0).any((1, 2)).all()


def test_retoning_leaves_black_black() -> None:
    toned = np.asarray(augment.retone(pictures(), 0.3, seeds()))

    outside = pictures().numpy() == 0
    assert (toned[outside] == 0).all()
    assert 0 <= toned.min() <= toned.max() <= 1
    assert toned[~outside].std() > 0.05


def test_like_a_photo_inverts_about_half_and_stays_in_range() -> None:
    posed = np.asarray(augment.like_a_photo(pictures(400), seeds()))

    assert 0 <= posed.min() <= posed.max() <= 1
    inverted = posed[:, 8:16, 9:11].mean((1, 2)) < posed[:, 19:21, 14:19].mean((1, 2))
    assert 0.3 < inverted.mean() < 0.7


def test_the_same_seed_gives_the_same_batch() -> None:
    one, two = (np.asarray(augment.like_a_photo(pictures(), seeds())) for _ in range(2))
    other = np.asarray(augment.like_a_photo(pictures(), seeds(4)))

    np.testing.assert_array_equal(one, two)
    assert np.abs(one - other).max() > 0.1
