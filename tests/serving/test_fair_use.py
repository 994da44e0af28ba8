from datetime import timedelta

from bot.serving.fair_use import FairUse


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_sixty_in_ten_minutes_for_each_person():
    clock = Clock()
    fair = FairUse(clock=clock)
    assert all(fair.take(1) for _ in range(60))
    assert not fair.take(1)
    assert fair.take(2)
    clock.now += 599
    assert not fair.take(1)
    clock.now += 1
    assert fair.take(1)


def test_what_is_refused_does_not_count():
    clock = Clock()
    fair = FairUse(photos=2, window=timedelta(seconds=10), clock=clock)
    assert [fair.take(1) for _ in range(5)] == [True, True, False, False, False]
    clock.now += 10
    assert fair.take(1)


def test_the_wait_is_until_that_many_fit():
    clock = Clock()
    fair = FairUse(photos=3, window=timedelta(seconds=100), clock=clock)
    for _ in range(3):
        fair.take(1)
        clock.now += 10
    assert fair.wait(1) == timedelta(seconds=70)
    assert fair.wait(1, photos=2) == timedelta(seconds=80)
    assert fair.wait(1, photos=50) == timedelta(seconds=90)
    assert fair.wait(2, photos=3) == timedelta(0)


def test_who_has_not_come_back_is_forgotten():
    clock = Clock()
    fair = FairUse(window=timedelta(seconds=1), clock=clock)
    for user_id in range(2_000):
        fair.take(user_id)
        clock.now += 1
    assert len(fair._taken) < 1_100
