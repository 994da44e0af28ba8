"""What is kept of a photo: its pixels, small, and nothing that a camera wrote beside them."""

import io
from typing import Final

from PIL import Image

from bot.storage.retention import MAX_PICTURE_BYTES
from bot.vision.photo import Photo

KEPT_SIDE: Final = 640
"""Longest side in pixels."""

_QUALITIES: Final = (90, 80, 65, 45, 20)
"""Ninety looks like the original to the classifier; the others are for pictures of pure noise."""


def encode_for_keeping(photo: Photo, *, side: int = KEPT_SIDE) -> bytes:
    """Encode a photo for the store.

    The pixels are encoded anew, so no EXIF (place, time, camera), colour profile, comment or thumbnail survives.

    Args:
        photo: as decoded, uint8 [h, w, 3], without heads (:func:`bot.vision.heads.without_heads`).
        side: the longest, in pixels; larger photos are scaled down.

    Returns:
        A JPEG of at most ``side`` pixels a side and :data:`MAX_PICTURE_BYTES`.
    """
    image = Image.fromarray(photo.pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    for quality in _QUALITIES:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= MAX_PICTURE_BYTES:
            break
    return file.getvalue()
