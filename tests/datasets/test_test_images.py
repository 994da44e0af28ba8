from pathlib import Path

import numpy as np
import pytest

from bot.course.steps.gap import HEEL
from bot.course.steps.lesson import FIRST
from bot.datasets import DataError, load_test, read_test, shipped_test_images
from bot.datasets.test_images import SHIPPED
from training.cli.draw_test_images import ALWAYS, drawn

MOST_BYTES = 200_000


def test_thirty_of_each_class_come_with_the_bot() -> None:
    test = shipped_test_images()
    assert (np.bincount(test.labels) == 30).all()
    assert test.images.shape == (300, 28, 28)
    assert test.images.dtype == np.uint8
    assert (np.diff(test.numbers.astype(int)) > 0).all()
    assert SHIPPED.stat().st_size < MOST_BYTES
    with pytest.raises(ValueError, match="read-only"):
        test.images[0] = 0


def test_they_are_the_data_sets_own_under_their_own_numbers(fashion_mnist_dir: Path) -> None:
    test, everything = shipped_test_images(), load_test(fashion_mnist_dir)
    assert (test.images == everything.images[test.numbers]).all()
    assert (test.labels == everything.labels[test.numbers]).all()


def test_the_file_is_what_drawing_gives(fashion_mnist_dir: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.npz"
    again.write_bytes(drawn(load_test(fashion_mnist_dir)))
    assert (shipped_test_images(again).numbers == shipped_test_images().numbers).all()


def test_those_that_the_course_speaks_of_are_among_them() -> None:
    assert set(ALWAYS) == {FIRST, HEEL}
    for number in ALWAYS:
        assert shipped_test_images().numbers[shipped_test_images().place(number)] == number


def test_one_that_is_not_among_them_is_a_clear_line() -> None:
    missing = int(np.setdiff1d(np.arange(10_000), shipped_test_images().numbers)[-1])
    with pytest.raises(DataError, match=f"test image {missing} is not among the 300"):
        shipped_test_images().place(missing)
    with pytest.raises(DataError):
        shipped_test_images().place(10_000)


@pytest.mark.parametrize("content", [b"", b"no archive", SHIPPED.read_bytes()[:-5000]], ids=["empty", "other", "cut"])
def test_a_damaged_file_is_a_clear_line(content: bytes, tmp_path: Path) -> None:
    damaged = tmp_path / "test_images.npz"
    damaged.write_bytes(content)
    with pytest.raises(DataError, match=r"test_images\.npz"):
        shipped_test_images(damaged)


def test_reading_fetches_nothing(tmp_path: Path) -> None:
    assert read_test(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_reading_takes_what_is_there(fashion_mnist_dir: Path) -> None:
    split = read_test(fashion_mnist_dir)
    assert split is not None
    assert len(split) == 10_000
