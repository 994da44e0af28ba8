import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, Update, User
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter

from bot.storage.errors import StoreUnavailable
from bot.updates.backoff import Backoff
from bot.updates.dispatcher import Dispatcher
from bot.updates.first_calls import TokenTrial
from bot.updates.poller import Pauses, Poller, WebhookInTheWay
from bot.updates.tracker import MAX_UNCONFIRMED, UpdateTracker
from tests import waiting

QUICK = Pauses(busy_s=0.02, conflict_s=0.01, backoff=Backoff(first_s=0.01, longest_s=5.0))


def update(update_id: int, chat_id: int = 1) -> Update:
    sender = User(chat_id, "Ann", is_bot=False)
    message = Message(update_id, datetime.now(UTC), Chat(chat_id, "private"), from_user=sender, text="hello")
    return Update(update_id, message=message)


class Raw:
    """An update of any form, with the number that Telegram knows it by."""

    def __init__(self, update_id: int, content: object = ...) -> None:
        self.update_id = update_id
        self.content = {"update_id": update_id, "message": {"message_id": 5}} if content is ... else content

    def to_dict(self) -> object:
        return self.content


class Telegram:
    """Keeps updates until they are confirmed."""

    def __init__(self, *updates: Update | Raw) -> None:
        self.pending = list(updates)
        self.failures: list[Exception] = []
        self.calls = 0
        self.webhooks_deleted = 0

    async def delete_webhook(self, *, drop_pending_updates: bool) -> None:
        assert not drop_pending_updates
        self.webhooks_deleted += 1

    async def get_raw_updates(
        self,
        offset: int,
        limit: int,
        timeout: int,  # noqa: ASYNC109 - the Bot API calls it so
        allowed_updates: object,
    ) -> list[object]:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        self.pending = [each for each in self.pending if each.update_id >= offset]
        if not self.pending and timeout:
            await asyncio.sleep(0.05)
        return [each.to_dict() for each in self.pending[:limit]]


class Answered:
    def __init__(self, *known: int) -> None:
        self.known = frozenset(known)
        self.noted: list[int] = []

    async def among(self, updates: list[Update]) -> frozenset[int]:
        return self.known & {each.update_id for each in updates}

    async def note(self, updates: list[Update]) -> None:
        self.noted += [each.update_id for each in updates]


class Bench:
    def __init__(
        self,
        telegram: Telegram,
        handle: Callable[[Update], Awaitable[None]] | None = None,
        answered: Answered | None = None,
        trial: TokenTrial | None = None,
        pauses: Pauses = QUICK,
    ) -> None:
        self.telegram, self.answered = telegram, answered or Answered()
        self.handled: list[int] = []
        self.tracker = UpdateTracker()
        self.reported: list[Exception] = []
        self.dispatcher = Dispatcher(handle or self._handle, self.tracker)
        self.kept: list[int] = []
        self.store_is_away = False
        self.poller = Poller(
            telegram,  # type: ignore[arg-type]
            self.dispatcher,
            self.tracker,
            self.answered,  # type: ignore[arg-type]
            ("message",),
            self.reported.append,
            self._keep,
            trial,
            pauses=pauses,
        )

    async def _handle(self, update: Update) -> None:
        self.handled.append(update.update_id)

    async def _keep(self, updates: Sequence[Update]) -> list[int]:
        if self.store_is_away:
            return []
        self.kept += [each.update_id for each in updates]
        return [each.update_id for each in updates]

    async def run(self, until: Callable[[], object] = lambda: True, *, for_s: float = 0.0) -> None:
        """For so long, and until what is waited for has come."""
        running = [asyncio.create_task(self.poller.run()), asyncio.create_task(self._keep_record())]
        await asyncio.sleep(for_s)
        await waiting.until(until)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _keep_record(self) -> None:
        """As the keeper of leases does."""
        while True:
            await self.tracker.wait_for_a_release(1)
            await self.poller.settle()


async def test_what_is_answered_is_confirmed():
    bench = await collected(Telegram(update(5), update(6), update(7, chat_id=2)))
    assert sorted(bench.handled) == [5, 6, 7]
    assert bench.telegram.pending == []


async def test_what_is_not_answered_stays_and_later_answers_are_noted():
    async def handle(each: Update) -> None:
        if each.update_id == 5:
            await asyncio.sleep(60)

    bench = Bench(Telegram(update(5), update(6, chat_id=2), update(7, chat_id=2)), handle)
    await bench.run(lambda: len(bench.answered.noted) == 2)
    await bench.dispatcher.close()
    await bench.poller.confirm()
    assert [each.update_id for each in bench.telegram.pending] == [5, 6, 7]
    assert sorted(bench.answered.noted) == [6, 7]


