"""What was found in photos, kept and forgotten at the right moments."""

import os
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from training.data.looks import Looks
from training.evaluation.kept_findings import KEPT, found_once


class Networks:
    """Counts how often it looks."""

    def __init__(self) -> None:
        self.looks = 0

    def look(self) -> Looks:
        """Two garments in the first photo, none in the second."""
        self.looks += 1
        return Looks(
            pixels=np.full((3, 28, 28), 1 / 3, np.float32),
            colors=np.linspace(0, 1, 36, dtype=np.float32).reshape(3, 12) / 3,
            areas=np.array([0.1 + 0.2, 1 / 3, 1.0]),
            salience=np.array([0.5, 0.3, 1.0]),
            photo=np.array([0, 0, 1]),
            found=np.array([True, False]),
        )


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A photo and a network."""
    photo, network = tmp_path / "photo.jpg", tmp_path / "network.tflite"
    photo.write_bytes(b"a photo")
    network.write_bytes(b"a network")
    return photo, network


def test_comes_back_as_it_was(tmp_path: Path, files: tuple[Path, Path]) -> None:
    networks, (photo, network) = Networks(), files
    fresh, kept = (found_once([photo], [network], tmp_path / "cache", networks.look) for _ in range(2))
    assert networks.looks == 1
    for field in fields(Looks):
        expected, got = getattr(fresh, field.name), getattr(kept, field.name)
        np.testing.assert_array_equal(expected, got)
        assert expected.dtype == got.dtype
    np.testing.assert_array_equal(kept.first, [0, 2])


def test_is_found_again_after_any_change(tmp_path: Path, files: tuple[Path, Path]) -> None:
    networks, (photo, network), cache = Networks(), files, tmp_path / "cache"
    found_once([photo], [network], cache, networks.look)
    network.write_bytes(b"another network")
    found_once([photo], [network], cache, networks.look)
    os.utime(photo, (1, 1))
    found_once([photo], [network], cache, networks.look)
    assert networks.looks == 3
    for kept in cache.iterdir():
        kept.write_bytes(kept.read_bytes()[:500])
    found_once([photo], [network], cache, networks.look)
    assert networks.looks == 4


def test_does_not_grow_for_ever(tmp_path: Path, files: tuple[Path, Path]) -> None:
    networks, (photo, network) = Networks(), files
    for number in range(KEPT + 3):
        network.write_bytes(b"%d" % number)
        found_once([photo], [network], tmp_path / "cache", networks.look)
    assert len(list((tmp_path / "cache").iterdir())) == KEPT
    found_once([photo], [network], tmp_path / "cache", networks.look)
    assert networks.looks == KEPT + 3
