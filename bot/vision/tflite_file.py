"""What a TFLite file says of its inputs and outputs, read without an interpreter, whose library takes 12 MB.

The file is a FlatBuffer: tables whose fields are found by number (https://flatbuffers.dev/internals). The numbers are
those of TensorFlow's ``schema.fbs``, where fields are only ever added.
"""

import struct
from dataclasses import dataclass
from typing import Final

FILE_IDENTIFIER: Final = b"TFL3"
"""Bytes 4-8 of every TFLite file; native code is not shown files without it."""

_SUBGRAPHS_OF_MODEL: Final = 2
_TENSORS, _INPUTS, _OUTPUTS = 0, 1, 2
_SHAPE, _TYPE = 0, 1
_FLOAT32: Final = 0
_MOST: Final = 1000
"""Longest list that is read: our networks have fewer tensors, and damage asks for billions."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or output.

    Attributes:
        index: to set or get it by.
        shape: with the batch.
        is_float32: the type of its values.
    """

    index: int
    shape: tuple[int, ...]
    is_float32: bool


def inputs_and_outputs(model: bytes) -> tuple[list[Tensor], list[Tensor]]:
    """Read the inputs and the outputs of a network.

    Args:
        model: the TFLite file.

    Raises:
        ValueError: it is none, or so damaged that this cannot be read.
    """
    if model[4:8] != FILE_IDENTIFIER:
        raise ValueError("not a TFLite file")
    try:
        graph = _tables(model, _field(model, _target(model, 0), _SUBGRAPHS_OF_MODEL))[0]
        tensors = _tables(model, _field(model, graph, _TENSORS))
        indices = [_numbers(model, _field(model, graph, field)) for field in (_INPUTS, _OUTPUTS)]
        inputs, outputs = ([_tensor(model, index, tensors[index]) for index in each] for each in indices)
    except (struct.error, IndexError) as error:
        raise ValueError("a damaged TFLite file") from error
    return inputs, outputs


def _tensor(model: bytes, index: int, table: int) -> Tensor:
    kind = _field(model, table, _TYPE)
    is_float32 = kind is None or model[kind] == _FLOAT32
    return Tensor(index, _numbers(model, _field(model, table, _SHAPE)), is_float32)


def _field(model: bytes, table: int, number: int) -> int | None:
    """Where a table's field is; None where it is left out, which stands for its default."""
    names = table - _int32(model, table)
    (size,) = struct.unpack_from("<H", model, names)
    at = 4 + 2 * number
    if at >= size:
        return None
    (offset,) = struct.unpack_from("<H", model, names + at)
    return table + offset if offset else None


def _numbers(model: bytes, field: int | None) -> tuple[int, ...]:
    if field is None:
        return ()
    start = _target(model, field)
    length = _int32(model, start)
    if not 0 <= length <= _MOST:
        raise IndexError(length)
    return struct.unpack_from(f"<{length}i", model, start + 4)


def _tables(model: bytes, field: int | None) -> list[int]:
    """Where the tables of a list are."""
    if field is None:
        return []
    first = _target(model, field) + 4
    return [first + 4 * place + offset for place, offset in enumerate(_numbers(model, field))]


def _target(model: bytes, at: int) -> int:
    return at + _int32(model, at)


def _int32(model: bytes, at: int) -> int:
    (value,) = struct.unpack_from("<i", model, at)
    return int(value)
