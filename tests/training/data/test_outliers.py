"""Pictures of no clothing: which are learnt from, and what the front end makes of them."""

from pathlib import Path

import numpy as np
import pytest

from bot.registry.layout import SEGMENTER_FILE, SHIPPED_MODELS
from bot.vision.photo import Photo
from tests.training.data.handful import Darkness, Handful, handful
from training.data import outliers
from training.data.outliers import KEPT_SIDE, LEAST_SIDE, MEASURED_ONLY, library_pictures, outlier_pictures
from training.data.photos import read_photo


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Handful:
    monkeypatch.setattr(outliers, "TfliteSegmenter", lambda *_, **__: Darkness())
    return handful(tmp_path, monkeypatch)


def test_library_pictures_to_measure_with_are_not_learnt_from() -> None:
    learnt, measured = library_pictures(), library_pictures(measured_only=True)
    assert len(measured) == len(MEASURED_ONLY)
    assert len(learnt) > len(measured)
    assert not {each.tobytes() for each in learnt} & {each.tobytes() for each in measured}
    for picture in (*learnt, *measured):
        assert picture.dtype == np.uint8
        assert picture.shape[2] == 3
        assert LEAST_SIDE <= min(picture.shape[:2]) <= KEPT_SIDE


def drawn(photos: Handful, count: int, seed: int) -> np.ndarray:
    return outlier_pictures(photos.data_dir, SHIPPED_MODELS / SEGMENTER_FILE, count, seed)


def test_each_is_a_picture_of_something(photos: Handful) -> None:
    pictures = drawn(photos, 12, 0)
    assert (pictures.shape, pictures.dtype) == ((12, 28, 28), np.uint8)
    assert all(each.max() > 40 for each in pictures)
    assert len({each.tobytes() for each in pictures}) == 12


def test_the_seed_decides(photos: Handful) -> None:
    np.testing.assert_array_equal(drawn(photos, 5, 1), drawn(photos, 5, 1))
    assert not np.array_equal(drawn(photos, 5, 1), drawn(photos, 5, 2))


def test_what_is_held_out_is_not_drawn_from(photos: Handful, monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[Path] = set()

    def record(path: Path) -> Photo:
        read.add(path)
        return read_photo(path)

    monkeypatch.setattr(outliers, "read_photo", record)
    told: list[tuple[int, int]] = []
    segmenter = SHIPPED_MODELS / SEGMENTER_FILE

    outlier_pictures(photos.data_dir, segmenter, 4, 0, lambda *done: told.append(done))

    assert read == {path for path in photos.learnt if "no-clothing" in path.parts}
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
