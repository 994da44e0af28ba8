import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, Update, User
from telegram.error import Conflict, NetworkError

from bot.serving.dispatcher import Dispatcher
from bot.serving.ledger import MAX_UNCONFIRMED, Ledger
from bot.serving.polling import Poller


def update(update_id: int, chat_id: int = 1) -> Update:
    sender = User(chat_id, "Ann", is_bot=False)
    message = Message(update_id, datetime.now(UTC), Chat(chat_id, "private"), from_user=sender, text="hello")
    return Update(update_id, message=message)


class Telegram:
    """Keeps updates until they are confirmed."""

    def __init__(self, *updates: Update) -> None:
        self.pending = list(updates)
        self.failures: list[Exception] = []
        self.calls = 0

    async def get_updates(
        self,
        offset: int,
        limit: int,
        timeout: int,  # noqa: ASYNC109 - the Bot API calls it so
        allowed_updates: object,
    ) -> list[Update]:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        self.pending = [each for each in self.pending if each.update_id >= offset]
        if not self.pending and timeout:
            await asyncio.sleep(0.05)
        return self.pending[:limit]


class Answered:
    def __init__(self, *known: int) -> None:
        self.known = frozenset(known)
        self.noted: list[int] = []

    async def among(self, updates: list[Update]) -> frozenset[int]:
        return self.known & {each.update_id for each in updates}

    async def note(self, updates: list[Update]) -> None:
        self.noted += [each.update_id for each in updates]


class Bench:
    def __init__(self, telegram: Telegram, handle: Callable[[Update], Awaitable[None]], answered: Answered) -> None:
        self.telegram, self.answered = telegram, answered
        self.ledger = Ledger()
        self.reported: list[Exception] = []
        self.dispatcher = Dispatcher(handle, self.ledger)
        self.poller = Poller(telegram, self.dispatcher, self.ledger, answered, ("message",), self.reported.append)  # type: ignore[arg-type]

    async def run_for(self, seconds: float) -> None:
        running = asyncio.create_task(self.poller.run())
        await asyncio.sleep(seconds)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.serving.polling.BUSY_POLL_S", 0.02)
    monkeypatch.setattr("bot.serving.polling.NOTE_EVERY_S", 0.05)
    monkeypatch.setattr("bot.serving.patience.FIRST_BACKOFF_S", 0.01)


async def test_what_is_answered_is_confirmed():
    handled: list[int] = []

    async def handle(each: Update) -> None:
        handled.append(each.update_id)

    bench = Bench(Telegram(update(5), update(6), update(7, chat_id=2)), handle, Answered())
    await bench.run_for(0.3)
    assert sorted(handled) == [5, 6, 7]
    assert bench.telegram.pending == []


async def test_what_is_not_answered_stays_and_later_answers_are_noted():
    async def handle(each: Update) -> None:
        if each.update_id == 5:
            await asyncio.sleep(60)

    bench = Bench(Telegram(update(5), update(6, chat_id=2), update(7, chat_id=2)), handle, Answered())
    await bench.run_for(0.4)
    await bench.dispatcher.close()
    await bench.poller.confirm()
    assert [each.update_id for each in bench.telegram.pending] == [5, 6, 7]
    assert sorted(bench.answered.noted) == [6, 7]


async def test_what_telegram_was_not_told_of_at_the_end_is_noted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.serving.polling.NOTE_EVERY_S", 60)
    telegram = Telegram(update(5), update(6), update(7, chat_id=2))

    async def handle(_: Update) -> None:
        telegram.failures = [NetworkError("down")] * 1000
        await asyncio.sleep(0.1)

    bench = Bench(telegram, handle, Answered())
    await bench.run_for(0.3)
    await bench.dispatcher.drain()
    with pytest.raises(NetworkError):
        await bench.poller.confirm()
    assert [each.update_id for each in telegram.pending] == [5, 6, 7]
    assert sorted(bench.answered.noted) == [5, 6, 7]


async def test_what_an_earlier_process_answered_is_passed_over():
    handled: list[int] = []

    async def handle(each: Update) -> None:
        handled.append(each.update_id)

    bench = Bench(Telegram(update(5), update(6), update(7)), handle, Answered(6))
    await bench.run_for(0.3)
    assert handled == [5, 7]
    assert bench.telegram.pending == []


async def test_a_hundred_waiting_updates_do_not_hide_new_ones():
    handled: list[int] = []

    async def handle(each: Update) -> None:
        if each.update_id < MAX_UNCONFIRMED:
            await asyncio.sleep(60)
        handled.append(each.update_id)

    waiting = [update(number, chat_id=number + 1) for number in range(MAX_UNCONFIRMED)]
    bench = Bench(Telegram(*waiting, update(1000, chat_id=5000)), handle, Answered())
    await bench.run_for(0.5)
    await bench.dispatcher.close()
    assert handled == [1000]


async def test_a_chat_is_answered_in_order_and_the_chats_side_by_side():
    order: list[int] = []

    async def handle(each: Update) -> None:
        await asyncio.sleep(0.05 if each.update_id == 1 else 0)
        order.append(each.update_id)

    bench = Bench(Telegram(update(1), update(2), update(3, chat_id=2)), handle, Answered())
    await bench.run_for(0.4)
    assert order == [3, 1, 2]


async def test_failures_pass():
    async def handle(_: Update) -> None:
        raise ValueError("expected trouble")

    telegram = Telegram(update(1))
    telegram.failures = [NetworkError("down")] * 3
    bench = Bench(telegram, handle, Answered())
    await bench.run_for(0.5)
    assert telegram.pending == []


async def test_a_second_poller_is_reported(monkeypatch: pytest.MonkeyPatch):
    async def handle(_: Update) -> None:
        pass

    monkeypatch.setattr("bot.serving.polling.CONFLICT_WAIT_S", 0.01)
    telegram = Telegram(update(1))
    telegram.failures = [NetworkError("down"), Conflict("terminated by other getUpdates request")]
    bench = Bench(telegram, handle, Answered())
    await bench.run_for(0.5)
    assert [type(error) for error in bench.reported] == [Conflict]
    assert telegram.pending == []


async def test_an_idle_bot_does_not_ask_again_and_again():
    async def handle(_: Update) -> None:
        pass

    bench = Bench(Telegram(), handle, Answered())
    await bench.run_for(0.3)
    assert bench.telegram.calls < 10
