"""From the bytes of a file to an upright RGB picture of modest size.

The threat: anybody may send anything. A file is judged by its first bytes, never by its name; only formats whose
decoders run inside this process are read (no PostScript, no stubs that call other programs); the size is read from
the header, and refused, before a single pixel is decoded. Codecs have bugs all the same, so the bot calls
:class:`bot.vision.decoder.Decoder`, which runs :func:`decode_image` in a worker process; training calls :func:`decode`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    DdsImagePlugin,
    GifImagePlugin,
    IcnsImagePlugin,
    IcoImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PcxImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    PsdImagePlugin,
    QoiImagePlugin,
    SgiImagePlugin,
    SunImagePlugin,
    TgaImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
from pillow_heif import HeifImageFile

from bot.vision import bmff
from bot.vision.photo import MAX_BYTES, MAX_SIDE, Photo, PhotoError, PhotoProblem
from bot.vision.side_chunks import without_side_chunks

if TYPE_CHECKING:
    import numpy.typing as npt

MAX_PIXELS: Final = 64_000_000
"""Most pixels that are decoded: 50-megapixel phones pass, 256 MB of RGBA is the most that Pillow holds for it."""

MAX_JPEG_PIXELS: Final = 256_000_000
"""JPEG is decoded at 1/2, 1/4 or 1/8 of its size, so that 200-megapixel phones pass as well."""

_ORIENTATION_TAG: Final = 0x0112
_UPRIGHT: Final[dict[int, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF 2.32, tag 274: what makes each stored orientation upright."""

_WIDE_GRAY: Final = ("I", "I;16", "I;16L", "I;16B", "I;16N", "F")
_MAX_16_BIT: Final = 65_535
_MAX_8_BIT: Final = 255

_Reader = Callable[[BytesIO], ImageFile.ImageFile]

_SIGNATURES: Final[tuple[tuple[re.Pattern[bytes], _Reader], ...]] = tuple(
    (re.compile(pattern, re.DOTALL), reader)
    for pattern, reader in (
        (rb"\xff\xd8\xff", JpegImagePlugin.JpegImageFile),
        (rb"\x89PNG\r\n\x1a\n", PngImagePlugin.PngImageFile),
        (rb"RIFF....WEBP", WebPImagePlugin.WebPImageFile),
        (rb"....ftyp(avif|avis)", AvifImagePlugin.AvifImageFile),
        (rb"....ftyp(mif1|msf1|miaf)(....)*?(avif|avis)", AvifImagePlugin.AvifImageFile),
        (rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1|miaf)", HeifImageFile),
        (rb"GIF8[79]a", GifImagePlugin.GifImageFile),
        (rb"II[*+]\x00|MM\x00[*+]", TiffImagePlugin.TiffImageFile),
        (rb"BM", BmpImagePlugin.BmpImageFile),
        (rb"\xff\x4f\xff\x51|\x00\x00\x00\x0cjP  \r\n\x87\n", Jpeg2KImagePlugin.Jpeg2KImageFile),
        (rb"\x00\x00\x01\x00", IcoImagePlugin.IcoImageFile),
        (rb"icns", IcnsImagePlugin.IcnsImageFile),
        (rb"8BPS\x00\x01", PsdImagePlugin.PsdImageFile),
        (rb"P[1-6]\s", PpmImagePlugin.PpmImageFile),
        (rb"qoif", QoiImagePlugin.QoiImageFile),
        (rb"DDS ", DdsImagePlugin.DdsImageFile),
        (rb"\x0a[\x00\x02\x03\x05]\x01", PcxImagePlugin.PcxImageFile),
        (rb"\x01\xda[\x00\x01][\x01\x02]", SgiImagePlugin.SgiImageFile),
        (rb"\x59\xa6\x6a\x95", SunImagePlugin.SunImageFile),
    )
)
_TGA_FOOTER: Final = b"TRUEVISION-XFILE.\0"
"""Targa files begin with nothing of their own; only those that end with it are told from noise."""

_SIGNATURE_BYTES: Final = 64


