"""What Telegram does to a photo: upright, without metadata, JPEG in a few sizes."""

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from telegram_playground.errors import bad_request

PHOTO_SIDES: Final = (90, 320, 800, 1280)
"""Longest sides in pixels; a photo gets every size below its own, and its own up to the largest."""
MAX_PHOTO_BYTES: Final = 10 * 1024 * 1024
MAX_SIDES_SUM: Final = 10_000
MAX_RATIO: Final = 20
_MAX_PIXELS: Final = 120_000_000
_JPEG_QUALITY: Final = 87


class NotAPhoto(ValueError):
    """A phone could not have sent these bytes as a photo."""


@dataclass(frozen=True, slots=True)
class EncodedSize:
    """One size of a photo: JPEG bytes, width and height in pixels."""

    width: int
    height: int
    data: bytes


def encode_sent_photo(data: bytes) -> tuple[EncodedSize, ...]:
    """The sizes of a photo that a person sends, smallest first.

    Raises:
        NotAPhoto: The bytes cannot be decoded.
    """
    return _encode(_open(data))


def encode_bot_photo(data: bytes) -> tuple[EncodedSize, ...]:
    """The sizes of a photo that a bot uploads, smallest first.

    Raises:
        ApiError: Telegram would not take it as a photo.
    """
    if not data:
        raise bad_request("file must be non-empty")
    if len(data) > MAX_PHOTO_BYTES:
        raise bad_request(f"file of size {len(data)} bytes is too big for a photo; the maximum size is 10485760 bytes")
    try:
        image = _open(data)
    except NotAPhoto:
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    width, height = image.size
    if width + height > MAX_SIDES_SUM or max(width, height) > MAX_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    try:
        return _encode(image)
    except NotAPhoto:
        raise bad_request("IMAGE_PROCESS_FAILED") from None


def _open(data: bytes) -> Image.Image:
    image: Image.Image
    try:
        image = Image.open(io.BytesIO(data))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        image = _open_heif(data)
    except Image.DecompressionBombWarning:
        raise NotAPhoto("the picture has too many pixels") from None
    if image.width * image.height > _MAX_PIXELS:
        raise NotAPhoto("the picture has too many pixels")
    return image


def _open_heif(data: bytes) -> Image.Image:
    if data[4:8] != b"ftyp":
        raise NotAPhoto("not a picture")
    try:
        import pillow_heif

        heif = pillow_heif.open_heif(data)
        image: Image.Image = heif.to_pillow()
    except Exception:
        # The binding raises many kinds, some of them plain Exception subclasses of its own.
        raise NotAPhoto("not a picture") from None
    return image


def _encode(image: Image.Image) -> tuple[EncodedSize, ...]:
    largest = PHOTO_SIDES[-1]
    try:
        image.draft("RGB", (largest, largest))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        upright = _on_white(image)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError):
        raise NotAPhoto("the picture is damaged") from None
    sides = [side for side in PHOTO_SIDES if side < max(upright.size)]
    if max(upright.size) <= largest:
        sides.append(max(upright.size))
    encoded: list[EncodedSize] = []
    current = upright
    for side in reversed(sides):
        current = _scaled(current, upright.size, side)
        out = io.BytesIO()
        current.save(out, "JPEG", quality=_JPEG_QUALITY, comment=b"", exif=b"")
        encoded.append(EncodedSize(current.width, current.height, out.getvalue()))
    return tuple(reversed(encoded))


def _scaled(image: Image.Image, original: tuple[int, int], side: int) -> Image.Image:
    scale = side / max(original)
    size = (max(1, round(original[0] * scale)), max(1, round(original[1] * scale)))
    return image if image.size == size else image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        ground = Image.new("RGB", rgba.size, "white")
        ground.paste(rgba, mask=rgba.getchannel("A"))
        return ground
    return image if image.mode == "RGB" else image.convert("RGB")
