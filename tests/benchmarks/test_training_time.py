"""How long an admin waits for a training."""

from pathlib import Path

import pytest

from benchmarks.training_time import LIMITS_S, REFRESH_LIMIT_S, Taken, main, report


def taken(seconds: float, limit: float | None) -> Taken:
    return Taken(seconds, [60.0, 60.0, 60.0], {"peak_memory_mib": 1400}, limit, load=0.5)


def test_the_limits_are_those_that_were_promised() -> None:
    assert REFRESH_LIMIT_S == 10 * 60
    assert LIMITS_S["standard"] == 30 * 60
    assert taken(599, REFRESH_LIMIT_S).in_time
    assert not taken(601, REFRESH_LIMIT_S).in_time
    assert taken(100_000, None).in_time


def test_tells_what_the_time_went_into() -> None:
    whole, epochs, rest, memory = report(taken(420, REFRESH_LIMIT_S)).splitlines()
    assert "7.0 min, at most 10 min; load average before: 0.5" in whole
    assert epochs.split() == ["3", "epochs", "3.0", "min"]
    assert "4.0 min" in rest
    assert "1400 MiB" in memory


def test_a_training_that_fails_is_no_figure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folders = ["--data-dir", str(tmp_path), "--models-dir", str(tmp_path)]
    assert main(folders) == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert "There is no model" in told.err
