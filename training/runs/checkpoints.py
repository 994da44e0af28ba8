"""Where a run stands after a whole epoch, in one file that is replaced in one step.

A checkpoint is named arrays (weights, the optimizer's moments) and a few JSON values, in NumPy's ``.npz`` without
pickle, so that it can be read on any machine and by any backend.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.registry.files import replace_durably
from training.errors import RunError

_META: Final = "meta.json"


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The state of a run between two epochs.

    Attributes:
        epoch: whole epochs done.
        arrays: weights and optimizer state by name.
        values: what else is needed to go on, as JSON values.
    """

    epoch: int
    arrays: Mapping[str, NDArray[Any]]
    values: Mapping[str, Any] = field(default_factory=dict)

    def array(self, name: str, shape: Sequence[int]) -> NDArray[Any]:
        """The array of a name.

        Raises:
            RunError: there is none of this shape.
        """
        array = self.arrays.get(name)
        if array is None or tuple(array.shape) != tuple(shape):
            raise RunError("The checkpoint is of another network than this version of the program makes.")
        return array


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Writes a checkpoint in place of the one before it.

    Raises:
        OSError: the one before is then still whole.
    """
    buffer = io.BytesIO()
    meta = json.dumps({"epoch": checkpoint.epoch, "values": dict(checkpoint.values)})
    np.savez(buffer, **{_META: np.frombuffer(meta.encode(), np.uint8)}, **dict(checkpoint.arrays))  # type: ignore[arg-type]
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_durably(path, buffer.getvalue())


def load_checkpoint(path: Path) -> Checkpoint | None:
    """Reads a checkpoint; None when the run has not finished an epoch.

    Raises:
        RunError: the file is damaged.
    """
    if not path.exists():
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(arrays.pop(_META).tobytes())
        return Checkpoint(meta["epoch"], arrays, meta["values"])
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise RunError(f"The checkpoint {path} is damaged; start the run again without --resume.") from error
