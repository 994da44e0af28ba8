import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.serving.errands import Errands
from bot.serving.ledger import Ledger
from bot.serving.photo_queue import Deliver, PhotoJob, PhotoQueue


class Bench:
    """A queue whose photos are numbers: update n of user n // 100."""

    def __init__(self, carriers: int) -> None:
        self.ledger = Ledger()
        self.errands = Errands()
        self.queue = PhotoQueue(self.ledger, self.errands, carriers)
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

        self.ledger.begin(update_id)
        self.queue.put(PhotoJob(update_id // 100, [update_id], look))
        self.ledger.release(update_id)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(carriers=1)
    yield bench
    await bench.queue.close()
    await bench.errands.close()


async def test_people_are_served_in_turn(bench):
    for update_id in (100, 101, 102, 103, 200, 201, 300):
        bench.send(update_id)
    bench.queue.start()
    await asyncio.wait_for(bench.ledger.wait_until_idle(), 5)
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
    await asyncio.wait_for(bench.ledger.wait_until_idle(), 5)
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
    assert bench.ledger.offset == 100
    bench.delivery_gates[100].set()
    await asyncio.wait_for(bench.ledger.wait_until_idle(), 5)


async def test_a_photo_that_breaks_is_done_with(bench):
    bench.send(666)
    bench.send(701)
    bench.queue.start()
    await asyncio.wait_for(bench.ledger.wait_until_idle(), 5)
    assert bench.delivered == [701]


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
    await asyncio.wait_for(bench.errands.drain(), 5)
    assert bench.delivered == [100]
    assert bench.ledger.offset == 101


async def test_a_delivery_that_is_cut_off_stays_open(bench):
    bench.delivery_gates[100] = asyncio.Event()
    bench.send(100)
    bench.queue.start()
    await asyncio.sleep(0.02)
    await bench.errands.close()
    assert bench.ledger.open == 1
