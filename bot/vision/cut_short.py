"""Pictures whose file ends too early, as a download that broke off: what of them can be seen.

The rule, for every format: a picture counts as long as at most :data:`MAX_LOST` of it is lost, and what is lost is
middle gray, as libjpeg paints it. A format whose decoder gives nothing unless it has everything (JPEG 2000, QOI) is
refused. What is lost is found out without looking into any decoder:

* JPEG: libjpeg paints it gray itself.
* HEIC, AVIF, WebP: their decoders want the announced number of bytes. They get it, twice and with different bytes;
  where the two pictures differ, they show what was made up.
* All others are decoded row by row into a picture that is there before, once black and once gray. A row that still is
  as it was, both times, was not written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import AvifImagePlugin, GifImagePlugin, Image, ImageFile, JpegImagePlugin, TiffImagePlugin, WebPImagePlugin
from pillow_heif import HeifImageFile

from bot.vision import bmff
from bot.vision.side_chunks import opaque_gif, padded_webp, unturned_tiff

MAX_LOST: Final = 0.2
"""Part of a picture that may be lost: a garment is still to be recognised when a fifth is gone, mostly floor."""

GRAY: Final = 128
_BLACK: Final = 0

_JPEG_END: Final = b"\xff\xd9"
_JPEG_BLOCK: Final = 16
"""Most pixels from top to bottom that are decoded together."""

_JPEG_BLUR: Final = 2
"""Rows above the gray ones that libjpeg mixes with them when it enlarges the colours."""

_ROWS_AT_ONCE: Final = 256
_COMPARED_SIDE: Final = 640

_MADE_UP: Final = (0x00, 0x55, 0xAA, 0x33, 0x0F, 0x11, 0x77, 0xFF)
"""What missing bytes are replaced by; a decoder may give up on some of it, two are enough."""

_SPARE_BYTES: Final = 64 * 1024
"""Made-up bytes beyond the missing ones: a decoder that reads nonsense may want more of it than there was of sense."""

_UNKNOWN_PART: Final = 4
"""Where a file does not say how long it was meant to be, this part of its length is made up: more may not be lost."""

Open = Callable[[bytes], ImageFile.ImageFile]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """What there is of a picture.

    Attributes:
        image: the picture, as stored; TIFF, too, is not turned.
        lost: mode L, above 0 where the picture is lost, to be stretched over the whole of it; None where the decoder
            painted it already.
    """

    image: Image.Image
    lost: Image.Image | None = None


def rest_of(data: bytes, reader: object, open_image: Open) -> Rest:
    """Decode as much as there is.

    Args:
        data: a file that cannot be decoded as a whole, without its side chunks.
        reader: Pillow's class for its format.
        open_image: opens such a file and checks its size, without decoding it.

    Raises:
        ValueError: too much is lost; decoders raise other errors as well.
    """
    if reader is JpegImagePlugin.JpegImageFile:
        return _rest_of_jpeg(open_image(data + _JPEG_END))
    if reader is WebPImagePlugin.WebPImageFile:
        return _rest_of_blocks((padded_webp(data, value, _SPARE_BYTES) for value in _MADE_UP), open_image, _behind)
    if reader in (HeifImageFile, AvifImagePlugin.AvifImageFile):
        missing = bmff.missing_bytes(data)
        count = len(data) // _UNKNOWN_PART if missing is None else missing
        behind = _behind_when_turned if reader is HeifImageFile else _behind  # libheif turns what it decodes
        return _rest_of_blocks((data + bytes([value]) * count for value in _MADE_UP), open_image, behind)
    if reader is TiffImagePlugin.TiffImageFile:
        data = unturned_tiff(data)
    if reader is GifImagePlugin.GifImageFile:
        data = opaque_gif(data)
    return _rest_of_rows(data, open_image)


def _rest_of_jpeg(image: ImageFile.ImageFile) -> Rest:
    image.load()
    gray = (np.atleast_3d(np.asarray(image)) == GRAY).all(axis=2)
    kept = np.flatnonzero(~gray.all(axis=1))
    bottom = int(kept[-1]) + 1 if kept.size else 0
    if bottom < image.height:
        bottom = max(0, bottom - _JPEG_BLUR)
    lost = np.arange(image.height)[:, None] >= np.full((1, image.width), bottom)
    broken_off = slice(max(0, bottom - _JPEG_BLOCK), bottom)  # the last blocks of the last row of blocks
    lost[broken_off] = np.logical_and.accumulate(gray[broken_off, ::-1], axis=1)[:, ::-1]
    _mask(lost)
    return Rest(image)


def _rest_of_blocks(made_whole: Iterator[bytes], open_image: Open, behind: Callable[[_Flags], _Flags]) -> Rest:
    decoded = _decoded(made_whole, open_image)
    first = _small(next(decoded, None))
    image = next(decoded, None)
    second = _small(image)
    if image is None or first.shape != second.shape:
        raise ValueError("the decoder gives nothing without the end of this file")
    return Rest(image, _mask(behind((first != second).any(axis=2))))


def _decoded(files: Iterator[bytes], open_image: Open) -> Iterator[Image.Image]:
    for data in files:
        if (image := _loaded(open_image, data)) is not None:
            yield image
        del image  # before there is another one as large


def _loaded(open_image: Open, data: bytes) -> Image.Image | None:
    """The picture, or None: decoders raise whatever they stumble over, here over an end that was made up."""
    try:
        image = open_image(data)
        image.load()
    except MemoryError:
        raise
    except Exception:
        return None
    return image


def _small(image: Image.Image | None) -> npt.NDArray[np.uint8]:
    """What is compared: uint8 [height, width, channels], at most :data:`_COMPARED_SIDE` a side."""
    if image is None:
        return np.zeros((0, 0, 0), np.uint8)
    scale = min(1.0, _COMPARED_SIDE / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return np.atleast_3d(np.asarray(image.resize(size, Image.Resampling.BOX)))


def _behind(differs: _Flags) -> _Flags:
    """Add what lies right of and below the first difference: made-up parts can agree by chance."""
    width = differs.shape[1]
    first = np.where(differs.any(axis=1), differs.argmax(axis=1), width)
    return np.arange(width) >= np.minimum.accumulate(first)[:, None]


def _behind_when_turned(differs: _Flags) -> _Flags:
    """The same in the way in which the picture was turned: every other way, more lies behind."""
    ways = []
    for quarters in range(4):
        for step in (1, -1):
            turned = _behind(np.rot90(differs, quarters)[:, ::step])
            ways.append(np.rot90(turned[:, ::step], -quarters))
    return min(ways, key=np.count_nonzero)


def _rest_of_rows(data: bytes, open_image: Open) -> Rest:
    unwritten = _unwritten_rows(_decoded_over(_BLACK, data, open_image), _BLACK)
    image = _decoded_over(GRAY, data, open_image)
    unwritten &= _unwritten_rows(image, GRAY)
    return Rest(image, _mask(unwritten[:, None]))


def _decoded_over(value: int, data: bytes, open_image: Open) -> ImageFile.ImageFile:
    """Decode into a picture that is already there."""
    image = open_image(data)
    image.im = _plain(image, image.size, value).im
    try:
        image.load()
    except MemoryError:
        raise
    except Exception:  # what was decoded until then is in the picture
        image.tile = []
    return image


def _unwritten_rows(image: Image.Image, value: int) -> _Flags:
    plain = np.asarray(_plain(image, (image.width, 1), value))
    unwritten = np.zeros(image.height, np.bool_)
    for top in range(0, image.height, _ROWS_AT_ONCE):
        bottom = min(top + _ROWS_AT_ONCE, image.height)
        rows = np.asarray(image.crop((0, top, image.width, bottom)))
        unwritten[top:bottom] = (rows == plain).reshape(bottom - top, -1).all(axis=1)
    return unwritten


def _plain(image: Image.Image, size: tuple[int, int], value: int) -> Image.Image:
    channels = len(image.getbands())
    return Image.new(image.mode, size, (value,) * channels if channels > 1 else value)


def _mask(lost: _Flags) -> Image.Image:
    """Make the mask of what is lost.

    Raises:
        ValueError: it is too much.
    """
    if lost.mean() > MAX_LOST:
        raise ValueError(f"{lost.mean():.0%} of the picture are lost")
    return Image.fromarray(lost.astype(np.uint8) * np.uint8(255))
