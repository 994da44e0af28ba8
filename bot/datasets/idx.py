"""The IDX format of the MNIST family (described at the foot of http://yann.lecun.com/exdb/mnist/)."""

import gzip
import zlib
from typing import Final

import numpy as np

_UNSIGNED_BYTE: Final = 0x08


class IdxError(ValueError):
    """The bytes are not an IDX file of the expected kind."""


def read_idx(compressed: bytes, dimensions: int) -> np.ndarray:
    """Reads a gzipped IDX file of unsigned bytes.

    Args:
        compressed: the whole ``.gz`` file.
        dimensions: how many axes the array must have: 3 for images, 1 for labels.

    Returns:
        uint8 array of the shape that the header names, read-only.

    Raises:
        IdxError: not gzip, cut short, another element type or number of axes, or another length than the header says.
    """
    try:
        data = gzip.decompress(compressed)
    except (EOFError, OSError, zlib.error) as error:
        raise IdxError(f"not a whole gzip file ({error})") from error
    header = 4 + 4 * dimensions
    if len(data) < header:
        raise IdxError(f"{len(data)} bytes are too few for a header of {header}")
    if data[:4] != bytes((0, 0, _UNSIGNED_BYTE, dimensions)):
        raise IdxError(f"magic number {data[:4].hex()}, expected 0000{_UNSIGNED_BYTE:02x}{dimensions:02x}")
    shape = tuple(int.from_bytes(data[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(dimensions))
    values = np.frombuffer(data, dtype=np.uint8, offset=header)
    expected = 1
    for length in shape:
        expected *= length
    if values.size != expected:
        raise IdxError(f"{values.size} values, but the header says {' x '.join(map(str, shape))}")
    return values.reshape(shape)
