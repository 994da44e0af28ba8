"""The networks that look at a photo, found in a models folder or among the shipped ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.vision import eyes
from bot.vision.eyes import ADVISER_FILE, CLOTHING_FILE, SEGMENTER_FILE, SHIPPED_MODELS, LazyEyes, open_finder
from bot.vision.model_store import NoModelError
from bot.vision.photo import Photo

FILES = (SEGMENTER_FILE, ADVISER_FILE, CLOTHING_FILE)
GRAY = Photo(np.full((60, 40, 3), 120, np.uint8))


@pytest.mark.parametrize("file", FILES)
def test_a_missing_network_is_named_when_a_photo_needs_it(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eyes, "SHIPPED_MODELS", tmp_path)
    for name in {*FILES} - {file}:
        (tmp_path / name).write_bytes((SHIPPED_MODELS / name).read_bytes())
    finder = open_finder(tmp_path)

    with pytest.raises(NoModelError, match=file):
        finder.find(GRAY)


def test_a_network_that_comes_later_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eyes, "SHIPPED_MODELS", tmp_path)
    finder = open_finder(tmp_path)
    with pytest.raises(NoModelError):
        finder.find(GRAY)

    for name in FILES:
        (tmp_path / name).write_bytes((SHIPPED_MODELS / name).read_bytes())

    assert finder.find(GRAY)[0].opinion is not None


def test_the_shipped_networks_stand_in_for_broken_and_missing_ones(tmp_path: Path) -> None:
    (tmp_path / SEGMENTER_FILE).write_bytes(b"\0\0\0\0TFL3 and then nothing")

    segmenter, adviser = LazyEyes(tmp_path).load()

    assert segmenter is not None
    assert adviser is not None


def test_a_broken_network_is_named_as_such_where_no_other_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eyes, "SHIPPED_MODELS", tmp_path / "none")
    (tmp_path / SEGMENTER_FILE).write_bytes(b"\0\0\0\0TFL3 and then nothing")

    with pytest.raises(NoModelError, match=f"{SEGMENTER_FILE}: the interpreter cannot load"):
        open_finder(tmp_path).find(GRAY)
