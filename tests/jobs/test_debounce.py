import asyncio

import pytest

from bot.jobs.debounce import Debouncer
from bot.jobs.detached_tasks import DetachedTasks
from bot.updates.tracker import UpdateTracker
from tests.waiting import until


class Collected:
    def __init__(self) -> None:
        self.bursts: list[tuple[list[str], list[int]]] = []

    async def __call__(self, items: list[str], update_ids: list[int]) -> None:
        self.bursts.append((items, update_ids))


@pytest.fixture
def tracker() -> UpdateTracker:
    tracker = UpdateTracker()
    for update_id in range(1, 10):
        tracker.begin(update_id)
    return tracker


async def test_parts_of_a_burst_come_together_and_stay_open_until_then(tracker: UpdateTracker):
    detached_tasks, collected = DetachedTasks(), Collected()
    debouncer: Debouncer[str] = Debouncer(tracker, detached_tasks, quiet_s=1, longest_s=5)
    for update_id, (key, item) in enumerate([("x", "a"), ("y", "A"), ("x", "b"), ("x", "c")], start=1):
        debouncer.add(key, item, update_id, collected)
        tracker.release(update_id)
        await asyncio.sleep(0.01)
    assert tracker.is_open(1)
    async with asyncio.timeout(30):
        while len(collected.bursts) < 2:  # noqa: ASYNC110 - nothing tells of its end but the end
            await asyncio.sleep(0.05)
    await detached_tasks.drain()
    assert sorted(collected.bursts) == [(["A"], [2]), (["a", "b", "c"], [1, 3, 4])]
    assert not any(tracker.is_open(update_id) for update_id in range(1, 5))


async def test_a_burst_without_end_is_cut(tracker: UpdateTracker):
    detached_tasks, collected = DetachedTasks(), Collected()
    debouncer: Debouncer[str] = Debouncer(tracker, detached_tasks, quiet_s=0.1, longest_s=0.2)
    for update_id in range(1, 9):
        debouncer.add("x", str(update_id), update_id, collected)
        await asyncio.sleep(0.06)
    await until(lambda: sum(len(items) for items, _ in collected.bursts) == 8)
    assert len(collected.bursts) >= 2
    assert [item for items, _ in collected.bursts for item in items] == list("12345678")


async def test_a_burst_that_fails_is_done_with(tracker: UpdateTracker):
    detached_tasks = DetachedTasks()
    debouncer: Debouncer[str] = Debouncer(tracker, detached_tasks, quiet_s=0.01, longest_s=1)

    async def fail(items: list[str], update_ids: list[int]) -> None:
        raise ValueError("expected trouble")

    debouncer.add("x", "a", 1, fail)
    tracker.release(1)
    await until(lambda: not tracker.is_open(1))


async def test_what_comes_while_a_burst_is_dealt_with_is_dealt_with_after_it_as_one(tracker: UpdateTracker):
    detached_tasks, allowed = DetachedTasks(), asyncio.Event()
    debouncer: Debouncer[str] = Debouncer(tracker, detached_tasks, quiet_s=0.01, longest_s=0.02)
    bursts: list[list[str]] = []

    async def slowly(items: list[str], update_ids: list[int]) -> None:
        bursts.append(items)
        await allowed.wait()
        if items == ["1"]:
            raise ValueError("expected trouble")

    for update_id in range(1, 6):
        debouncer.add("x", str(update_id), update_id, slowly)
        tracker.release(update_id)
        await asyncio.sleep(0.1)
    assert bursts == [["1"]]
    assert all(tracker.is_open(update_id) for update_id in range(1, 6))
    allowed.set()
    async with asyncio.timeout(10):
        await detached_tasks.drain()
    assert bursts == [["1"], ["2", "3", "4", "5"]]
    assert not any(tracker.is_open(update_id) for update_id in range(1, 6))


async def test_an_end_in_between_leaves_both_bursts_to_the_next_process(tracker: UpdateTracker):
    detached_tasks = DetachedTasks()
    debouncer: Debouncer[str] = Debouncer(tracker, detached_tasks, quiet_s=0.01, longest_s=0.02)

    async def for_ever(items: list[str], update_ids: list[int]) -> None:
        await asyncio.Event().wait()

    for update_id in (1, 2):
        debouncer.add("x", str(update_id), update_id, for_ever)
        tracker.release(update_id)
        await asyncio.sleep(0.1)
    await detached_tasks.close()
    await asyncio.wait_for(detached_tasks.drain(), 30)
    assert tracker.is_open(1)
    assert tracker.is_open(2)
