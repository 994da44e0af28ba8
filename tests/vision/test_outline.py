"""An outline that was kept gives its garment back, and bytes that are none do no harm."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from bot.vision.garment import SIDE, Group, garment_of
from bot.vision.outline import outlined, packed
from bot.vision.photo import Photo

PHOTO = Photo(np.zeros((300, 200, 3), np.uint8))


def disc() -> np.ndarray:
    """Float32 [192, 192]: soft at its edge."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    return np.clip(60.5 - np.hypot(rows - 80, columns - 100), 0, 1).astype(np.float32)


def packed_bits(bits: np.ndarray) -> bytes:
    return zlib.compress(np.packbits(bits).tobytes())


def test_the_garment_comes_back_in_some_hundred_bytes() -> None:
    before = garment_of(disc(), Group.UPPER, PHOTO)
    kept = packed(before.mask)
    assert len(kept) < 500
    after = outlined(PHOTO, kept)
    assert after is not None
    assert np.abs(after.mask - before.mask).mean() < 0.005
    assert np.abs(np.array(after.box) - before.box).max() <= 2
    assert after.area == pytest.approx(before.area, abs=0.005)


def test_the_photo_may_be_kept_smaller() -> None:
    after = outlined(Photo(np.zeros((60, 40, 3), np.uint8)), packed(garment_of(disc(), Group.UPPER, PHOTO).mask))
    assert after is not None
    assert after.mask.shape == (60, 40)
    assert after.area == pytest.approx(garment_of(disc(), Group.UPPER, PHOTO).area, abs=0.01)


@pytest.mark.parametrize(
    "outline",
    [
        None,
        b"",
        b"no outline",
        packed(disc())[:-9],
        packed_bits(disc()[1:] > 0.5),
        zlib.compress(bytes(50_000_000)),
        packed_bits(np.zeros((SIDE, SIDE), bool)),
    ],
    ids=["none", "empty", "foreign", "cut short", "another size", "large once unpacked", "of nothing"],
)
def test_what_is_no_outline_counts_as_none(outline: bytes | None) -> None:
    assert outlined(PHOTO, outline) is None
