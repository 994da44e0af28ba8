from datetime import timedelta

import pytest

from bot.storage.storage import Storage
from bot.storage.trainings import TRAINING_LEASE, Cancelling
from tests.storage.conftest import Clock, Place

ANN, BEN = 4_000_000_001, 4_000_000_002
HERE, THERE = (ANN, 7), (BEN, 8)


@pytest.fixture
def other(place: Place) -> Storage:
    """Another replica."""
    return place.open()


def test_a_person_has_one_over_all_replicas(storage: Storage, other: Storage) -> None:
    assert storage.trainings.begin(ANN, HERE)
    assert not other.trainings.begin(ANN, (ANN, 9))
    assert other.trainings.begin(BEN, THERE)
    storage.trainings.end(HERE)
    assert other.trainings.begin(ANN, (ANN, 9))


def test_a_process_may_begin_again_what_it_could_not_end(storage: Storage) -> None:
    assert storage.trainings.begin(ANN, HERE)
    assert storage.trainings.begin(ANN, (ANN, 9))
    assert not storage.trainings.runs_at(HERE)
    assert storage.trainings.runs_at((ANN, 9))


def test_it_is_cancelled_by_its_owner_at_any_replica(storage: Storage, other: Storage) -> None:
    storage.trainings.begin(ANN, HERE)
    storage.trainings.begin(BEN, THERE)
    assert storage.trainings.renew([HERE, THERE]) == frozenset()
    assert other.trainings.cancel(BEN, HERE) is Cancelling.NOT_YOURS
    assert storage.trainings.renew([HERE, THERE]) == frozenset()
    assert other.trainings.cancel(ANN, HERE) is Cancelling.ASKED
    assert storage.trainings.renew([HERE, THERE]) == {HERE}
    storage.trainings.end(HERE)
    assert other.trainings.cancel(ANN, HERE) is Cancelling.GONE
    assert not other.trainings.runs_at(HERE)


def test_what_a_dead_process_trained_is_gone_and_may_be_begun_elsewhere(
    storage: Storage, other: Storage, clock: Clock
) -> None:
    storage.trainings.begin(ANN, HERE)
    clock.time += TRAINING_LEASE - timedelta(seconds=1)
    assert storage.trainings.renew([HERE]) == frozenset()
    clock.time += timedelta(seconds=2)
    assert other.trainings.runs_at(HERE), "it lives"
    assert other.expire() == 0
    clock.time += TRAINING_LEASE
    assert not other.trainings.runs_at(HERE)
    assert other.trainings.cancel(ANN, HERE) is Cancelling.GONE
    assert other.trainings.begin(ANN, THERE)
    assert storage.trainings.renew([HERE]) == {HERE}, "another process trains for this person"
    clock.time += TRAINING_LEASE + timedelta(seconds=1)
    assert other.expire() == 1


def test_who_has_everything_deleted_cancels(storage: Storage, other: Storage) -> None:
    storage.trainings.begin(ANN, HERE)
    assert other.corrections.stored(ANN).rows == 1
    assert other.corrections.forget(ANN).rows == 1
    assert storage.trainings.renew([HERE]) == {HERE}
