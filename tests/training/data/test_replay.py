"""What a refresh looks at again: drawn from every set, never from what is held out, and found once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.vision.color_classifier import SIDE
from bot.vision.labels import DRESS, NO_CLOTHING, TROUSER
from tests.training.data.handful import Darkness, handful
from training.data import color_examples, replay
from training.data.replay import Replay, cached_replay
from training.data.segmentation_samples import read_small


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    photos = handful(tmp_path / "data", monkeypatch)
    monkeypatch.setattr(replay, "TfliteSegmenter", lambda model, interpreters: Darkness())
    read: list[Path] = []

    def record(path: Path, side: int) -> np.ndarray:
        read.append(path)
        return read_small(path, side)

    monkeypatch.setattr(color_examples, "read_small", record)

    def draw(segmenter: bytes = b"one") -> tuple[Replay, set[Path]]:
        read.clear()
        return cached_replay(photos.data_dir, segmenter, tmp_path / "cache"), set(read)

    return draw, photos


def test_is_drawn_from_every_set_and_never_from_what_is_held_out(cached) -> None:
    draw, photos = cached
    drawn, read = draw()
    assert read
    assert read <= photos.learnt
    assert len(drawn) == len(drawn.answers) > 0
    assert len(drawn) % 2 == 0, "each garment as it is served, and varied"
    assert drawn.views(0, 2).shape == (2, SIDE, SIDE, 3)
    shown = {tuple(np.flatnonzero(row)) for row in drawn.answers}
    assert {(DRESS,), (TROUSER,), (NO_CLOTHING,)} <= shown


def test_is_found_once_for_a_segmenter(cached, tmp_path: Path) -> None:
    draw, _ = cached
    first, _ = draw()
    again, read = draw()
    assert not read
    assert again.files == first.files
    np.testing.assert_array_equal(again.answers, first.answers)
    _, read = draw(b"another")
    assert read, "another segmenter finds other garments"
    assert len(list((tmp_path / "cache").iterdir())) == 1, "what is of no use is not kept"


def test_a_damaged_cache_is_made_anew(cached, tmp_path: Path) -> None:
    draw, _ = cached
    first, _ = draw()
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    again, read = draw()
    assert read
    assert again.files == first.files


def test_a_view_is_kept_nearly_as_it_was() -> None:
    from bot.vision.garment import whole_photo
    from bot.vision.photo import Photo
    from training.data.color_examples import of_garment
    from training.data.replay import replay_of
    from training.data.views import plain_view

    ramp = np.linspace(0, 255, 120)[:, None, None] * np.array([1, 0.5, 0.2])
    photo = Photo(np.broadcast_to(ramp, (120, 90, 3)).astype(np.uint8))
    example = of_garment(photo, whole_photo(photo), frozenset({DRESS}), "dress")
    kept = replay_of([example], np.random.default_rng(0)).views(0, 1)[0]
    assert np.abs(kept.astype(int) - plain_view(example)).mean() < 3
