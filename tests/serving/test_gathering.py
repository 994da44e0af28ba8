import asyncio

import pytest

from bot.serving.errands import Errands
from bot.serving.gathering import Gatherer
from bot.serving.ledger import Ledger


class Collected:
    def __init__(self) -> None:
        self.bursts: list[tuple[list[str], list[int]]] = []

    async def __call__(self, items: list[str], update_ids: list[int]) -> None:
        self.bursts.append((items, update_ids))


@pytest.fixture
def ledger() -> Ledger:
    ledger = Ledger()
    for update_id in range(1, 10):
        ledger.begin(update_id)
    return ledger


async def test_parts_of_a_burst_come_together_and_stay_open_until_then(ledger: Ledger):
    errands, collected = Errands(), Collected()
    gatherer: Gatherer[str] = Gatherer(ledger, errands, quiet_s=1, longest_s=5)
    for update_id, (key, item) in enumerate([("x", "a"), ("y", "A"), ("x", "b"), ("x", "c")], start=1):
        gatherer.add(key, item, update_id, collected)
        ledger.release(update_id)
        await asyncio.sleep(0.01)
    assert ledger.is_open(1)
    async with asyncio.timeout(30):
        while len(collected.bursts) < 2:  # noqa: ASYNC110 - nothing tells of its end but the end
            await asyncio.sleep(0.05)
    await errands.drain()
    assert sorted(collected.bursts) == [(["A"], [2]), (["a", "b", "c"], [1, 3, 4])]
    assert not any(ledger.is_open(update_id) for update_id in range(1, 5))


async def test_a_burst_without_end_is_cut(ledger: Ledger):
    errands, collected = Errands(), Collected()
    gatherer: Gatherer[str] = Gatherer(ledger, errands, quiet_s=0.1, longest_s=0.2)
    for update_id in range(1, 9):
        gatherer.add("x", str(update_id), update_id, collected)
        await asyncio.sleep(0.06)
    await asyncio.sleep(0.3)
    assert len(collected.bursts) >= 2
    assert [item for items, _ in collected.bursts for item in items] == list("12345678")


async def test_a_burst_that_fails_is_done_with(ledger: Ledger):
    errands = Errands()
    gatherer: Gatherer[str] = Gatherer(ledger, errands, quiet_s=0.01, longest_s=1)

    async def fail(items: list[str], update_ids: list[int]) -> None:
        raise ValueError("expected trouble")

    gatherer.add("x", "a", 1, fail)
    ledger.release(1)
    await asyncio.sleep(0.1)
    assert not ledger.is_open(1)
