"""The photo of a correction as admins look at it: what was judged is outlined, as the person who corrected saw it."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.replies.cards.canvas import as_jpeg, fit_inside
from bot.replies.cards.outline import outlined, scaled_mask
from bot.vision.garment import whole_photo
from bot.vision.outline import outlined as garment_of_outline
from bot.vision.photo import PhotoError

if TYPE_CHECKING:
    from bot.vision.garment import Box
    from bot.vision.photo import Photo

_SIDE: Final = 800
"""Longest side in pixels."""


def correction_picture(kept: bytes, outline: bytes | None, box: "Box | None") -> bytes:
    """Draw the outline of the judged garment on its kept photo.

    Of a correction from before outlines were kept its box is drawn. A picture of the data set, a photo in which nothing
    was found, and a file that cannot be read are shown as they were kept.

    Args:
        kept: the photo, a JPEG without heads.
        outline: the garment's, as it was kept (:func:`bot.vision.outline.packed`).
        box: where the garment is, in the photo's pixels.

    Returns:
        JPEG; its longest side has 800 pixels where something is drawn.
    """
    from bot.vision.decoding import decode  # with all decoders: 7 MB, which only admins need here

    try:
        photo = decode(kept)
    except PhotoError:
        return kept
    judged = _judged(photo, outline, box)
    if judged is None:
        return kept
    height, width = judged.shape
    width, height = fit_inside(width, height, _SIDE, _SIDE)
    return as_jpeg(Image.fromarray(outlined(photo.pixels, [scaled_mask(judged, width, height)], width, height)))


def _judged(photo: "Photo", outline: bytes | None, box: "Box | None") -> NDArray[np.float32] | None:
    """Where the judged garment is, float32 [h, w], 0..1, the photo's size; None where neither is known."""
    garment = garment_of_outline(photo, outline)
    if garment is not None:
        return garment.mask
    if box is None or box == whole_photo(photo).box:
        return None
    left, top, right, bottom = box
    inside = np.zeros(photo.pixels.shape[:2], np.float32)
    inside[top:bottom, left:right] = 1
    return inside
