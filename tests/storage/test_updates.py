import json
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from typing import Any

import pytest

from bot.storage import retention
from bot.storage.errors import StoreUnavailable
from bot.storage.leases import LEASE
from bot.storage.storage import Storage
from bot.storage.types import StoredUpdate
from bot.storage.updates import MAX_ATTEMPTS
from tests.storage.conftest import Clock, Place

CHAT = 4_000_000_001


def message(update_id: int = 1, **changes: Any) -> bytes:
    content = {"message_id": 5, "date": 1_770_000_000, "chat": {"id": CHAT, "type": "private"}, "text": "hi"}
    return json.dumps({"update_id": update_id, "message": {**content, **changes}}).encode()


def receive(storage: Storage, payload: bytes) -> bool:
    return storage.updates.claim_update(storage.updates.key_of(payload), payload)


def test_an_update_is_handled_once(place: Place) -> None:
    one, other = place.open(), place.open()
    assert receive(one, message())
    assert not receive(one, message())
    assert not receive(other, message())
    one.updates.mark_answered(one.updates.key_of(message()))
    assert not receive(other, message())
    assert receive(other, message(2))


def test_a_redelivery_with_other_file_ids_is_the_same_update(storage: Storage) -> None:
    key_of = storage.updates.key_of
    assert key_of(message(photo=[{"file_id": "a"}])) == key_of(message(photo=[{"file_id": "b"}]))


@pytest.mark.parametrize("changes", [{"message_id": 6}, {"date": 1_770_000_001}, {"chat": {"id": 1}}])
def test_a_number_that_starts_anew_is_another_update(storage: Storage, changes: dict[str, Any]) -> None:
    """A local server, or another bot on the same database, counts from one again."""
    assert storage.updates.key_of(message(**changes)) != storage.updates.key_of(message())
    assert storage.updates.key_of(message(), bot="7") != storage.updates.key_of(message(), bot="8")


def test_taps_differ_by_their_own_id(storage: Storage) -> None:
    def tap(number: str) -> bytes:
        return json.dumps({"update_id": 1, "callback_query": {"id": number}}).encode()

    assert storage.updates.key_of(tap("1")) != storage.updates.key_of(tap("2"))


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"[]", b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b"\xff", b"[" * 200_000]
)
def test_what_is_no_update_is_refused(storage: Storage, payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"JSON|update"):
        storage.updates.key_of(payload)


def test_an_update_of_a_dead_process_is_taken_over(place: Place, clock: Clock) -> None:
    dead, other = place.open(), place.open()
    receive(dead, message(1))
    receive(dead, message(2))
    dead.updates.mark_answered(dead.updates.key_of(message(1)))
    assert other.updates.unfinished_updates() == ()
    clock.time += LEASE
    clock.forward(seconds=1)
    assert other.updates.unfinished_updates() == (StoredUpdate(other.updates.key_of(message(2)), message(2)),)
    assert other.updates.unfinished_updates() == ()


def test_a_living_process_keeps_its_updates(place: Place, clock: Clock) -> None:
    busy, other = place.open(), place.open()
    receive(busy, message())
    for _ in range(5):
        clock.forward(seconds=LEASE.total_seconds() / 3)
        busy.renew()
    assert other.updates.unfinished_updates() == ()
    assert not receive(other, message())


def test_a_process_that_ends_in_order_leaves_its_work_at_once(place: Place) -> None:
    ending, other = place.open(), place.open()
    receive(ending, message())
    ending.release()
    assert len(other.updates.unfinished_updates()) == 1


def test_what_a_process_has_left_it_does_not_take_back(place: Place) -> None:
    ending, other = place.open(), place.open()
    receive(ending, message())
    ending.release()
    ending.renew()  # a beat that was under way when the process ended
    assert ending.updates.unfinished_updates() == ()
    assert [left.payload for left in other.updates.unfinished_updates()] == [message()]


