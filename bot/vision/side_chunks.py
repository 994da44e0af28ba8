"""Image files without what carries no pixels: texts, colour profiles, comments, the marks of editors, previews.

Decoders read those as well and stumble over them, though a picture is no worse for a broken text beside it. A file
that cannot be read is tried again as :func:`without_side_chunks` leaves it: what the pixels need, and the orientation.
Nothing of what is left out is looked into or unpacked.
"""

import contextlib
import re
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from typing import Final

from PIL import Image

from bot.vision import bmff

ORIENTATION_TAG: Final = 0x0112
"""EXIF 2.32, tag 274; TIFF has the same."""

_UPRIGHT: Final = 1
_ORIENTATIONS: Final = range(1, 9)

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PNG_PIXELS: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
_PNG_NEXT: Final = re.compile(rb"....(?:IHDR|PLTE|tRNS|IDAT|IEND|eXIf)", re.DOTALL)

_JPEG_START: Final = b"\xff\xd8"
_JPEG_NEXT: Final = re.compile(rb"\xff[\xc0-\xcf\xda-\xdd]")
_JPEG_SCAN: Final = 0xDA
_JPEG_COMMENT: Final = 0xFE
_JPEG_APPLICATIONS: Final = range(0xE0, 0xF0)
_JFIF: Final = (b"\xff\xe0", b"JFIF\0", 14)
_ADOBE: Final = (b"\xff\xee", b"Adobe", 12)
"""The two that say which colours the numbers mean: marker, beginning, least length."""

_TIFF_PIXELS: Final = frozenset(
    {
        *range(254, 260), 262, 263, 266, 273, *range(277, 280), 284, 292, 293, 317, 320, *range(322, 326),
        332, 334, 336, 338, 339, 347, *range(512, 516), *range(517, 522), *range(529, 533),
    }
)  # fmt: skip
"""TIFF 6.0 and its supplements: the tags without which strips and tiles cannot be read."""

_TIFF_SHORT: Final = 3
_TIFF_NOTHING: Final = 65_000
"""A private tag, for what is left out: nothing in the file may move."""


def without_side_chunks(data: bytes) -> bytes:
    """Leave out what carries no pixels.

    Args:
        data: the file; what is cut short stays so.

    Returns:
        A file of the same format and picture, the first one of several; ``data`` where nothing is known of the format.
    """
    for signature, bare in _BARE:
        if signature.match(data):
            with contextlib.suppress(ValueError, IndexError, struct.error):
                return bare(data)
    return data


def opaque_gif(data: bytes) -> bytes:
    """Leave out of a GIF file what is left out anyway, and which colour is transparent."""
    return _gif(data, is_transparent=False)


def unturned_tiff(data: bytes) -> bytes:
    """Leave out of a TIFF file what is left out anyway, and the orientation: its rows are as stored."""
    return _tiff(data, _TIFF_PIXELS)


def padded_webp(bare: bytes, value: int, spare_bytes: int) -> bytes:
    """Give a bare WebP file whose pixels are cut short as many as it announces, and some more.

    Args:
        bare: the file, its pixels last.
        value: each of the added bytes, 0..255.
        spare_bytes: how many more.

    Raises:
        ValueError: it is not cut short.
    """
    place = 12
    for kind, length, body in _riff_chunks(bare[place:]):
        if len(body) < length:
            end = place + 8 + length + spare_bytes - spare_bytes % 2 + length % 2
            size = end - place - 8
            padding = bytes([value]) * (end - len(bare))
            riff = struct.pack("<4sI4s", b"RIFF", end - 8, b"WEBP")
            return riff + bare[12:place] + struct.pack("<4sI", kind, size) + body + padding
        place += 8 + length + length % 2
    raise ValueError("this file is not cut short")


