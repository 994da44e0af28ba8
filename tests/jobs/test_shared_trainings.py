"""A training is known and cancelled at every replica, whichever of them does it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.course.numpy_training import TrainingSettings
from bot.jobs.shared_trainings import SharedTrainings
from bot.jobs.training_jobs import AlreadyTraining, JobState, TrainingJob, TrainingQueue
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage, open_storage
from bot.storage.trainings import Cancelling
from tests.jobs.fake_training import ENDLESS
from tests.jobs.test_training_jobs import FAKE

ANN, BEN = 1, 2
HERE = (1, 10)


class Replica:
    """One of the bot's processes, as far as it trains."""

    def __init__(self, folder: Path) -> None:
        self.storage: Storage = open_storage("sqlite:///var/bot.sqlite3", "key", root=folder)
        self.storage.prepare()  # however long making the tables takes
        self.queue = TrainingQueue(folder, command=FAKE)
        self.shared = SharedTrainings(self.storage, self.queue, every_s=0.02)
        self._tasks = [asyncio.create_task(each.run()) for each in (self.queue, self.shared)]

    async def begin(self, owner: int) -> TrainingJob:
        job = self.queue.put(owner, TrainingSettings(neurons=8, epochs=3, seed=ENDLESS), HERE)
        await self.shared.begin(job)
        return job

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.storage.close()


@pytest.fixture
async def replicas(store_folder: Path) -> AsyncIterator[tuple[Replica, Replica]]:
    both = Replica(store_folder), Replica(store_folder)
    yield both
    for replica in both:
        await replica.close()


async def test_it_is_cancelled_at_another_replica(replicas: tuple[Replica, Replica]) -> None:
    one, other = replicas
    job = await one.begin(ANN)
    assert await other.shared.runs_at(HERE)
    assert await other.shared.cancel(BEN, HERE) is Cancelling.NOT_YOURS
    assert not job.cancelled.is_set()
    assert await other.shared.cancel(ANN, HERE) is Cancelling.ASKED
    await asyncio.wait_for(job.ended.wait(), 100)
    assert job.state is JobState.CANCELLED
    await one.shared.end(job)
    assert await other.shared.cancel(ANN, HERE) is Cancelling.GONE


async def test_nobody_trains_twice(replicas: tuple[Replica, Replica]) -> None:
    one, other = replicas
    job = await one.begin(ANN)
    with pytest.raises(AlreadyTraining):
        await other.begin(ANN)
    await one.shared.end(job)
    one.queue.cancel(job)
    other.queue.cancel(other.queue.of(ANN) or job)
    await other.begin(BEN)


async def test_the_end_of_an_earlier_one_ends_no_later_one(replicas: tuple[Replica, Replica]) -> None:
    one, other = replicas
    earlier = await one.begin(ANN)
    one.queue.cancel(earlier)
    await asyncio.wait_for(earlier.ended.wait(), 100)
    later = await one.begin(ANN)
    await one.shared.end(earlier)
    assert await other.shared.runs_at(HERE)
    await one.shared.end(later)
    assert not await other.shared.runs_at(HERE)


async def test_while_the_store_is_away_each_trains_by_itself(
    replicas: tuple[Replica, Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = replicas

    async def away(*_: object) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as patch:
        for replica in replicas:
            patch.setattr(replica.storage, "run", away)
        job = await one.begin(ANN)
        await one.shared.end(job)
        assert not await other.shared.runs_at(HERE)
        with pytest.raises(StoreUnavailable):
            await other.shared.cancel(ANN, HERE)
    await asyncio.sleep(0.1)
    assert not job.cancelled.is_set(), "what the store never knew is not missing there"
