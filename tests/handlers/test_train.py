"""A training is told to its end, whatever Telegram and the store do meanwhile."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden, TimedOut

from bot.course.choice import TrainingChoice
from bot.course.numpy_training import TrainingSettings
from bot.course.own_network import OwnNetwork
from bot.handlers import train
from bot.handlers.class_tables import ClassTableHandlers
from bot.handlers.kept_network import kept_network
from bot.handlers.own_network_offer import OwnNetworkOffer
from bot.handlers.sending import Picture
from bot.jobs.retrying_rate_limiter import RetryingRateLimiter
from bot.jobs.training_jobs import JobState, TrainingJob, TrainingQueue
from bot.replies.callback_data.actions import OwnPhoto, OwnSample, TrainCancel, TrainPanel, TrainStart
from bot.replies.keyboards import actions_of
from bot.replies.texts import Language
from bot.replies.texts.train import train_texts
from bot.storage.errors import StoreUnavailable
from bot.updates.backoff import Backoff
from tests.handlers.given import given
from tests.handlers.telegram import Call, Telegram, flood, message
from tests.jobs.fake_training import CRASH, ENDLESS, FINE, NO_DATA
from tests.jobs.test_training_jobs import FAKE

ANN = 7
WORDS = train_texts(Language.EN)


class Networks:
    """The store's table, in memory."""

    def __init__(self) -> None:
        self.kept: dict[int, Any] = {}
        self.away = False

    def keep(self, user: int, weights: bytes, record: Any) -> None:
        self._there()
        self.kept[user] = SimpleNamespace(weights=weights, record=record)

    def of(self, user: int) -> Any:
        self._there()
        return self.kept.get(user)

    def has(self, user: int) -> bool:
        return self.of(user) is not None

    def record(self, user: int, reached: Any) -> tuple[()]:
        return ()

    def _there(self) -> None:
        if self.away:
            raise StoreUnavailable("away")


class Sent:
    """A picture message of ours, and how it was changed."""

    chat_id, message_id, photo = 1, 2, True

    def __init__(self) -> None:
        self.captions: list[str] = []
        self.notices: list[str] = []
        self.keyboard: Any = None
        self.trouble: Exception | None = None

    def get_bot(self) -> Any:
        return None

    async def reply_text(self, text: str, **fields: Any) -> None:
        self.notices.append(text)

    async def edit_caption(self, caption: str, **fields: Any) -> None:
        self._change(caption, fields["reply_markup"])

    async def edit_media(self, media: Any, **fields: Any) -> None:
        self._change(media.caption, fields["reply_markup"])

    def _change(self, caption: str, keyboard: Any) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.captions.append(caption)
        self.keyboard = keyboard


class Bench:
    """What handlers need, with trainings that do what their seeds say."""

    def __init__(self, folder: Path) -> None:
        self.networks = Networks()
        self.message: Any = Sent()
        self.training = TrainingQueue(folder, command=FAKE, silent_s=100)
        self.slow = False
        self.detached_tasks = SimpleNamespace(start=self._start)
        self.executors = SimpleNamespace(draw=self._draw)
        self.storage = SimpleNamespace(networks=self.networks, classes=self.networks, run=self._run)
        self.own_network_offer = OwnNetworkOffer(self.storage, within_s=0.05)  # type: ignore[arg-type]
        self.handlers = given(
            train.TrainHandlers,
            training=self.training,
            shared_trainings=None,
            detached_tasks=self.detached_tasks,
            executors=self.executors,
            storage=self.storage,
            own_network_offer=self.own_network_offer,
            errors=SimpleNamespace(guard=lambda _, work: work),
            class_tables=given(ClassTableHandlers, storage=self.storage),
            told_every_s=0.05,
        )
        self._queue = asyncio.create_task(self.training.run())
        self.telling: list[asyncio.Task[Any]] = []

    def tell_in(self, limiter: RetryingRateLimiter, trouble: Callable[[Call], Any]) -> Telegram:
        """Tell trainings in a message of a bot whose requests ``trouble`` makes fail."""
        telegram = Telegram(trouble)
        self.message = message(telegram, limiter, photo=True)
        return telegram

    def put(self, does: int) -> TrainingJob:
        return self.training.put(ANN, TrainingSettings(neurons=8, epochs=3, seed=does), (1, 2))

    async def tell(self, job: TrainingJob) -> None:
        told = train._Told(job, TrainingChoice(), self.message, Language.EN, None)  # type: ignore[arg-type]
        async with asyncio.timeout(100):
            await self.handlers.tell(told)

    async def close(self) -> None:
        tasks = [self._queue, *self.telling]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        self.telling.append(asyncio.create_task(work))

    async def _draw(self, work: Callable[[], Any]) -> Any:
        return work()

    async def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if self.slow:
            await asyncio.sleep(60)
        return function(*arguments)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    await bench.close()


async def test_the_network_is_kept_and_can_be_asked(bench: Bench) -> None:
    await bench.tell(bench.put(FINE))
    assert "Trained" in bench.message.captions[-1]
    kept = bench.networks.kept[ANN]
    assert len(OwnNetwork.read(kept.weights, kept.record).epochs) == 3
    kinds = {type(action) for action in actions_of(bench.message.keyboard)}
    assert {OwnSample, OwnPhoto, TrainPanel} <= kinds


@pytest.mark.parametrize(("long_wait_s", "told"), [(0.0, 1), (60.0, 0)])
async def test_who_has_waited_for_long_is_told_by_a_message(bench: Bench, long_wait_s: float, told: int) -> None:
    bench.handlers = replace(bench.handlers, long_wait_s=long_wait_s)
    await bench.tell(bench.put(FINE))
    assert len(bench.message.notices) == told
    assert all("75.0%" in notice for notice in bench.message.notices)


