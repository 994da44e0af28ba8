"""Reads a numeric matrix out of a MATLAB 5 file (MathWorks, *MAT-File Format*, "Level 5 MAT-File Format").

SciPy reads these files, too, but is not among what serving installs.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

MAX_INFLATED: Final = 64 * 1024 * 1024
"""Bytes; the largest variable that is unpacked."""

_Order = Literal["<", ">"]

_HEADER: Final = 128
_ORDERS: Final[Mapping[bytes, _Order]] = {b"IM": "<", b"MI": ">"}
_MATRIX: Final = 14
_COMPRESSED: Final = 15
_NUMBERS: Final = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
"""Data types of elements, as NumPy calls them without their byte order."""

_FIRST_NUMERIC: Final = 6
_LAST_NUMERIC: Final = 15
"""Classes of arrays from double to uint64; below them are cells, structures, objects, text and sparse matrices."""


class MatlabError(ValueError):
    """The bytes are not a MATLAB 5 file with the expected matrix."""


def read_matrix(content: bytes, variable: str) -> NDArray[np.generic]:
    """Reads a matrix of real numbers.

    Args:
        content: the whole file.
        variable: the matrix's name.

    Returns:
        The array in the shape that the file gives, in the number type that the file stores it with.

    Raises:
        MatlabError: another kind of file, cut short, without the variable, or with something else of that name.
    """
    order = _ORDERS.get(content[_HEADER - 2 : _HEADER])
    if order is None:
        raise MatlabError("not a MATLAB 5 file")
    for kind, body in _elements(content[_HEADER:], order):
        if kind == _COMPRESSED:
            kind, body = next(_elements(_inflated(body), order), (0, b""))
        if kind == _MATRIX:
            found = _matrix(body, variable, order)
            if found is not None:
                return found
    raise MatlabError(f"no variable {variable}")


def _elements(data: bytes, order: _Order) -> Iterator[tuple[int, bytes]]:
    """The data elements one after the other: each one's type and bytes."""
    at = 0
    while at < len(data):
        if len(data) - at < 8:
            raise MatlabError("cut short in a tag")
        kind, size = struct.unpack_from(f"{order}II", data, at)
        start, small = at + 8, kind >> 16
        if small:  # the tag and at most four bytes share eight
            kind, size, start = kind & 0xFFFF, small, at + 4
        if start + size > len(data) or small > 4:
            raise MatlabError("cut short in an element")
        yield kind, data[start : start + size]
        end = start + size
        at = at + 8 if small else end if kind == _COMPRESSED else end + -end % 8


def _inflated(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        inflated = stream.decompress(data, MAX_INFLATED)
    except zlib.error as error:
        raise MatlabError(f"damaged ({error})") from error
    if not stream.eof:
        raise MatlabError("cut short or too large when unpacked")
    return inflated


def _matrix(body: bytes, variable: str, order: _Order) -> NDArray[np.generic] | None:
    """The matrix, or None when it has another name."""
    parts = list(_elements(body, order))
    if len(parts) < 3:
        raise MatlabError("a matrix without its name")
    (_, flags), (_, dimensions), (_, name) = parts[:3]
    if name.decode("ascii", "replace") != variable:
        return None
    numeric_class = struct.unpack_from(f"{order}I", flags)[0] & 0xFF if len(flags) >= 4 else 0
    if not _FIRST_NUMERIC <= numeric_class <= _LAST_NUMERIC or len(parts) != 4 or parts[3][0] not in _NUMBERS:
        raise MatlabError(f"{variable} is no matrix of real numbers")
    if len(dimensions) % 4:
        raise MatlabError(f"the shape of {variable} is damaged")
    shape = tuple(struct.unpack(f"{order}{len(dimensions) // 4}i", dimensions))
    numbers = np.dtype(_NUMBERS[parts[3][0]]).newbyteorder(order)
    if min(shape, default=-1) < 0 or len(parts[3][1]) != int(np.prod(shape, dtype=object)) * numbers.itemsize:
        raise MatlabError(f"{variable} has not as many numbers as its shape {shape} says")
    return np.frombuffer(parts[3][1], numbers).reshape(shape, order="F")