async def test_what_telegram_was_not_told_of_at_the_end_is_noted():
    telegram = Telegram(update(5), update(6), update(7, chat_id=2))

    async def handle(_: Update) -> None:
        telegram.failures = [NetworkError("down")] * 1000
        await asyncio.sleep(0.1)

    bench = Bench(telegram, handle)
    await bench.run(lambda: telegram.failures)
    await bench.dispatcher.drain()
    await bench.poller.settle()
    with pytest.raises(NetworkError):
        await bench.poller.confirm()
    assert [each.update_id for each in telegram.pending] == [5, 6, 7]
    assert sorted(bench.answered.noted) == [5, 6, 7]


async def test_what_an_earlier_process_answered_is_passed_over():
    bench = Bench(Telegram(update(5), update(6), update(7)), answered=Answered(6))
    await bench.run(lambda: not bench.telegram.pending)
    assert bench.handled == [5, 7]
    assert bench.telegram.pending == []


async def test_a_hundred_waiting_updates_do_not_hide_new_ones():
    handled: list[int] = []

    async def handle(each: Update) -> None:
        if each.update_id < MAX_UNCONFIRMED:
            await asyncio.sleep(60)
        handled.append(each.update_id)

    waiting = [update(number, chat_id=number + 1) for number in range(MAX_UNCONFIRMED)]
    bench = Bench(Telegram(*waiting, update(1000, chat_id=5000)), handle)
    await bench.run(lambda: handled)
    await bench.dispatcher.close()
    assert handled == [1000]


async def test_a_chat_is_answered_in_order_and_the_chats_side_by_side():
    order: list[int] = []

    async def handle(each: Update) -> None:
        await asyncio.sleep(0.05 if each.update_id == 1 else 0)
        order.append(each.update_id)

    bench = Bench(Telegram(update(1), update(2), update(3, chat_id=2)), handle)
    await bench.run(lambda: len(order) == 3)
    assert order == [3, 1, 2]


async def test_failures_pass():
    async def handle(_: Update) -> None:
        raise ValueError("expected trouble")

    telegram = Telegram(update(1))
    telegram.failures = [NetworkError("down")] * 3
    bench = Bench(telegram, handle)
    await bench.run(lambda: not telegram.pending)
    assert telegram.pending == []


async def test_a_second_poller_is_reported():
    telegram = Telegram(update(1))
    telegram.failures = [NetworkError("down"), Conflict("terminated by other getUpdates request")]
    bench = await collected(telegram)
    assert [type(error) for error in bench.reported] == [Conflict]
    assert telegram.pending == []


async def test_an_idle_bot_does_not_ask_again_and_again():
    bench = Bench(Telegram())
    await bench.run(for_s=0.3)
    assert bench.telegram.calls < 10


async def collected(telegram: Telegram) -> Bench:
    """What has handled all that Telegram had."""
    bench = Bench(telegram)
    await bench.run(lambda: not telegram.pending)
    return bench


async def test_what_cannot_be_read_is_passed_over_confirmed_and_told_of_once(caplog: pytest.LogCaptureFixture):
    telegram = Telegram(update(5), Raw(6), update(7), Raw(8))
    bench = await collected(telegram)
    assert bench.handled == [5, 7]
    assert telegram.pending == []
    assert [str(error) for error in bench.reported] == [
        f"update {number} cannot be read (KeyError)" for number in (6, 8)
    ]
    assert len([record for record in caplog.records if "cannot be read" in record.message]) == 2


async def test_what_cannot_be_read_is_told_of_once_while_an_earlier_update_is_open():
    async def handle(each: Update) -> None:
        await asyncio.sleep(60)

    bench = Bench(Telegram(update(5), Raw(6), Raw(7, {"no": "number"})), handle)
    await bench.run(lambda: bench.telegram.calls > 5)
    await bench.dispatcher.close()
    assert len(bench.reported) == 2
    assert len(bench.telegram.pending) == 3


@pytest.mark.parametrize("content", [{"message": {}}, {"update_id": "6"}, {"update_id": 10**12}, [], "text", None, 5])
async def test_an_update_without_a_number_goes_with_the_next_that_has_one(content: object):
    telegram = Telegram(Raw(6, content))
    bench = Bench(telegram)
    await bench.run(lambda: telegram.calls > 1, for_s=0.1)
    assert telegram.calls < 10  # it is not asked for without a pause
    telegram.pending.append(update(7))
    bench_again = await collected(telegram)
    assert bench_again.handled == [7]
    assert telegram.pending == []
    assert len(bench.reported) == len(bench_again.reported) == 1