def _png(data: bytes) -> bytes:
    """The chunks with pixels, checksums made anew; eXIf, wherever it was, before the pixels."""
    kept = []
    orientation = _UPRIGHT
    for kind, body in _png_chunks(data):
        if kind == b"eXIf":
            orientation = _orientation(body)
        elif kind in _PNG_PIXELS:
            kept.append(_png_chunk(kind, body))
    if orientation != _UPRIGHT:
        kept.insert(1, _png_chunk(b"eXIf", _exif(orientation)))
    return PNG_SIGNATURE + b"".join(kept) + _png_chunk(b"IEND", b"")


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(PNG_SIGNATURE)
    while place + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 8 + length
        is_known = kind in _PNG_PIXELS or kind == b"eXIf"
        next_kind = data[end + 8 : end + 12]
        is_followed = next_kind.isalpha() and len(next_kind) == 4
        if not kind.isalpha() or (kind != b"IDAT" and not is_followed and end < len(data)):
            end = -1
        if kind == b"IEND":
            return
        if end < 0 or (end > len(data) and not is_known):  # its length lies; what follows is found by its name
            found = _PNG_NEXT.search(data, place + 5)
            if found is None:
                return
            place = found.start()
            continue
        yield kind, data[place + 8 : end]
        place = end + 4


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _jpeg(data: bytes) -> bytes:
    kept = [_JPEG_START]
    orientation = _UPRIGHT
    place = len(_JPEG_START)
    while (start := data.find(b"\xff", place)) >= 0:
        marker = data[start + 1]
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:  # fillers and what has no length
            place = start + 1 if marker == 0xFF else start + 2
            continue
        if marker == _JPEG_SCAN:
            kept.append(data[start:])
            break
        (length,) = struct.unpack_from(">H", data, start + 2)
        end = start + 2 + length
        segment = data[start:end]
        is_side = marker in _JPEG_APPLICATIONS or marker == _JPEG_COMMENT
        if is_side and (length < 2 or data[end : end + 1] != b"\xff"):  # its length lies: look for the next mark
            found = _JPEG_NEXT.search(data, start + 4)
            place = found.start() if found else len(data)
            continue
        if segment[4:].startswith(b"Exif\0\0"):
            orientation = _orientation(segment[10:]) if orientation == _UPRIGHT else orientation
        elif not is_side or any(_is(segment, *which) for which in (_JFIF, _ADOBE)):
            kept.append(segment)
        place = end
    if orientation != _UPRIGHT:
        block = b"Exif\0\0" + _exif(orientation)
        kept.insert(1, b"\xff\xe1" + struct.pack(">H", 2 + len(block)) + block)
    return b"".join(kept)


def _is(segment: bytes, marker: bytes, beginning: bytes, least: int) -> bool:
    return segment.startswith(marker) and segment[4:].startswith(beginning) and len(segment) >= 4 + least


