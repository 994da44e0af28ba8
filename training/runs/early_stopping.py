"""When to stop, and which epoch to keep: by the loss on pictures that are not learnt from.

Everything follows from the table of epochs, so that a resumed run decides as the uninterrupted one would have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.runs.folders import EpochRecord


def best_epoch(records: Sequence[EpochRecord]) -> int:
    """The epoch with the lowest validation loss, the first of equals; 0 where none was measured."""
    measured = [(record.val_loss, record.epoch) for record in records if record.val_loss is not None]
    return min(measured)[1] if measured else 0


def has_stopped(records: Sequence[EpochRecord], patience: int) -> bool:
    """Whether ``patience`` epochs in a row brought no lower validation loss; never with a patience of 0."""
    return bool(patience and records) and records[-1].epoch - best_epoch(records) >= patience
