"""What carries no pixels cannot make a picture unreadable."""

import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from bot.vision.decoding import decode
from tests.pictures import saved

HEIGHT, WIDTH = 120, 90


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    """Soft noise without a black pixel."""
    noise = np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    return Image.fromarray(np.maximum(cv2.GaussianBlur(noise, (0, 0), 3), 2))


def png_chunk(kind: bytes, body: bytes, *, length: int | None = None, checksum: int | None = None) -> bytes:
    size = len(body) if length is None else length
    found = zlib.crc32(kind + body) if checksum is None else checksum
    return struct.pack(">I", size) + kind + body + struct.pack(">I", found)


BOMB = zlib.compress(b"a" * 30_000_000)
PNG_CHUNKS = {
    "an international text of two megabytes": png_chunk(b"iTXt", b"key\0\0\0\0\0" + b"x" * 2_000_000),
    "a packed text that unpacks to thirty": png_chunk(b"zTXt", b"key\0\0" + BOMB),
    "a packed text that is no zlib": png_chunk(b"zTXt", b"key\0\0nothing"),
    "a text with a wrong checksum": png_chunk(b"tEXt", b"key\0value", checksum=1),
    "a colour profile that is none": png_chunk(b"iCCP", b"name\0\0nothing"),
    "an EXIF block that is none": png_chunk(b"eXIf", b"\xff\xff\xff"),
    "a time that is too short": png_chunk(b"tIME", b"\1"),
    "a physical size that is too short": png_chunk(b"pHYs", b"\1"),
    "a chunk of an editor": png_chunk(b"prVt", b"?" * 50, checksum=7),
    "colours that are too short": png_chunk(b"cHRM", b"\1\2\3"),
}


@pytest.mark.parametrize("before_pixels", [True, False])
@pytest.mark.parametrize("name", PNG_CHUNKS)
def test_a_png_is_read_whatever_stands_beside_its_pixels(picture: Image.Image, name: str, before_pixels: bool) -> None:
    plain = saved(picture, "PNG")
    place = plain.index(b"IDAT" if before_pixels else b"IEND") - 4
    file = plain[:place] + PNG_CHUNKS[name] + plain[place:]
    np.testing.assert_array_equal(decode(file).pixels, np.asarray(picture))


def test_a_png_keeps_its_orientation_beside_a_broken_text(picture: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    plain = saved(picture, "PNG", exif=exif.tobytes())
    place = plain.index(b"IDAT") - 4
    pixels = decode(plain[:place] + PNG_CHUNKS["a packed text that is no zlib"] + plain[place:]).pixels
    np.testing.assert_array_equal(pixels, np.asarray(picture.transpose(Image.Transpose.ROTATE_270)))


def jpeg_segment(marker: int, body: bytes, *, length: int | None = None) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2 if length is None else length) + body


JPEG_SEGMENTS = {
    "an EXIF block that is none": jpeg_segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff"),
    "an EXIF block cut short": jpeg_segment(0xE1, b"Exif\0\0II*\0"),
    "a multi-picture index that is none": jpeg_segment(0xE2, b"MPF\0MM\0*\0\0\0\x08\0\5nothing"),
    "a part of a colour profile": jpeg_segment(0xE2, b"ICC_PROFILE\0\7\3nothing"),
    "a JFIF header that is too short": jpeg_segment(0xE0, b"JFIF\0"),
    "a Photoshop block that is none": jpeg_segment(0xED, b"Photoshop 3.0\x008BIM\4\4"),
    "an Adobe marker that is too short": jpeg_segment(0xEE, b"Adobe"),
    "a long comment": jpeg_segment(0xFE, b"c" * 65_000),
    "a segment whose length lies": jpeg_segment(0xE5, b"short", length=40_000),
    "an XMP packet that is no XML": jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<<<"),
}


@pytest.mark.parametrize("name", JPEG_SEGMENTS)
def test_a_jpeg_is_read_whatever_stands_beside_its_pixels(picture: Image.Image, name: str) -> None:
    plain = saved(picture, "JPEG", quality=95)
    pixels = decode(plain[:2] + JPEG_SEGMENTS[name] + plain[2:]).pixels
    np.testing.assert_array_equal(pixels, decode(plain).pixels)


def webp_with(picture: Image.Image, kind: bytes, body: bytes, flags: int) -> bytes:
    plain = saved(picture, "WEBP", lossless=True, exact=True)
    canvas = (WIDTH - 1).to_bytes(3, "little") + (HEIGHT - 1).to_bytes(3, "little")
    before = struct.pack("<4sIB3x", b"VP8X", 10, flags) + canvas
    chunk = struct.pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2)
    rest = before + (chunk + plain[12:] if kind == b"ICCP" else plain[12:] + chunk)
    return struct.pack("<4sI4s", b"RIFF", 4 + len(rest), b"WEBP") + rest


@pytest.mark.parametrize(
    ("kind", "flags"),
    [(b"EXIF", 0x08), (b"XMP ", 0x04), (b"ICCP", 0x20), (b"JUNK", 0)],
    ids=["EXIF", "XMP", "ICC", "junk"],
)
def test_a_webp_is_read_whatever_stands_beside_its_pixels(picture: Image.Image, kind: bytes, flags: int) -> None:
    file = webp_with(picture, kind, b"nothing that is any of this", flags)
    np.testing.assert_array_equal(decode(file).pixels, np.asarray(picture))


@pytest.mark.parametrize(
    "extension", [b"\x21\xfe\x05hello\0", b"\x21\xff\x0bNETSCAPE2.0\x01?\0", b"\x21\x01\x0c" + b"?" * 12 + b"\0"]
)
def test_a_gif_is_read_whatever_stands_beside_its_pixels(picture: Image.Image, extension: bytes) -> None:
    plain = saved(picture, "GIF")
    place = 13 + 3 * 2 ** ((plain[10] & 7) + 1)
    pixels = decode(plain[:place] + extension + plain[place:]).pixels
    np.testing.assert_array_equal(pixels, decode(plain).pixels)


@pytest.mark.parametrize("tag", [700, 33723, 34377, 34665, 34675, 50341])
@pytest.mark.parametrize("value", [1, 2**31])
def test_a_tiff_is_read_whatever_its_side_tags_point_to(picture: Image.Image, tag: int, value: int) -> None:
    """XMP, IPTC, Photoshop, EXIF, a colour profile and a printer's data, each of which points out of the file."""
    plain = bytearray(saved(picture, "TIFF", tiffinfo={tag: b"1234567890"} if tag != 34665 else {}))
    (place,) = struct.unpack_from("<I", plain, 4)
    (count,) = struct.unpack_from("<H", plain, place)
    entries = [struct.unpack_from("<HHII", plain, place + 2 + 12 * at) for at in range(count)]
    last = [at for at, entry in enumerate(entries) if entry[0] in (tag, 305)] or [count - 1]
    kind = 13 if tag == 34665 else 7
    if tag == 34665:  # over a tag that nothing needs: planar configuration
        last = [at for at, entry in enumerate(entries) if entry[0] == 284]
    struct.pack_into("<HHII", plain, place + 2 + 12 * last[0], tag, kind, 1 if tag == 34665 else 1_000_000, value)
    np.testing.assert_array_equal(decode(bytes(plain)).pixels, np.asarray(picture))
