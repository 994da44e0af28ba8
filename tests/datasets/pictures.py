"""Pictures made for the tests."""

import hashlib
from functools import cache

import numpy as np
from PIL import Image

from tests.pictures import saved


@cache
def jpeg(number: int, size: tuple[int, int] = (400, 300), orientation: int = 1) -> bytes:
    """Colours of its own for each number."""
    pixels = np.random.default_rng(number).integers(0, 255, (size[1] // 10, size[0] // 10, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(Image.fromarray(pixels).resize(size), exif=exif)


def blob_sha1(content: bytes) -> str:
    """As ``git hash-object`` gives it."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