async def test_while_it_runs_it_can_be_cancelled(bench: Bench) -> None:
    job = bench.put(ENDLESS)
    telling = asyncio.create_task(bench.tell(job))
    async with asyncio.timeout(100):
        while not any("Training" in caption for caption in bench.message.captions):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert [type(action) for action in actions_of(bench.message.keyboard)] == [TrainCancel]
    bench.training.cancel(job)
    await telling
    assert "cancelled" in bench.message.captions[-1]
    assert bench.networks.kept == {}


async def test_a_store_that_is_away_is_said(bench: Bench) -> None:
    bench.networks.away = True
    await bench.tell(bench.put(FINE))
    assert WORDS.result.not_kept in bench.message.captions[-1]
    assert [type(action) for action in actions_of(bench.message.keyboard)] == [TrainPanel]


@pytest.mark.parametrize(
    "gone", [Forbidden("Forbidden: bot was blocked by the user"), BadRequest("Message to edit not found")]
)
async def test_where_nobody_can_be_told_it_is_not_trained_on(bench: Bench, gone: Exception) -> None:
    job = bench.put(ENDLESS)
    bench.message.trouble = gone
    await bench.tell(job)
    assert job.state is JobState.CANCELLED


def timed_out(_: Call) -> None:
    raise TimedOut


@pytest.mark.parametrize("trouble", [timed_out, lambda _: {"error_code": 502, "description": "Bad Gateway"}])
@pytest.mark.parametrize("does", [FINE, CRASH])
async def test_what_telegram_does_not_take_at_first_is_told_again(
    bench: Bench, does: int, trouble: Callable[[Call], Any]
) -> None:
    """Every step of a training, and above all its end: nobody can tap for that again."""
    failed: Counter[str] = Counter()

    def at_first(call: Call) -> Any:
        failed[call.text] += 1
        return trouble(call) if failed[call.text] <= 2 else None

    telegram = bench.tell_in(RetryingRateLimiter(backoff=Backoff(first_s=0.001, longest_s=1.0)), at_first)
    job = bench.put(does)
    await bench.tell(job)
    assert failed[telegram.taken[-1].text] == 3
    assert_that_end_is_told(job, does, telegram.taken[-1])


@pytest.mark.parametrize("does", [FINE, CRASH])
async def test_the_end_waits_in_a_flood_in_which_other_edits_are_given_up(bench: Bench, does: int) -> None:
    floods = [flood(1)]

    def in_a_flood(call: Call) -> Any:
        is_end = actions_of(call.keyboard) and TrainCancel not in map(type, actions_of(call.keyboard))
        return floods.pop() if is_end and floods else None

    telegram = bench.tell_in(RetryingRateLimiter(patience_s=0.1), in_a_flood)
    job = bench.put(does)
    await bench.tell(job)
    assert not floods
    assert_that_end_is_told(job, does, telegram.taken[-1])


def assert_that_end_is_told(job: TrainingJob, does: int, last: Call) -> None:
    kinds = set(map(type, actions_of(last.keyboard)))
    if does == FINE:
        assert job.state is JobState.DONE
        assert "Trained" in last.text
        assert {OwnSample, OwnPhoto, TrainPanel} <= kinds
    else:
        assert "interrupted" in last.text
        assert kinds == {TrainPanel}


async def test_what_fails_here_leaves_no_training_behind(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train.TrainHandlers, "progress_caption", lambda *_: 1 / 0)
    job = bench.put(ENDLESS)
    with pytest.raises(ZeroDivisionError):
        await bench.tell(job)
    await asyncio.wait_for(job.ended.wait(), 20)
    assert job.state is JobState.CANCELLED


async def test_a_tap_that_cannot_be_answered_leaves_no_training_untold(bench: Bench) -> None:
    async def answer() -> None:
        raise BadRequest("something is wrong")

    tap = SimpleNamespace(user_id=ANN, message=bench.message, language=Language.EN, answer=answer)
    with pytest.raises(BadRequest):
        await bench.handlers.start(tap, TrainStart(TrainingChoice()))  # type: ignore[arg-type]
    job = bench.training.of(ANN)
    assert job is not None
    bench.training.cancel(job)
    await asyncio.wait_for(bench.telling[-1], 100)
    assert "cancelled" in bench.message.captions[-1]


@pytest.mark.parametrize(("does", "said"), [(CRASH, "interrupted"), (NO_DATA, "train-images-idx3-ubyte.gz")])
async def test_an_end_without_a_network_is_said_and_the_earlier_one_stays(bench: Bench, does: int, said: str) -> None:
    await bench.tell(bench.put(FINE))
    await bench.tell(bench.put(does))
    assert said in bench.message.captions[-1]
    assert WORDS.ends.earlier in bench.message.captions[-1]
    assert ANN in bench.networks.kept


async def test_a_slow_or_absent_store_offers_nothing_and_holds_nothing_up(bench: Bench) -> None:
    picture = Picture(b"", "")
    bench.networks.kept[ANN] = "a network"

    async def offered() -> bool:
        shown = await bench.own_network_offer.offer(ANN, picture, OwnPhoto(), Language.EN)
        return OwnPhoto() in actions_of(shown.keyboard)

    assert await offered()
    bench.slow = True
    assert not await offered()
    bench.slow, bench.networks.away = False, True
    assert not await offered()


async def test_a_damaged_network_is_none(bench: Bench) -> None:
    bench.networks.kept[ANN] = SimpleNamespace(weights=b"abc", record={})
    assert await kept_network(bench.storage, ANN) is None
