import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.photo_queue import Deliver, PhotoJob, PhotoQueue
from bot.updates.tracker import UpdateTracker


async def idle(tracker: UpdateTracker) -> None:
    """Return when no update is being answered."""
    while tracker.open:
        await tracker.wait_for_a_release(1.0)


class Bench:
    """A queue whose photos are numbers: update n of user n // 100."""

    def __init__(self, workers: int) -> None:
        self.tracker = UpdateTracker()
        self.detached_tasks = DetachedTasks()
        self.queue = PhotoQueue(self.tracker, self.detached_tasks, workers)
        self.looked_at: list[int] = []
        self.delivered: list[int] = []
        self.gates: dict[int, asyncio.Event] = {}
        self.delivery_gates: dict[int, asyncio.Event] = {}

    def send(self, update_id: int) -> None:
        async def look() -> Deliver:
            self.looked_at.append(update_id)
            if update_id in self.gates:
                await self.gates[update_id].wait()
            if update_id == 666:
                raise ValueError("a photo that breaks everything")
            return deliver

        async def deliver() -> None:
            if update_id in self.delivery_gates:
                await self.delivery_gates[update_id].wait()
            self.delivered.append(update_id)

        self.tracker.begin(update_id)
        self.queue.put(PhotoJob(update_id // 100, [update_id], look))
        self.tracker.release(update_id)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(workers=1)
    yield bench
    await bench.queue.close()
    await bench.detached_tasks.close()


async def test_people_are_served_in_turn(bench):
    for update_id in (100, 101, 102, 103, 200, 201, 300):
        bench.send(update_id)
    bench.queue.start()
    await asyncio.wait_for(idle(bench.tracker), 5)
    assert bench.looked_at == [100, 200, 300, 101, 201, 102, 103]
    assert sorted(bench.delivered) == [100, 101, 102, 103, 200, 201, 300]


async def test_the_place_counts_what_is_begun_before(bench):
    for update_id in (100, 101, 102, 200, 201, 300, 301, 302, 303):
        bench.send(update_id)
    assert bench.queue.place(2) == 2 + 2 + 2
    assert bench.queue.place(1) == 3 + 2 + 3
    assert bench.queue.place(9) == 0
    assert len(bench.queue) == 9
    assert bench.queue.seconds_until(8) > bench.queue.seconds_until(2) > 0


async def test_a_wait_is_told_once_until_it_is_over(bench):
    assert not bench.queue.notice_due(1)
    bench.send(100)
    assert bench.queue.notice_due(1)
    assert not bench.queue.notice_due(1)
    bench.queue.start()
    await asyncio.wait_for(idle(bench.tracker), 5)
    await bench.queue.close()
    bench.send(101)
    assert bench.queue.notice_due(1)


async def test_a_chat_that_must_wait_holds_up_nobody(bench):
    bench.delivery_gates[100] = asyncio.Event()
    bench.send(100)
    bench.send(200)
    bench.queue.start()
    await asyncio.sleep(0.02)
    assert bench.delivered == [200]
    assert bench.tracker.offset == 100
    bench.delivery_gates[100].set()
    await asyncio.wait_for(idle(bench.tracker), 5)


async def test_a_photo_that_breaks_is_done_with(bench):
    bench.send(666)
    bench.send(701)
    bench.queue.start()
    await asyncio.wait_for(idle(bench.tracker), 5)
    assert bench.delivered == [701]
    assert bench.queue.begun_ever == 2


async def test_at_the_end_what_was_begun_is_finished_and_the_rest_stays_open(bench):
    bench.gates[100] = asyncio.Event()
    bench.send(100)
    bench.send(101)
    bench.queue.start()
    await asyncio.sleep(0.02)
    assert bench.looked_at == [100]
    drained = asyncio.create_task(bench.queue.drain())
    await asyncio.sleep(0.02)
    assert not drained.done()
    bench.gates[100].set()
    await asyncio.wait_for(drained, 5)
    await asyncio.wait_for(bench.detached_tasks.drain(), 5)
    assert bench.delivered == [100]
    assert bench.tracker.offset == 101


async def test_a_delivery_that_is_cut_off_stays_open(bench):
    bench.delivery_gates[100] = asyncio.Event()
    bench.send(100)
    bench.queue.start()
    await asyncio.sleep(0.02)
    await bench.detached_tasks.close()
    assert bench.tracker.open == 1


async def test_a_worker_that_ends_is_told_of_and_started_again(bench):
    async def cancelled() -> Deliver:
        raise asyncio.CancelledError  # as a shared computation that somebody gave up

    reported = []
    bench.queue.start(reported.append)
    bench.queue.put(PhotoJob(1, [1], cancelled))
    bench.send(200)
    async with asyncio.timeout(5):
        while bench.tracker.is_open(200):
            await bench.tracker.wait_for_a_release(0.1)
    assert bench.delivered == [200]
    assert len(reported) == 1


async def test_a_photo_that_another_process_has_taken_over_is_not_looked_at(bench):
    for update_id in (100, 200):
        bench.send(update_id)
    bench.tracker.abandon(100)
    bench.queue.start()
    await asyncio.wait_for(idle(bench.tracker), 5)
    assert bench.looked_at == [200]