_REFUSALS: Final = (PhotoError, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What another attempt would not make better."""


def decode(data: bytes) -> Photo:
    """:func:`decode_image`, to an array."""
    import numpy as np  # a worker has no use for it, and it is half of its memory and of its start

    return Photo(np.array(decode_image(data)))


def decode_image(data: bytes) -> Image.Image:
    """Decode a picture in this process.

    Args:
        data: the whole file, in any format that its bytes tell; of animated and multi-page files the first picture
            counts.

    Returns:
        It as a :class:`~bot.vision.photo.Photo` holds it: RGB, upright, transparent parts white, of modest size.

    Raises:
        PhotoError: for everything that gives no photo; no other exception comes out.
    """
    if len(data) > MAX_BYTES:
        raise PhotoError(PhotoProblem.TOO_MANY_BYTES)
    reader = _reader(data)
    if reader is None:
        raise PhotoError(PhotoProblem.NOT_AN_IMAGE)
    try:
        return _upright_rgb(*_load(reader, data))
    except PhotoError:
        raise
    except MemoryError as error:
        raise PhotoError(PhotoProblem.TOO_MUCH_MEMORY) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError(PhotoProblem.TOO_MANY_PIXELS) from error
    except Exception as error:  # decoders raise whatever they stumble over: struct, index, key, zlib errors ...
        raise PhotoError(PhotoProblem.DAMAGED) from error


def stated_size(data: bytes) -> tuple[int, int]:
    """Width and height that a picture's header states, in pixels, before anything is turned or scaled.

    Args:
        data: a file that :func:`decode` has decoded.

    Raises:
        PhotoError: it states none.
    """
    reader = _reader(data)
    if reader is None:
        raise PhotoError(PhotoProblem.NOT_AN_IMAGE)
    try:
        width, height = reader(BytesIO(data)).size
    except Exception as error:
        raise PhotoError(PhotoProblem.DAMAGED) from error
    return int(width), int(height)


def _reader(data: bytes) -> _Reader | None:
    head = data[:_SIGNATURE_BYTES]
    for signature, reader in _SIGNATURES:
        if signature.match(head):
            return reader
    return TgaImagePlugin.TgaImageFile if data.endswith(_TGA_FOOTER) else None


def _load(reader: _Reader, data: bytes) -> tuple[Image.Image, Image.Image | None, int]:
    """Decode the picture, if need be without side chunks, if need be without its end.

    Returns:
        The picture, the mask of what of it is lost, and its orientation.
    """
    try:
        return _whole(reader, data)
    except _REFUSALS:
        raise
    except Exception:
        bare = without_side_chunks(data)
    try:
        return _whole(reader, bare)
    except _REFUSALS:
        raise
    except Exception:
        from bot.vision.cut_short import rest_of  # with numpy

        rest = rest_of(bare, reader, partial(_open, reader))
    turned = _open(reader, bare) if reader is TiffImagePlugin.TiffImageFile else rest.image
    return rest.image, rest.lost, _orientation(turned, data)


def _whole(reader: _Reader, data: bytes) -> tuple[Image.Image, None, int]:
    """Open, check the size that the header states, and only then decode."""
    image = _open(reader, data)
    image.load()
    return image, None, _orientation(image, data)


def _open(reader: _Reader, data: bytes) -> ImageFile.ImageFile:
    image = reader(BytesIO(data))
    width, height = image.size
    is_jpeg = isinstance(image, JpegImagePlugin.JpegImageFile)
    if width * height > (MAX_JPEG_PIXELS if is_jpeg else MAX_PIXELS):
        raise PhotoError(PhotoProblem.TOO_MANY_PIXELS)
    if is_jpeg:
        image.draft(None, _fit(width, height))
    return image


def _upright_rgb(image: Image.Image, lost: Image.Image | None, orientation: int) -> Image.Image:
    image = _scaled(_with_plain_colours(image))
    if lost is not None:
        _paint_gray(image, lost)
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
    return _on_white(image)


def _paint_gray(image: Image.Image, lost: Image.Image) -> None:
    from bot.vision.cut_short import GRAY

    gray = tuple(_MAX_8_BIT if band == "A" else GRAY for band in image.getbands())
    image.paste(gray, mask=lost.resize(image.size, Image.Resampling.BOX).point([0] + [_MAX_8_BIT] * _MAX_8_BIT))


def _orientation(image: Image.Image, data: bytes) -> int:
    """Read how the picture must be turned, 1 (upright) when nothing says so or what says so is broken.

    Only after loading: PNG may carry it behind the pixels, and Pillow turns TIFF by itself and then forgets it. HEIC
    and AVIF can be turned by their container: libheif does so when it decodes, Pillow passes it on as EXIF, and both
    then hide what the file's own EXIF says. Some phones write nothing but EXIF.
    """
    with contextlib.suppress(Exception):  # a picture is worth showing however broken its EXIF block is
        if isinstance(image, HeifImageFile | AvifImagePlugin.AvifImageFile) and not bmff.is_turned(data):
            return _stated_orientation(bmff.exif(data)) or int(image.info.get("original_orientation") or 1)
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    return 1


def _stated_orientation(block: bytes) -> int | None:
    exif = Image.Exif()
    exif.load(block)
    return exif.get(_ORIENTATION_TAG)


def _with_plain_colours(image: Image.Image) -> Image.Image:
    """Bring every mode to one of L, LA, RGB, RGBA, which can be scaled; embedded colour profiles are ignored."""
    if image.mode in _WIDE_GRAY:
        return _eight_bits(image)
    if image.mode == "LAB":
        return _lab_to_rgb(image)
    if image.has_transparency_data:
        return image.convert("LA" if image.mode in ("La", "LA") else "RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale gray of 16 or 32 bits: by its type where that says the range, else by what is there."""
    import numpy as np

    values: npt.NDArray[Any] = np.nan_to_num(np.asarray(image).astype(np.float32), posinf=0.0, neginf=0.0)
    lowest, highest = float(values.min()), float(values.max())
    if image.mode.startswith("I;16"):
        lowest, highest = 0.0, float(_MAX_16_BIT)
    elif lowest >= 0:
        usual = (1.0, _MAX_8_BIT, _MAX_16_BIT) if image.mode == "F" else (_MAX_8_BIT, _MAX_16_BIT)
        lowest, highest = 0.0, float(next((top for top in usual if highest <= top), highest))
    scale = _MAX_8_BIT / (highest - lowest) if highest > lowest else 0.0
    return Image.fromarray(np.rint((values - lowest) * scale).astype(np.uint8))


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), inMode="LAB", outMode="RGB"
    )
    converted = ImageCms.applyTransform(image, transform)
    if converted is None:
        raise ValueError("no conversion from CIELAB")
    return converted


def _scaled(image: Image.Image) -> Image.Image:
    """Scale down to :data:`MAX_SIDE`, never up: a data-set picture of 28x28 keeps its pixels."""
    if max(image.size) <= MAX_SIDE:
        return image
    return image.resize(_fit(*image.size), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _fit(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, MAX_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("LA", "RGBA"):
        return image.convert("RGB")
    coloured = image.convert("RGBA")
    white = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(white, coloured).convert("RGB")
