import gzip

import numpy as np
import pytest

from bot.datasets.idx import IdxError, read_idx


def idx(values: np.ndarray, magic: bytes | None = None) -> bytes:
    header = magic or bytes((0, 0, 8, values.ndim))
    return header + b"".join(length.to_bytes(4, "big") for length in values.shape) + values.tobytes()


def zipped(content: bytes) -> bytes:
    """The same at every start: the parameters below name the tests, which every worker must name alike."""
    return gzip.compress(content, mtime=0)


IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


def test_reads_images_and_labels() -> None:
    np.testing.assert_array_equal(read_idx(zipped(idx(IMAGES)), 3), IMAGES)
    labels = np.array([3, 1, 2], dtype=np.uint8)
    np.testing.assert_array_equal(read_idx(zipped(idx(labels)), 1), labels)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "too few"),
        (b"not gzip at all", "not a whole gzip file"),
        (zipped(idx(IMAGES))[:-9], "not a whole gzip file"),
        (zipped(idx(IMAGES))[:-3] + b"abc", "not a whole gzip file"),
        (zipped(b"\0\0\x08\x03"), "too few"),
        (zipped(idx(IMAGES, magic=b"\0\0\x09\x03")), "magic number 00000903, expected 00000803"),
        (zipped(idx(IMAGES[0])), "magic number"),
        (zipped(idx(IMAGES)[:-1]), r"23 values, but the header says 2 x 3 x 4"),
        (zipped(idx(IMAGES) + b"\0"), "25 values"),
    ],
)
def test_refuses_what_is_not_an_idx_file_of_that_kind(content: bytes, says: str) -> None:
    with pytest.raises(IdxError, match=says):
        read_idx(content, 3)
