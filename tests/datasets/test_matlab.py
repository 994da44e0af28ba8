import io
import struct
import zlib
from collections.abc import Mapping

import numpy as np
import pytest
from scipy.io import savemat

from bot.datasets.matlab import MAX_INFLATED, MatlabError, read_matrix


def written(variables: Mapping[str, object], *, compressed: bool) -> bytes:
    out = io.BytesIO()
    savemat(out, variables, do_compression=compressed)
    return out.getvalue()


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    "matrix",
    [
        np.arange(60, dtype=np.uint8).reshape(10, 6),
        np.arange(-3, 3, dtype=np.int16).reshape(2, 3),
        np.linspace(0, 1, 35).reshape(7, 5),
        np.float32([[1.5]]),
        np.arange(24, dtype=np.uint64).reshape(2, 3, 4),
        np.uint8([[1, 2, 3]]),
        np.zeros((0, 4)),
    ],
)
def test_reads_what_scipy_writes(matrix: np.ndarray, compressed: bool) -> None:
    others = {"before": np.ones((3, 3)), "groundtruth": matrix, "a_name_that_is_longer": np.uint8([[7]])}
    read = read_matrix(written(others, compressed=compressed), "groundtruth")
    assert read.dtype == matrix.dtype
    assert np.array_equal(read, matrix)


def test_reads_the_other_byte_order_and_numbers_packed_smaller() -> None:
    """As MATLAB writes whole doubles: stored as bytes; put together by hand from the format's description."""

    def element(kind: int, data: bytes) -> bytes:
        return struct.pack(">II", kind, len(data)) + data + bytes(-len(data) % 8)

    name = struct.pack(">HH", 2, 1) + b"gt\0\0"
    body = element(6, struct.pack(">II", 6, 0)) + element(5, struct.pack(">ii", 2, 3)) + name
    content = bytes(124) + b"\x01\x00MI" + element(14, body + element(2, bytes(range(6))))
    assert read_matrix(content, "gt").tolist() == [[0, 2, 4], [1, 3, 5]]


@pytest.mark.parametrize("compressed", [False, True])
def test_a_file_cut_anywhere_is_refused(compressed: bool) -> None:
    content = written({"groundtruth": np.arange(60, dtype=np.uint8).reshape(10, 6)}, compressed=compressed)
    for length in range(len(content)):
        with pytest.raises(MatlabError):
            read_matrix(content[:length], "groundtruth")


@pytest.mark.parametrize("seed", range(8))
def test_damage_is_an_error_of_its_own_or_other_numbers(seed: int) -> None:
    rng = np.random.default_rng(seed)
    content = written({"groundtruth": np.arange(60, dtype=np.uint8).reshape(10, 6)}, compressed=False)
    for _ in range(300):
        damaged = bytearray(content)
        damaged[rng.integers(124, len(content))] = rng.integers(256)
        try:
            read_matrix(bytes(damaged), "groundtruth")
        except MatlabError:
            continue


@pytest.mark.parametrize(
    "value", ["text", {"field": 1}, np.array([[1 + 2j]]), np.array([["a", 1]], dtype=object)], ids=str
)
def test_what_is_no_matrix_of_real_numbers_is_refused(value: object) -> None:
    with pytest.raises(MatlabError, match="groundtruth is no matrix of real numbers"):
        read_matrix(written({"groundtruth": value}, compressed=False), "groundtruth")


def test_a_missing_variable_and_another_kind_of_file_are_refused() -> None:
    with pytest.raises(MatlabError, match="no variable groundtruth"):
        read_matrix(written({"tags": np.ones((2, 2))}, compressed=True), "groundtruth")
    for content in (b"", b"<html>", bytes(4096), b"\x89HDF\r\n" * 100):
        with pytest.raises(MatlabError, match="not a MATLAB 5 file"):
            read_matrix(content, "groundtruth")


def test_a_bomb_is_not_unpacked() -> None:
    packed = zlib.compress(bytes(MAX_INFLATED + 1), level=1)
    content = bytes(124) + b"\x00\x01IM" + struct.pack("<II", 15, len(packed)) + packed
    with pytest.raises(MatlabError, match="too large"):
        read_matrix(content, "groundtruth")
