import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from bot.datasets import TEST_IMAGES, DataError, Split
from bot.jobs.executors import Executors
from bot.jobs.test_set import TestSet


@pytest.fixture(scope="module")
def everything() -> Split:
    return Split(
        np.zeros((TEST_IMAGES, 28, 28), np.uint8), np.arange(TEST_IMAGES, dtype=np.uint16).astype(np.uint8) % 10
    )


class Source:
    """Gives the test images, or does not; counts how often it is asked."""

    def __init__(self, everything: Split) -> None:
        self.everything = everything
        self.works = False
        self.gate = threading.Event()
        self.gate.set()
        self.asked = 0

    def load(self, _: Path) -> Split:
        self.asked += 1
        self.gate.wait(10)
        if not self.works:
            raise DataError("no network")
        return self.everything


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(2_000):
        if await holds():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("not in ten seconds")


async def all_come(test_set: TestSet) -> None:
    async def are_all() -> bool:
        return len(await test_set.images()) == TEST_IMAGES

    await until(are_all)


async def test_all_of_them_serve_where_they_are_at_hand(executors: Executors, everything: Split) -> None:
    source = Source(everything)
    test_set = TestSet(Path(), executors, read=lambda _: everything, load=source.load)
    test = await test_set.images()
    assert len(test) == TEST_IMAGES
    assert test.place(9_999) == 9_999
    assert await test_set.images() is test
    assert source.asked == 0


async def test_nobody_waits_for_a_download(executors: Executors, everything: Split) -> None:
    source = Source(everything)
    source.works = True
    source.gate.clear()
    test_set = TestSet(Path(), executors, read=lambda _: None, load=source.load)
    first, second = await asyncio.gather(test_set.images(), test_set.images())
    assert first is second, "read once"
    assert len(first) == 300
    source.gate.set()
    await all_come(test_set)
    assert source.asked == 1


async def test_a_fetch_that_failed_is_tried_again_later(executors: Executors, everything: Split) -> None:
    source = Source(everything)
    patient = TestSet(Path(), executors, read=lambda _: None, load=source.load)
    for _ in range(5):
        assert len(await patient.images()) == 300
        await asyncio.sleep(0.02)
    assert source.asked == 1, "not with every question"
    eager = TestSet(Path(), executors, read=lambda _: None, load=source.load, fetch_again_after_s=0)
    await eager.images()
    source.works = True
    await all_come(eager)


async def test_a_folder_that_cannot_be_read_does_not_stop_it(executors: Executors, everything: Split) -> None:
    def read(_: Path) -> Split:
        raise DataError("cannot read the folder")

    test_set = TestSet(Path(), executors, read=read, load=Source(everything).load)
    assert len(await test_set.images()) == 300


async def test_looking_at_what_is_at_hand_fetches_nothing(executors: Executors, everything: Split) -> None:
    source = Source(everything)
    test_set = TestSet(Path(), executors, read=lambda _: None, load=source.load)
    shipped = await test_set.at_hand()
    assert len(shipped) == 300
    assert source.asked == 0
    assert await test_set.images() is shipped
    await until(asked_once(source))


def asked_once(source: Source) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return source.asked == 1

    return holds
