import itertools
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.photo_rate_limit import PhotoRateLimit


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_sixty_in_ten_minutes_for_each_person():
    clock = Clock()
    fair = PhotoRateLimit(60, clock=clock)
    assert all(fair.take(1) for _ in range(60))
    assert not fair.take(1)
    assert fair.take(2)
    clock.now += 599
    assert not fair.take(1)
    clock.now += 1
    assert fair.take(1)


def test_what_is_refused_does_not_count():
    clock = Clock()
    fair = PhotoRateLimit(photos=2, window=timedelta(seconds=10), clock=clock)
    assert [fair.take(1) for _ in range(5)] == [True, True, False, False, False]
    clock.now += 10
    assert fair.take(1)


def test_the_wait_is_until_that_many_fit():
    clock = Clock()
    fair = PhotoRateLimit(photos=3, window=timedelta(seconds=100), clock=clock)
    for _ in range(3):
        fair.take(1)
        clock.now += 10
    assert fair.wait(1) == timedelta(seconds=70)
    assert fair.wait(1, photos=2) == timedelta(seconds=80)
    assert fair.wait(1, photos=50) == timedelta(seconds=90)
    assert fair.wait(2, photos=3) == timedelta(0)


def test_who_has_not_come_back_is_forgotten():
    clock = Clock()
    fair = PhotoRateLimit(60, window=timedelta(seconds=1), clock=clock)
    for user_id in range(2_000):
        fair.take(user_id)
        clock.now += 1
    assert len(fair) <= 1


def test_asking_how_long_to_wait_breaks_nothing_however_many_people_there_are():
    clock = Clock()
    fair = PhotoRateLimit(photos=1, window=timedelta(seconds=10), clock=clock)
    fair.take(0)
    clock.now += 11
    assert fair.wait(0) == timedelta(0)
    assert all(fair.take(user_id) for user_id in range(1, 1_500))
    assert fair.wait(2_000) == timedelta(0)
    assert len(fair) == 1_499


def test_it_binds_no_admin():
    fair = PhotoRateLimit(photos=1, unbound=(7,))
    assert all(fair.take(7) for _ in range(100))
    assert [fair.take(8), fair.take(8)] == [True, False]


def test_none_binds_nobody():
    fair = PhotoRateLimit(photos=0)
    assert all(fair.take(1) for _ in range(100))
    assert len(fair) == 0


class Plainly:
    """The same rule, with every photo remembered for ever."""

    def __init__(self, photos: int, window_s: int) -> None:
        self.photos, self.window_s = photos, window_s
        self.taken: list[tuple[int, float]] = []

    def recent(self, user_id: int, now: float) -> list[float]:
        return [at for who, at in self.taken if who == user_id and now - at < self.window_s]

    def take(self, user_id: int, now: float) -> bool:
        allowed = len(self.recent(user_id, now)) < self.photos
        if allowed:
            self.taken.append((user_id, now))
        return allowed

    def wait(self, user_id: int, photos: int, now: float) -> timedelta:
        """The first second, tried one after the other, from which so many fit."""
        wanted = min(photos, self.photos)
        free = (s for s in itertools.count() if len(self.recent(user_id, now + s)) + wanted <= self.photos)
        return timedelta(seconds=next(free))


PEOPLE = st.integers(1, 4)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), PEOPLE),
        st.tuples(st.just("wait"), PEOPLE, st.integers(1, 6)),
        st.tuples(st.just("pass"), st.integers(0, 12)),
    ),
    max_size=60,
)


@given(photos=st.integers(1, 4), window_s=st.integers(1, 10), steps=STEPS)
def test_whatever_happens_in_whatever_order_the_rule_is_kept(photos: int, window_s: int, steps: list[tuple[Any, ...]]):
    clock = Clock()
    fair, plainly = PhotoRateLimit(photos, timedelta(seconds=window_s), clock), Plainly(photos, window_s)
    for what, *arguments in steps:
        if what == "take":
            assert fair.take(*arguments) == plainly.take(*arguments, clock.now)
        elif what == "wait":
            assert fair.wait(*arguments) == plainly.wait(*arguments, clock.now)
        else:
            clock.now += arguments[0]
        assert len(fair) <= len({who for who, _ in plainly.taken})
    clock.now += window_s
    fair.wait(0)
    assert len(fair) == 0