def _webp(data: bytes) -> bytes:
    """The first frame, with its alpha; sizes made anew, an announced but absent rest of the pixels still announced."""
    alpha = b""
    orientation = _UPRIGHT
    pixels: tuple[bytes, int, bytes] | None = None
    canvas = b""
    for kind, length, body in _riff_chunks(data[12:]):
        if kind == b"VP8X":
            canvas = body[4:10]
        elif kind == b"EXIF":
            orientation = _orientation(body.removeprefix(b"Exif\0\0"))
        elif pixels is None:
            frame = _riff_chunks(body[16:]) if kind == b"ANMF" else iter([(kind, length, body)])
            for part, part_length, part_body in frame:
                if part == b"ALPH":
                    alpha = part_body
                elif part in (b"VP8 ", b"VP8L"):
                    pixels = part, part_length, part_body
                    if kind == b"ANMF":
                        canvas = body[6:12]
    if pixels is None:
        return data
    kind, length, body = pixels
    chunks = struct.pack("<4sI", kind, length) + body + b"\0" * (length % 2 if len(body) == length else 0)
    if len(canvas) == 6 and (alpha or orientation != _UPRIGHT):
        flags = 0x10 * bool(alpha or kind == b"VP8L") | 0x08 * (orientation != _UPRIGHT)
        before = struct.pack("<4sIB3x", b"VP8X", 10, flags) + canvas
        after = b""
        if alpha:
            before += struct.pack("<4sI", b"ALPH", len(alpha)) + alpha + b"\0" * (len(alpha) % 2)
        if orientation != _UPRIGHT and len(body) == length:
            block = _exif(orientation)
            after = struct.pack("<4sI", b"EXIF", len(block)) + block + b"\0" * (len(block) % 2)
        chunks = before + chunks + after
    missing = length - len(body)
    return struct.pack("<4sI4s", b"RIFF", 4 + len(chunks) + missing + (missing and length % 2), b"WEBP") + chunks


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """Kind, announced length and bytes of each chunk; the last one may have fewer bytes than announced."""
    place = 0
    while place + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, place)
        yield kind, length, data[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def _gif(data: bytes, *, is_transparent: bool = True) -> bytes:
    """Header, colours, the transparent colour and the first picture."""
    place = 13 + _gif_colours(data[10])
    kept = [data[:place]]
    while data[place] == 0x21:
        end = _gif_blocks_end(data, place + 2)
        if is_transparent and data[place + 1] == 0xF9 and data[place + 2] == 4:
            kept.append(data[place:end])
        place = end
    if data[place] != 0x2C:
        raise ValueError("no picture in this GIF")
    end = _gif_blocks_end(data, place + 11 + _gif_colours(data[place + 9]))
    return b"".join(kept) + data[place:end] + b";"


def _gif_colours(flags: int) -> int:
    return 3 * 2 << (flags & 7) if flags & 0x80 else 0


def _gif_blocks_end(data: bytes, place: int) -> int:
    while place < len(data) and data[place]:
        place += 1 + data[place]
    return place + 1


def _tiff_bare(data: bytes) -> bytes:
    return _tiff(data, _TIFF_PIXELS | {ORIENTATION_TAG})


def _tiff(data: bytes, pixels: frozenset[int]) -> bytes:
    """The first page, its other tags made meaningless in their places."""
    order = "<" if data.startswith(b"II") else ">"
    if data[2 if order == "<" else 3] == 43:  # BigTIFF
        entry, count, offset, start = order + "HHQQ", order + "Q", order + "Q", 8
    else:
        entry, count, offset, start = order + "HHII", order + "H", order + "I", 4
    (place,) = struct.unpack_from(offset, data, start)
    (tags,) = struct.unpack_from(count, data, place)
    place += struct.calcsize(count)
    bare = bytearray(data)
    for _ in range(tags):
        tag, kind, values, _ = struct.unpack_from(entry, data, place)
        value = struct.unpack_from(order + "H", data, place + struct.calcsize(entry) - struct.calcsize(offset))[0]
        is_sound = tag != ORIENTATION_TAG or (kind == _TIFF_SHORT and values == 1 and value in _ORIENTATIONS)
        if tag not in pixels or not is_sound:
            struct.pack_into(entry, bare, place, _TIFF_NOTHING, _TIFF_SHORT, 1, 0)
        place += struct.calcsize(entry)
    struct.pack_into(offset, bare, place, 0)
    return bytes(bare)


def _orientation(block: bytes) -> int:
    """The orientation that an EXIF block states, upright when it is broken."""
    exif = Image.Exif()
    with contextlib.suppress(Exception), warnings.catch_warnings():  # Pillow raises whatever it stumbles over
        warnings.simplefilter("ignore")
        exif.load(block)
        value = exif.get(ORIENTATION_TAG)
        return value if isinstance(value, int) and value in _ORIENTATIONS else _UPRIGHT
    return _UPRIGHT


def _exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    return exif.tobytes().removeprefix(b"Exif\0\0")


_BARE: Final[tuple[tuple[re.Pattern[bytes], Callable[[bytes], bytes]], ...]] = (
    (re.compile(re.escape(PNG_SIGNATURE)), _png),
    (re.compile(re.escape(_JPEG_START)), _jpeg),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), _webp),
    (re.compile(rb"GIF8[79]a"), _gif),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), _tiff_bare),
    (re.compile(rb"....ftyp", re.DOTALL), bmff.without_side_items),
)
