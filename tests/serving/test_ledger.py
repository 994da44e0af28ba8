import asyncio

from bot.serving.ledger import MAX_UNCONFIRMED, Ledger


def test_an_update_is_confirmed_when_everybody_is_done_with_it():
    ledger = Ledger()
    assert ledger.begin(10)
    ledger.hold(10)
    ledger.release(10)
    assert ledger.offset == 10
    ledger.release(10)
    assert ledger.offset == 11
    assert ledger.open == 0


def test_later_answers_wait_for_the_earlier_ones():
    ledger = Ledger()
    for update_id in (10, 11, 12):
        assert ledger.begin(update_id)
    ledger.release(11)
    ledger.release(12)
    assert ledger.offset == 10
    ledger.release(10)
    assert ledger.offset == 13


def test_an_update_that_comes_again_is_known():
    ledger = Ledger()
    assert ledger.begin(10)
    assert not ledger.begin(10)
    ledger.release(10)
    assert not ledger.begin(10)


def test_telegram_numbers_anew_after_a_quiet_week():
    ledger = Ledger()
    ledger.begin(9_000)
    ledger.release(9_000)
    assert ledger.begin(5)
    ledger.release(5)
    assert ledger.offset == 6


def test_a_full_window_makes_room_for_new_updates():
    ledger = Ledger()
    for update_id in range(MAX_UNCONFIRMED):
        ledger.begin(update_id)
    ledger.make_room()
    assert ledger.offset == MAX_UNCONFIRMED // 2
    assert ledger.open == MAX_UNCONFIRMED


async def test_waiting_ends_with_the_last_update():
    ledger = Ledger()
    ledger.begin(1)
    asyncio.get_running_loop().call_later(0.02, ledger.release, 1)
    await asyncio.wait_for(ledger.wait_for_a_release(5), 1)
    assert ledger.open == 0
    await asyncio.wait_for(ledger.wait_for_a_release(0.01), 1)
