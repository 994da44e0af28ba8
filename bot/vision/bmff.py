"""What Pillow does not tell of HEIC and AVIF files: whether the container turns the picture, and what EXIF says.

Both are boxes in boxes (ISO 14496-12, 23008-12): items with properties in ``meta``, their bytes elsewhere in the file.
A reader that turns by ``irot`` and ``imir`` must not turn by EXIF as well; phones that write neither mean EXIF.
"""

import re
import struct
from collections.abc import Iterator
from typing import Final

_TURNING: Final = (b"irot", b"imir")
_TIFF_HEADER_OFFSET_BYTES: Final = 4
_SIDE_ITEM: Final = re.compile(rb"(infe[\x02\x03].{3}(?:.{4}|.{6}))(?:Exif|mime|uri )", re.DOTALL)
_NO_ITEM: Final = rb"\1skip"


def is_turned(data: bytes) -> bool:
    """Whether the main picture has a turn or a mirror among its properties.

    Args:
        data: the file.

    Raises:
        ValueError: the boxes are not as they should be; so do IndexError, KeyError and struct.error say.
    """
    meta = _meta(data)
    properties = dict(_boxes(meta[b"iprp"]))
    kinds = [kind for kind, _ in _boxes(properties[b"ipco"])]
    wanted = _primary(meta[b"pitm"])
    return any(
        kinds[index - 1] in _TURNING
        for kind, body in _boxes(meta[b"iprp"])
        if kind == b"ipma"
        for item, indices in _associations(body)
        if item == wanted
        for index in indices
        if index > 0
    )


def exif(data: bytes) -> bytes:
    """The EXIF block, from its TIFF header on; empty when there is none.

    Args:
        data: the file.

    Raises:
        ValueError: the boxes are not as they should be; so do IndexError, KeyError and struct.error say.
    """
    meta = _meta(data)
    items = {item for item, kind in _items(meta.get(b"iinf", bytes(6))) if kind == b"Exif"}
    for item, start, length in _extents(meta[b"iloc"]):
        if item in items:
            block = data[start : start + length]
            (skipped,) = struct.unpack_from(">I", block)
            return block[_TIFF_HEADER_OFFSET_BYTES + skipped :]
    return b""


def without_side_items(data: bytes) -> bytes:
    """The file with its EXIF and XMP declared to be of a kind that no reader looks at; nothing moves."""
    return _SIDE_ITEM.sub(_NO_ITEM, data)


def missing_bytes(data: bytes) -> int | None:
    """How many bytes the boxes announce beyond the end of the file; None where the last one has no length."""
    place = 0
    while place + 8 <= len(data):
        (size,) = struct.unpack_from(">I", data, place)
        if size == 1 and place + 16 <= len(data):
            (size,) = struct.unpack_from(">Q", data, place + 8)
        if size == 0:
            return None
        if size < 8:
            return 0
        place += size
    return min(max(0, place - len(data)), len(data))


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        header = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, place + 8)
            header = 16
        end = len(data) if size == 0 else place + size
        if end < place + header:
            raise ValueError(f"a box of {size} bytes")
        yield kind, data[place + header : end]
        place = end


def _meta(data: bytes) -> dict[bytes, bytes]:
    return dict(_boxes(dict(_boxes(data))[b"meta"][4:]))


def _primary(body: bytes) -> int:
    return _number(body, 4, 2 if body[0] == 0 else 4)


def _items(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and kind of each item."""
    for _, entry in _boxes(body[6 if body[0] == 0 else 8 :]):
        if entry[0] == 2:
            yield _number(entry, 4, 2), entry[8:12]
        elif entry[0] == 3:
            yield _number(entry, 4, 4), entry[10:14]


def _number(data: bytes, place: int, size: int) -> int:
    if place + size > len(data):
        raise ValueError("a box that ends early")
    return int.from_bytes(data[place : place + size], "big")


def _associations(body: bytes) -> Iterator[tuple[int, list[int]]]:
    """Number of each item, and the numbers of its properties, counted from 1."""
    item_bytes = 2 if body[0] == 0 else 4
    index_bytes = 2 if body[3] & 1 else 1
    place = 8
    for _ in range(_number(body, 4, 4)):
        item = _number(body, place, item_bytes)
        count = _number(body, place + item_bytes, 1)
        place += item_bytes + 1
        mask = (1 << (8 * index_bytes - 1)) - 1  # the highest bit says whether it is essential
        yield item, [_number(body, place + index * index_bytes, index_bytes) & mask for index in range(count)]
        place += count * index_bytes


def _extents(body: bytes) -> Iterator[tuple[int, int, int]]:
    """Number of each item, with place and length in the file of its first extent."""
    version = body[0]
    offset_bytes, length_bytes = body[4] >> 4, body[4] & 15
    base_bytes, index_bytes = body[5] >> 4, body[5] & 15 if version else 0
    wide = 4 if version == 2 else 2
    count = _number(body, 6, wide)
    place = 6 + wide
    for _ in range(count):
        item = _number(body, place, wide)
        place += wide + (2 if version else 0) + 2  # construction method, data reference
        base = _number(body, place, base_bytes)
        extents = _number(body, place + base_bytes, 2)
        place += base_bytes + 2
        if extents:
            start = base + _number(body, place + index_bytes, offset_bytes)
            yield item, start, _number(body, place + index_bytes + offset_bytes, length_bytes)
        place += extents * (index_bytes + offset_bytes + length_bytes)
