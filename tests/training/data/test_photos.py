"""Training photos become pictures by the bot's own front end, once for all runs."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.registry.layout import SEGMENTER_FILE, SHIPPED_MODELS
from training.data.photos import cached_variants
from training.errors import TrainingError

SEGMENTER = SHIPPED_MODELS / SEGMENTER_FILE

VARIANTS = 3


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """A dark and a bright garment on a plain ground."""
    folder = tmp_path / "images"
    folder.mkdir()
    paths = []
    for name, level in (("dark", 40), ("bright", 200)):
        pixels = np.full((160, 120, 3), 120, np.uint8)
        pixels[30:130, 35:85] = level
        paths.append(folder / f"{name}.png")
        Image.fromarray(pixels).save(paths[-1])
    return paths


def kept(cache: Path) -> list[Path]:
    return list(cache.iterdir()) if cache.exists() else []


def test_photos_are_converted_once(photos: list[Path], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    pictures = cached_variants(photos, SEGMENTER, VARIANTS, 7, cache)
    assert pictures.shape == (2, VARIANTS, 28, 28)
    assert pictures.dtype == np.uint8
    assert not np.array_equal(pictures[:, 0], pictures[:, 1])
    (file,) = kept(cache)

    for photo in photos:
        photo.unlink()
    np.testing.assert_array_equal(cached_variants(photos, SEGMENTER, VARIANTS, 7, cache), pictures)
    assert kept(cache) == [file]


@pytest.mark.parametrize("damaged", [b"", b"\x93NUMPY\x01\x00v\x00{'descr'", b"no array at all"])
def test_a_damaged_file_in_the_cache_is_made_anew(photos: list[Path], tmp_path: Path, damaged: bytes) -> None:
    cache = tmp_path / "cache"
    pictures = cached_variants(photos, SEGMENTER, VARIANTS, 7, cache)
    (file,) = kept(cache)
    file.write_bytes(damaged)
    np.testing.assert_array_equal(cached_variants(photos, SEGMENTER, VARIANTS, 7, cache), pictures)
    assert file.stat().st_size > len(damaged)


@pytest.mark.parametrize("damage", ["truncated", "empty", "text", "missing"])
def test_a_broken_photo_is_named_and_nothing_is_kept(photos: list[Path], tmp_path: Path, damage: str) -> None:
    content = {"truncated": photos[1].read_bytes()[:150], "empty": b"", "text": b"<html>not found</html>"}
    if damage == "missing":
        photos[1].unlink()
    else:
        photos[1].write_bytes(content[damage])
    with pytest.raises((TrainingError, FileNotFoundError), match="bright"):
        cached_variants(photos, SEGMENTER, VARIANTS, 7, tmp_path / "cache")
    assert kept(tmp_path / "cache") == []


def test_another_segmenter_or_another_seed_find_other_pictures(photos: list[Path], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cached_variants(photos, SEGMENTER, VARIANTS, 7, cache)
    cached_variants(photos, SEGMENTER, VARIANTS, 8, cache)
    other = tmp_path / "segmenter.tflite"
    other.write_bytes(SEGMENTER.read_bytes() + b"\0")
    cached_variants(photos, other, VARIANTS, 7, cache)
    assert len(kept(cache)) == 3
