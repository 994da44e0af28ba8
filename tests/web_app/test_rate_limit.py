import pytest

from bot.web_app.rate_limit import MOST_PEOPLE, RateLimit

ANN, BEA = 1, 2


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_and_then_so_many_a_second() -> None:
    clock = Clock()
    limit = RateLimit(3, 2.0, clock)
    assert [limit.seconds_to_wait(ANN) for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.seconds_to_wait(BEA) == 0
    clock.now = 0.5
    assert limit.seconds_to_wait(ANN) == 0
    assert limit.seconds_to_wait(ANN) == pytest.approx(0.5)
    clock.now = 100
    assert [limit.seconds_to_wait(ANN) for _ in range(4)] == [0, 0, 0, 0.5]


def test_memory_stays_small() -> None:
    limit = RateLimit(1, 0.001, Clock())
    for person in range(MOST_PEOPLE + 100):
        assert limit.seconds_to_wait(person) == 0
    assert limit.seconds_to_wait(MOST_PEOPLE) > 0
    assert len(limit._buckets) == MOST_PEOPLE
