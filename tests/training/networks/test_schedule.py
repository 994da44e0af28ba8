"""The rate follows batches or the clock, and ends low either way."""

import pytest

from training.networks.schedule import LAST, WARM_UP, by_clock, by_steps, rate_at


def test_by_steps_ends_after_the_last_one() -> None:
    done = by_steps(4)
    assert [done(step) for step in range(5)] == [0, 0.25, 0.5, 0.75, 1]


def test_by_clock_counts_from_the_first_question_whatever_the_steps() -> None:
    times = iter([100.0, 100.0, 130.0, 160.0, 400.0])
    done = by_clock(2, now=lambda: next(times))
    assert [done(step) for step in (0, 1, 900, 901)] == [0, 0.25, 0.5, 2.5]


def test_the_rate_rises_then_falls_to_a_hundredth() -> None:
    assert rate_at(0, 1e-3) == 0
    assert rate_at(WARM_UP / 2, 1e-3) == pytest.approx(0.5e-3)
    assert rate_at(WARM_UP, 1e-3) == pytest.approx(1e-3)
    assert rate_at((1 + WARM_UP) / 2, 1e-3) == pytest.approx((1 + LAST) / 2 * 1e-3)
    assert rate_at(1, 1e-3) == rate_at(1.7, 1e-3) == pytest.approx(LAST * 1e-3)
