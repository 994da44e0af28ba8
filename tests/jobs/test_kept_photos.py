"""Photos that were kept with heads lose them, and people's newer ones are left alone."""

from __future__ import annotations

import asyncio
import contextlib
from types import SimpleNamespace

import numpy as np
import pytest
from sqlalchemy import update

from bot.jobs.executors import Executors
from bot.jobs.kept_photos import coarsen_heads, coarsen_once
from bot.storage.photos import encode_for_keeping
from bot.storage.schema import corrections
from bot.storage.storage import Storage
from bot.storage.types import Box, CorrectionId, NewCorrection
from bot.vision.decoding import decode
from bot.vision.interpreter import NoModelError
from bot.vision.outline import outlined
from bot.vision.photo import Photo
from tests.storage.conftest import prediction
from tests.vision.test_heads import Drawn

ANN = 7
HEAD = (slice(20, 60), slice(60, 90))
"""Where the test draws one in photos of 192 pixels."""


@pytest.fixture
def storage(storage: Storage) -> Storage:
    storage.corrections.grant_consent(ANN, "1")
    return storage


def noise(seed: int) -> Photo:
    """Coarse enough to outlive JPEG."""
    cells = np.random.default_rng(seed).integers(0, 255, (48, 48, 3))
    return Photo(np.kron(cells, np.ones((4, 4, 1))).astype(np.uint8))


def keep(storage: Storage, photo: bytes, *, with_heads: bool = True, box: Box | None = None) -> CorrectionId:
    number = storage.corrections.record_correction(ANN, NewCorrection(photo, 4, prediction(), "v1", box=box))
    if with_heads:
        with storage._database.write() as connection:
            row = update(corrections).where(corrections.c.id == number)
            connection.execute(row.values(without_heads=False))
    return number


def photo_of(storage: Storage, number: CorrectionId) -> bytes:
    found = storage.corrections.correction(number)
    assert found is not None
    return found.photo


def somebody() -> SimpleNamespace:
    drawn = Drawn(person=(20, 60, 60, 90), upper=(60, 150, 50, 110))
    return SimpleNamespace(live=lambda: SimpleNamespace(networks=drawn))


async def test_every_old_photo_loses_its_heads(storage: Storage, executors: Executors) -> None:
    sent = [encode_for_keeping(noise(seed)) for seed in range(5)]
    numbers = [keep(storage, photo) for photo in sent]
    newer = keep(storage, encode_for_keeping(noise(9)), with_heads=False)

    assert await coarsen_once(storage, somebody(), executors, at_once=2) == 5
    assert storage.corrections.with_heads() == {}

    for number, photo in zip(numbers, sent, strict=True):
        before, after = decode(photo).pixels.astype(int), decode(photo_of(storage, number)).pixels.astype(int)
        assert np.abs(after - before)[HEAD].mean() > 40, "no cell of the head is left as it was"
        assert np.abs(after - before)[100:].mean() < 10, "the clothes are as they were"
    assert photo_of(storage, newer) == encode_for_keeping(noise(9))


async def test_the_garment_is_outlined_while_the_segmenter_still_finds_it(
    storage: Storage, executors: Executors
) -> None:
    boxes = ((50, 60, 110, 150), (0, 0, 40, 40), (0, 0, 192, 192), None)
    numbers = [keep(storage, encode_for_keeping(noise(seed)), box=box) for seed, box in enumerate(boxes)]
    await coarsen_once(storage, somebody(), executors)
    found = [storage.corrections.correction(number) for number in numbers]
    garments = [outlined(noise(0), None if each is None else each.outline) for each in found]
    assert [None if each is None else each.box for each in garments] == [(50, 60, 110, 150), None, None, None]


async def test_a_photo_of_nobody_keeps_its_bytes(storage: Storage, executors: Executors) -> None:
    sent = encode_for_keeping(noise(1))
    number = keep(storage, sent)
    nobody = SimpleNamespace(live=lambda: SimpleNamespace(networks=Drawn(upper=(60, 150, 50, 110))))
    assert await coarsen_once(storage, nobody, executors) == 0
    assert storage.corrections.with_heads() == {}
    assert photo_of(storage, number) == sent


async def test_a_damaged_row_stops_nothing(storage: Storage, executors: Executors) -> None:
    damaged = keep(storage, b"\xff\xd8\xff and no more")
    sent = encode_for_keeping(noise(1))
    whole = keep(storage, sent)
    assert await coarsen_once(storage, somebody(), executors) == 1
    assert storage.corrections.with_heads() == {}
    assert photo_of(storage, damaged) == b"\xff\xd8\xff and no more"
    assert photo_of(storage, whole) != sent


async def test_without_networks_it_is_tried_again(
    storage: Storage, executors: Executors, caplog: pytest.LogCaptureFixture
) -> None:
    keep(storage, encode_for_keeping(noise(1)))
    tried, third = [], asyncio.Event()

    def live() -> SimpleNamespace:
        tried.append(1)
        if len(tried) < 3:
            raise NoModelError("there is no model yet")
        loop.call_soon_threadsafe(third.set)
        return somebody().live()

    loop = asyncio.get_running_loop()
    job = asyncio.create_task(coarsen_heads(storage, SimpleNamespace(live=live), executors, every_s=0.01))
    async with asyncio.timeout(10):
        await third.wait()
    job.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await job
    assert caplog.text.count("there is no model yet") == 2
