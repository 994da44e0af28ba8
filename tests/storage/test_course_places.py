from datetime import timedelta

from bot.storage import retention
from bot.storage.storage import Storage
from tests.storage.conftest import Clock

ANN, BEN = 4_000_000_001, 4_000_000_002


def test_the_last_step_is_kept(storage: Storage) -> None:
    places = storage.course_places
    assert places.of(ANN) is None
    places.keep(ANN, "pixels")
    places.keep(ANN, "softmax")
    assert (places.of(ANN), places.of(BEN)) == ("softmax", None)


def test_forgetting_takes_it(storage: Storage) -> None:
    storage.course_places.keep(ANN, "pixels")
    storage.course_places.keep(BEN, "pixels")
    assert storage.corrections.forget(ANN).rows == 1
    assert (storage.course_places.of(ANN), storage.course_places.of(BEN)) == (None, "pixels")


def test_it_is_kept_for_a_term(storage: Storage, clock: Clock) -> None:
    storage.course_places.keep(ANN, "pixels")
    clock.time += retention.COURSE_PLACE_KEPT - timedelta(days=1)
    assert storage.expire() == 0
    clock.time += timedelta(days=2)
    assert storage.expire() == 1
    assert storage.course_places.of(ANN) is None
