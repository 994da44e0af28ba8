"""A garment's outline in a few hundred bytes, kept beside the photo in which it was judged.

Below a coarsened head the segmenter finds other garments than before: by its outline the judged one is found again.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.vision.garment import SIDE, Group, garment_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.vision.garment import Garment
    from bot.vision.photo import Photo

    Floats = NDArray[np.float32]

_BYTES: Final = SIDE * SIDE // 8

_SOFT_EDGE: Final = 1.0
"""Standard deviation, pixels of 192, of the blur that gives an edge of bits back what the segmenter leaves soft."""


def packed(mask: Floats) -> bytes:
    """An outline for keeping.

    Args:
        mask: float32 [h, w], 0..1, the photo's size: how much of each pixel is garment.

    Returns:
        Its 192x192 bits, row by row, as zlib packs them.
    """
    small = cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return zlib.compress(np.packbits(np.asarray(small) > 0.5).tobytes(), 9)


def outlined(photo: Photo, outline: bytes | None) -> Garment | None:
    """The garment of an outline that was kept, in its photo; None without one, and where the bytes are none."""
    mask = None if outline is None else _unpacked(outline)
    return None if mask is None else garment_of(mask, Group.OTHER, photo)


def _unpacked(outline: bytes) -> Floats | None:
    """The mask, float32 [192, 192], 0..1; None where the bytes hold none."""
    unpacking = zlib.decompressobj()
    try:
        bits = unpacking.decompress(outline, _BYTES + 1)
    except zlib.error:
        return None
    if len(bits) != _BYTES or not unpacking.eof:
        return None
    mask = np.unpackbits(np.frombuffer(bits, np.uint8)).reshape(SIDE, SIDE).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), _SOFT_EDGE), np.float32)
    return soft if (soft > 0.5).any() else None
