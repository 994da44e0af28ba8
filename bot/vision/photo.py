"""From the bytes of a file to an upright RGB picture of modest size.

The threat: anybody may send anything. A file is judged by its first bytes, never by its name; only formats whose
decoders run inside this process are read (no PostScript, no stubs that call other programs); the size is read from
the header, and refused, before a single pixel is decoded. Codecs have bugs all the same, so the bot calls
:class:`bot.vision.decoder.Decoder`, which runs :func:`decode` in a worker process; training calls it directly.
"""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any, Final

import numpy as np
import numpy.typing as npt
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

MAX_BYTES: Final = 20 * 1024 * 1024
"""Telegram lets a bot download files of up to 20 MB; ``predict`` reads no more of a file either."""

MAX_SIDE: Final = 640
"""Longest side of a decoded photo: sharp enough to show in a chat, small enough to search in milliseconds."""

MAX_PIXELS: Final = 64_000_000
"""Most pixels that are decoded: 50-megapixel phones pass, 256 MB of RGBA is the most that Pillow holds for it."""

MAX_JPEG_PIXELS: Final = 256_000_000
"""JPEG is decoded at 1/2, 1/4 or 1/8 of its size, so that 200-megapixel phones pass as well."""

MAX_LOST_ROWS: Final = 0.1
"""A JPEG that was cut short is accepted when at most this part of its rows is lost."""

_JPEG_END: Final = b"\xff\xd9"
_JPEG_FILLER: Final = 128
"""What libjpeg paints where data ran out: zero coefficients, middle gray."""

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


class PhotoProblem(StrEnum):
    """Why a file gives no photo."""

    NOT_AN_IMAGE = "not_an_image"
    DAMAGED = "damaged"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"


_MESSAGES: Final[dict[PhotoProblem, str]] = {
    PhotoProblem.NOT_AN_IMAGE: "This file is not a picture in a format that I can read.",
    PhotoProblem.DAMAGED: "This picture is damaged or incomplete.",
    PhotoProblem.TOO_MANY_BYTES: f"This file is larger than {MAX_BYTES // 1024**2} MB.",
    PhotoProblem.TOO_MANY_PIXELS: "This picture has too many pixels.",
    PhotoProblem.TOO_SLOW: "This picture takes too long to read.",
    PhotoProblem.TOO_MUCH_MEMORY: "This picture needs too much memory to read.",
}


class PhotoError(Exception):
    """A file that gives no photo.

    Attributes:
        problem: what is wrong with it, for texts in other languages. ``str()`` is one English line without paths
            or data.
    """

    def __init__(self, problem: PhotoProblem) -> None:
        super().__init__(_MESSAGES[problem])
        self.problem = problem

    def __reduce__(self) -> tuple[type["PhotoError"], tuple[PhotoProblem]]:
        """Pickle by the problem, as the constructor takes it."""
        return type(self), (self.problem,)


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A decoded photo.

    Attributes:
        pixels: uint8 [height, width, 3], RGB 0..255, upright, transparent parts white, longest side at most
            :data:`MAX_SIDE`, at least 1x1.
    """

    pixels: npt.NDArray[np.uint8]

    def __post_init__(self) -> None:
        shape = self.pixels.shape
        if self.pixels.dtype != np.uint8 or len(shape) != 3 or shape[2] != 3:
            raise ValueError(f"expected uint8 [height, width, 3], got {self.pixels.dtype} {list(shape)}")
        if not (0 < shape[0] <= MAX_SIDE and 0 < shape[1] <= MAX_SIDE):
            raise ValueError(f"expected sides of 1 to {MAX_SIDE}, got {shape[1]}x{shape[0]}")

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])


def decode(data: bytes) -> Photo:
    """Decode a picture in this process.

    Args:
        data: the whole file, in any of the formats that are told by their first bytes; of animated and multi-page
            files the first picture counts.

    Raises:
        PhotoError: for everything that gives no photo; no other exception comes out.
    """
    if len(data) > MAX_BYTES:
        raise PhotoError(PhotoProblem.TOO_MANY_BYTES)
    reader = _reader(data)
    if reader is None:
        raise PhotoError(PhotoProblem.NOT_AN_IMAGE)
    try:
        return Photo(_pixels(_load(reader, data)))
    except PhotoError:
        raise
    except MemoryError as error:
        raise PhotoError(PhotoProblem.TOO_MUCH_MEMORY) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError(PhotoProblem.TOO_MANY_PIXELS) from error
    except Exception as error:  # decoders raise whatever they stumble over: struct, index, key, zlib errors ...
        raise PhotoError(PhotoProblem.DAMAGED) from error


def _reader(data: bytes) -> _Reader | None:
    head = data[:_SIGNATURE_BYTES]
    for signature, reader in _SIGNATURES:
        if signature.match(head):
            return reader
    return TgaImagePlugin.TgaImageFile if data.endswith(_TGA_FOOTER) else None


def _load(reader: _Reader, data: bytes) -> Image.Image:
    """Open, check the size that the header states, and only then decode."""
    image = _open(reader, data)
    try:
        image.load()
    except OSError:
        if not isinstance(image, JpegImagePlugin.JpegImageFile):
            raise
        image = _open(reader, data + _JPEG_END)
        image.load()
        if _lost_rows(image) > MAX_LOST_ROWS * image.height:
            raise
    return image


def _open(reader: _Reader, data: bytes) -> ImageFile.ImageFile:
    image = reader(BytesIO(data))
    width, height = image.size
    is_jpeg = isinstance(image, JpegImagePlugin.JpegImageFile)
    if width * height > (MAX_JPEG_PIXELS if is_jpeg else MAX_PIXELS):
        raise PhotoError(PhotoProblem.TOO_MANY_PIXELS)
    if is_jpeg:
        image.draft(None, _fit(width, height))
    return image


def _lost_rows(image: Image.Image) -> int:
    """Count the rows at the bottom that libjpeg had no data for."""
    rows = np.asarray(image).reshape(image.height, -1)
    kept = np.flatnonzero((rows != _JPEG_FILLER).any(axis=1))
    return image.height - (int(kept[-1]) + 1 if kept.size else 0)


def _pixels(image: Image.Image) -> npt.NDArray[np.uint8]:
    orientation = _orientation(image)
    image = _scaled(_with_plain_colours(image))
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
    return np.array(_on_white(image))


def _orientation(image: Image.Image) -> int:
    """Read the EXIF orientation, 1 (upright) when there is none or it is broken.

    Only after loading: PNG may carry it behind the pixels, and Pillow turns TIFF by itself and then forgets it.
    """
    with contextlib.suppress(Exception):  # a picture is worth showing however broken its EXIF block is
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    return 1


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