def test_leaving_waits_for_a_renewal_that_is_under_way(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ending, other = place.open(), place.open()
    receive(ending, message())
    renewing, go_on = threading.Event(), threading.Event()
    slowly = ending.updates._set_leases

    def set_leases(until: datetime) -> None:
        if not renewing.is_set():
            renewing.set()
            go_on.wait(10)
        slowly(until)

    monkeypatch.setattr(ending.updates, "_set_leases", set_leases)
    with ThreadPoolExecutor(2) as threads:
        renewal = threads.submit(ending.updates.renew)
        assert renewing.wait(10)
        release = threads.submit(ending.updates.release)
        assert not wait([release], timeout=0.2).done
        go_on.set()
        renewal.result(10)
        release.result(10)
    assert [left.payload for left in other.updates.unfinished_updates()] == [message()]


def test_telegram_bringing_it_again_counts_as_taking_over(place: Place) -> None:
    ending, other = place.open(), place.open()
    receive(ending, message())
    ending.release()
    assert receive(other, message())


def test_an_update_that_ends_every_process_is_given_up_and_then_left_alone(place: Place, clock: Clock) -> None:
    receive(place.open(), message())
    given_up = []
    for _ in range(MAX_ATTEMPTS + 3):
        clock.time += 2 * LEASE
        given_up += [left.given_up for left in place.open().updates.unfinished_updates()]
    assert given_up == [False] * (MAX_ATTEMPTS - 2) + [True]


def test_an_update_survives_half_a_dozen_machines_that_fail(place: Place, clock: Clock) -> None:
    """As many may be restarted while Telegram is away, and it is to blame for none of them."""
    receive(place.open(), message())
    for _ in range(6):
        clock.time += 2 * LEASE
        (left,) = place.open().updates.unfinished_updates()
        assert not left.given_up


def test_only_one_replica_wins(place: Place, clock: Clock) -> None:
    replicas = [place.open() for _ in range(4)]
    replicas[0].prepare()
    start = threading.Barrier(4)

    def claim(replica: Storage) -> int:
        start.wait()
        return sum(receive(replica, message(number)) for number in range(5))

    def take_over(replica: Storage) -> int:
        start.wait()
        return len(replica.updates.unfinished_updates())

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(claim, replicas)) == 5
        clock.time += 2 * LEASE
        assert sum(threads.map(take_over, replicas)) == 5


def test_what_was_answered_while_the_database_was_away_is_answered(place: Place) -> None:
    one, other = place.open(), place.open()
    one.updates.mark_answered(*(one.updates.key_of(message(number)) for number in (1, 2)))
    assert not receive(other, message(1))
    assert not receive(other, message(2))
    assert receive(other, message(3))


def test_what_an_answered_update_said_is_forgotten(storage: Storage, clock: Clock) -> None:
    receive(storage, message())
    assert storage.updates.unanswered() == 1
    storage.updates.mark_answered(storage.updates.key_of(message()))
    assert storage.updates.unanswered() == 0
    with storage._database.read() as connection:
        assert connection.exec_driver_sql("select payload from handled_updates").scalar_one() is None
    clock.time += retention.UPDATES_KEPT
    clock.forward(seconds=1)
    assert storage.expire() == 1
    assert receive(storage, message())


def test_after_an_outage_an_update_is_still_its_owners(place: Place, clock: Clock) -> None:
    one, other = place.open(), place.open()
    key = one.updates.key_of(b'{"update_id": 7}')
    assert one.updates.claim_update(key, b'{"update_id": 7}')
    clock.time += 2 * LEASE
    assert other.updates.unfinished_updates(take_over=False) == ()
    assert not other.updates.claim_update(key, b'{"update_id": 7}', take_over=False)
    assert one.updates.lost(key) == frozenset()
    assert [left.key for left in other.updates.unfinished_updates()] == [key]
    assert one.updates.lost(key) == {key}


def test_what_an_orderly_end_leaves_is_taken_at_once_and_any_number_of_times(place: Place, clock: Clock) -> None:
    first = place.open()
    key = first.updates.key_of(b'{"update_id": 7}')
    first.updates.claim_update(key, b'{"update_id": 7}')
    first.release()
    for _ in range(6):
        replica = place.open()
        assert [left.key for left in replica.updates.unfinished_updates(take_over=False)] == [key]
        replica.release()


def test_an_answered_update_is_lost_to_who_still_works_on_it(place: Place, clock: Clock) -> None:
    one, other = place.open(), place.open()
    key = one.updates.key_of(b'{"update_id": 7}')
    one.updates.claim_update(key, b'{"update_id": 7}')
    other.updates.mark_answered(key)
    assert one.updates.lost(key) == {key}


def test_what_came_while_the_database_was_away_is_written_down_for_others(place: Place, clock: Clock) -> None:
    first, other = place.open(), place.open()
    key = first.updates.key_of(message())
    first.updates.write_down({key: message()})
    assert other.updates.unfinished_updates() == (), "it is being handled"

    clock.time += LEASE
    clock.forward(seconds=1)

    (left,) = other.updates.unfinished_updates()
    assert (left.key, left.payload, left.given_up) == (key, message(), False)


def test_a_process_that_ends_writes_nothing_more_down(storage: Storage) -> None:
    key = storage.updates.key_of(message())
    storage.updates.release()

    with pytest.raises(StoreUnavailable, match="ending"):
        storage.updates.write_down({key: message()})
    assert storage.updates.unanswered() == 0
