"""What a TFLite file says of its inputs and outputs, read without an interpreter, whose library takes 12 MB.

The file is a FlatBuffer of TensorFlow's ``schema.fbs``, in which fields have numbers and are only ever added.
"""

import struct
from dataclasses import dataclass
from typing import Any, Final

from flatbuffers import encode, packer  # type: ignore[import-untyped]
from flatbuffers.number_types import Int8Flags, Int32Flags  # type: ignore[import-untyped]
from flatbuffers.table import Table  # type: ignore[import-untyped]

FILE_IDENTIFIER: Final = b"TFL3"
"""Bytes 4-8 of every TFLite file; native code is not shown files without it."""

_SUBGRAPHS_OF_MODEL: Final = 2
_TENSORS, _INPUTS, _OUTPUTS = 0, 1, 2
_SHAPE, _TYPE = 0, 1
_FLOAT32: Final = 0


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
        graph = _table_of(Table(model, encode.Get(packer.uoffset, model, 0)), _SUBGRAPHS_OF_MODEL, 0)
        inputs, outputs = (
            [_tensor(index, _table_of(graph, _TENSORS, index)) for index in _numbers(graph, field)]
            for field in (_INPUTS, _OUTPUTS)
        )
    except (struct.error, TypeError, ValueError, IndexError) as error:  # the library checks nothing
        raise ValueError("a damaged TFLite file") from error
    return inputs, outputs


def _tensor(index: int, table: Any) -> Tensor:
    kind = table.GetSlot(_slot(_TYPE), _FLOAT32, Int8Flags)
    return Tensor(index, _numbers(table, _SHAPE), kind == _FLOAT32)


def _table_of(table: Any, field: int, index: int) -> Any:
    """One of the tables that a field lists."""
    offset = table.Offset(_slot(field))
    if not offset or not 0 <= index < table.VectorLen(offset):
        raise IndexError(index)
    return Table(table.Bytes, table.Indirect(table.Vector(offset) + 4 * index))


def _numbers(table: Any, field: int) -> tuple[int, ...]:
    """The numbers that a field lists; one that is left out has none."""
    offset = table.Offset(_slot(field))
    return tuple(table.GetVectorAsNumpy(Int32Flags, offset).tolist()) if offset else ()


def _slot(field: int) -> int:
    """Where a table keeps the offset of a field."""
    return 4 + 2 * field
