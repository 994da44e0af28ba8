"""How the copy that is kept is made of a public picture.

Every copy of a data set must look alike to everything that follows, so the sizes, the filter and the JPEG quality are
fixed. They are those of the project's own copies: sizes and qualities were read off those files. LANCZOS is what fits
their spectra: of six filters, it alone leaves the squashed pictures' columns as rich up to the finest detail as their
rows are (within 0.1 of a factor of ten; bilinear lacks 0.4, nearest neighbour has 0.3 too much), and the street photos
follow it within 0.04. With the wrong filter, pixels would differ by 0.7 (bicubic) to 1.9 of 255 levels on average.
"""

import io
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from bot.datasets.matlab import read_matrix

PROPORTIONED: Final = (168, 224)
"""Width and height of a picture that was squashed to 224x224 and gets its 3:4 back."""

PROPORTIONED_QUALITY: Final = 88


def scaled_down(content: bytes, max_side: int, quality: int) -> bytes:
    """A JPEG file of at most ``max_side`` pixels a side, upright, without metadata.

    Raises:
        OSError: not a whole picture.
    """
    with Image.open(io.BytesIO(content)) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return _jpeg(image, quality)


def proportioned(content: bytes) -> bytes:
    """A JPEG file of 168x224 pixels: a square picture with the 3:4 that it had before somebody squashed it.

    Raises:
        OSError: not a whole picture.
    """
    with Image.open(io.BytesIO(content)) as opened:
        image = opened.convert("RGB")
    return _jpeg(image.resize(PROPORTIONED, Image.Resampling.LANCZOS), PROPORTIONED_QUALITY)


def label_picture(content: bytes, variable: str, kinds: int, size: tuple[int, int]) -> bytes:
    """Pixel labels out of a MATLAB file as a gray 8-bit PNG, scaled with nearest neighbour.

    Args:
        content: the MATLAB file.
        variable: its matrix [h, w] of the numbers of kinds.
        kinds: how many there are; their numbers start at 0.
        size: width and height of the picture that they label, in pixels.

    Raises:
        ValueError: not such a file (:class:`~bot.datasets.matlab.MatlabError`), or a number that is no kind's.
    """
    labels = read_matrix(content, variable)
    if labels.ndim != 2 or not labels.size:
        raise ValueError(f"{variable} has the shape {labels.shape}, expected height and width")
    if not np.isin(labels, np.arange(kinds)).all():
        raise ValueError(f"{variable} has numbers that are no kind's")
    out = io.BytesIO()
    Image.fromarray(labels.astype(np.uint8)).resize(size, Image.Resampling.NEAREST).save(out, "PNG", optimize=True)
    return out.getvalue()


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