async def test_after_a_number_is_known_updates_without_one_are_confirmed():
    telegram = Telegram(update(5))
    bench = Bench(telegram)
    running = asyncio.create_task(bench.poller.run())
    await waiting.until(lambda: not telegram.pending)
    telegram.pending += [Raw(6, []), Raw(9, None)]
    await waiting.until(lambda: not telegram.pending)
    telegram.pending.append(update(10))
    await waiting.until(lambda: not telegram.pending)
    running.cancel()
    assert bench.handled == [5, 10]


async def test_a_webhook_in_the_way_is_deleted_and_told_of(caplog: pytest.LogCaptureFixture):
    telegram = Telegram(update(1))
    telegram.failures = [
        Conflict("Conflict: terminated by setWebhook request"),
        Conflict(
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        ),
    ]
    bench = await collected(telegram)
    assert telegram.webhooks_deleted == 2
    assert [type(error) for error in bench.reported] == [WebhookInTheWay] * 2
    assert bench.handled == [1]
    assert "polls with the same bot token" not in caplog.text


async def test_a_refused_token_ends_it_only_when_that_lasts():
    telegram = Telegram(update(1))
    telegram.failures = [InvalidToken("Unauthorized")] * 3
    trial = TokenTrial(grace_s=0.5)
    trial.passed()

    bench = Bench(telegram, trial=trial)
    await bench.run(lambda: not telegram.pending)
    telegram.failures = [InvalidToken("Unauthorized")] * 1000
    with pytest.raises(InvalidToken):
        await asyncio.wait_for(bench.poller.run(), 5)


async def test_whatever_goes_wrong_while_polling_is_told_of_and_passes():
    telegram = Telegram(update(1))
    telegram.failures = [RuntimeError("expected trouble")]
    bench = await collected(telegram)
    assert bench.handled == [1]
    assert [type(error) for error in bench.reported] == [RuntimeError]


async def test_a_short_wait_that_telegram_asks_for_again_and_again_gets_longer():
    telegram = Telegram()
    telegram.failures = [RetryAfter(0)] * 1000
    bench = Bench(telegram, pauses=Pauses(backoff=Backoff(first_s=0.1, longest_s=5.0)))
    began = asyncio.get_running_loop().time()
    await bench.run(lambda: telegram.calls >= 4)
    assert asyncio.get_running_loop().time() - began >= 0.1 + 0.2 + 0.4


async def test_nothing_is_confirmed_unanswered_before_it_is_kept():
    """A hundred unanswered updates hide the newer ones, so the older half is confirmed: but only once it is safe."""
    telegram = Telegram(*(update(number, chat_id=number) for number in range(1, 131)))
    never = asyncio.Event()

    async def handle(_: Update) -> None:
        await never.wait()

    bench = Bench(telegram, handle)
    bench.store_is_away = True
    await bench.run(lambda: telegram.calls > 5)
    assert telegram.pending[0].update_id == 1
    assert bench.tracker.open == MAX_UNCONFIRMED
    bench.store_is_away = False
    await bench.run(lambda: bench.tracker.open == 130)
    assert bench.tracker.open == 130
    assert telegram.pending[0].update_id == MAX_UNCONFIRMED // 2 + 1
    assert bench.kept == list(range(1, MAX_UNCONFIRMED // 2 + 1))
    await bench.dispatcher.close()


async def test_what_could_not_be_noted_is_noted_when_the_store_is_back():
    async def handle(each: Update) -> None:
        if each.update_id == 5:
            await asyncio.sleep(60)

    class Away(Answered):
        away = True

        async def note(self, updates: list[Update]) -> None:
            if self.away:
                raise StoreUnavailable("gone for lunch")
            await super().note(updates)

    answered = Away()
    bench = Bench(Telegram(update(5), update(6, chat_id=2)), handle, answered)
    await bench.run(lambda: bench.poller.has_news)
    assert bench.poller.has_news
    with pytest.raises(StoreUnavailable):
        await bench.poller.settle()
    answered.away = False
    await bench.poller.settle()
    assert answered.noted == [6]
    assert not bench.poller.has_news
    await bench.dispatcher.close()


async def test_one_answer_that_waits_for_hours_hides_nobody_elses_photo():
    """Behind it a hundred answered updates fill what Telegram shows."""
    telegram = Telegram(*(update(number, chat_id=number) for number in range(1, 301)))
    handled: list[int] = []

    async def handle(each: Update) -> None:
        if each.update_id == 1:
            await asyncio.sleep(3600)
        handled.append(each.update_id)

    bench = Bench(telegram, handle)
    await bench.run(lambda: len(handled) == 299 and bench.kept)
    assert handled == list(range(2, 301))
    assert bench.kept == [1]
    await bench.dispatcher.close()
