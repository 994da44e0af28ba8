import asyncio

import pytest

from bot.updates.tracker import MAX_UNCONFIRMED, UpdateTracker


@pytest.fixture
def tracker() -> UpdateTracker:
    return UpdateTracker()


def test_an_update_is_confirmed_when_everybody_is_done_with_it(tracker: UpdateTracker):
    assert tracker.begin(10)
    tracker.hold(10)
    tracker.release(10)
    assert tracker.offset == 10
    tracker.release(10)
    assert tracker.offset == 11
    assert tracker.open == 0


def test_later_answers_wait_for_the_earlier_ones(tracker: UpdateTracker):
    for update_id in (10, 11, 12):
        assert tracker.begin(update_id)
    tracker.release(11)
    tracker.release(12)
    assert tracker.offset == 10
    tracker.release(10)
    assert tracker.offset == 13


def test_an_update_that_comes_again_is_known(tracker: UpdateTracker):
    assert tracker.begin(10)
    assert not tracker.begin(10)
    tracker.release(10)
    assert not tracker.begin(10)


def test_telegram_numbers_anew_after_a_quiet_week(tracker: UpdateTracker):
    tracker.begin(9_000)
    tracker.release(9_000)
    assert tracker.begin(5)
    tracker.release(5)
    assert tracker.offset == 6


def test_a_full_window_makes_room_for_new_updates(tracker: UpdateTracker):
    for update_id in range(MAX_UNCONFIRMED):
        tracker.begin(update_id)
    assert tracker.offset == 0
    tracker.confirm_early(range(MAX_UNCONFIRMED // 2))
    assert tracker.offset == MAX_UNCONFIRMED // 2
    assert tracker.open == MAX_UNCONFIRMED


async def test_waiting_ends_with_the_last_update(tracker: UpdateTracker):
    tracker.begin(1)
    asyncio.get_running_loop().call_later(0.02, tracker.release, 1)
    await asyncio.wait_for(tracker.wait_for_a_release(60), 30)
    assert tracker.open == 0
    await asyncio.wait_for(tracker.wait_for_a_release(0.01), 30)


def test_work_that_is_no_update_never_moves_what_is_confirmed(tracker: UpdateTracker):
    tracker.begin(10)
    album = tracker.begin_work()
    tracker.release(10)
    assert tracker.offset == 11
    assert tracker.is_open(album)
    tracker.begin(12)
    tracker.hold(album)
    tracker.release(album)
    assert tracker.is_open(album)
    assert tracker.offset == 12
    tracker.release(album)
    assert not tracker.is_open(album)
    assert tracker.open == 1


def test_work_under_way_does_not_hide_that_telegram_numbers_anew(tracker: UpdateTracker):
    tracker.begin(9_000)
    tracker.release(9_000)
    tracker.begin_work()
    tracker.begin(5)
    tracker.release(5)
    assert tracker.offset == 6


def test_an_update_taken_over_from_another_process_confirms_nothing(tracker: UpdateTracker):
    tracker.begin(500)
    tracker.release(500)
    assert tracker.begin(20, confirmed=True)
    assert tracker.offset == 501
    assert not tracker.begin(20)
    tracker.release(20)
    assert tracker.offset == 501


def test_what_another_process_answers_is_let_go_however_many_hold_it(tracker: UpdateTracker):
    tracker.begin(10)
    tracker.hold(10)
    tracker.abandon(10)
    assert not tracker.is_open(10)
    tracker.release(10)
    assert tracker.offset == 11
