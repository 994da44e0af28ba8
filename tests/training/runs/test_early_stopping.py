"""When a training stops early, told by its table of epochs alone."""

import pytest

from training.runs.early_stopping import best_epoch, has_stopped
from training.runs.folders import EpochRecord


def records(*losses: float | None) -> list[EpochRecord]:
    return [EpochRecord(number, 0.5, 0.9, loss) for number, loss in enumerate(losses, start=1)]


@pytest.mark.parametrize(
    ("losses", "best", "stopped"),
    [
        ((), 0, False),
        ((0.5,), 1, False),
        ((0.5, 0.4, 0.6), 2, False),
        ((0.5, 0.4, 0.6, 0.4), 2, True),  # as low is not lower
        ((0.5, 0.4, 0.6, 0.3), 4, False),
        ((None, 0.4, None, None), 2, True),
    ],
)
def test_two_epochs_of_patience(losses: tuple[float | None, ...], best: int, stopped: bool) -> None:
    assert best_epoch(records(*losses)) == best
    assert has_stopped(records(*losses), 2) is stopped
    assert not has_stopped(records(*losses), 0)
