"""Corrections of every kind that wait are asked of the set that is live, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bot.jobs.executors import Executors
from bot.jobs.live_opinions import ask_live_set
from bot.registry.layout import COLOR_CLASSIFIER_FILE
from bot.registry.model_set import ModelSet, networks_entry
from bot.registry.store import ModelStore
from bot.storage.errors import StoreUnavailable
from bot.storage.photos import encode_for_keeping
from bot.storage.storage import Storage, open_storage
from bot.storage.types import CorrectionId, NewCorrection
from bot.vision.labels import NO_CLOTHING, OTHER_CLOTHING, WRONG_OUTLINE
from bot.vision.photo import Photo
from tests.registry.sets import publish, set_of
from tests.storage.conftest import prediction
from tests.vision.tiny_models import always_color
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

ANN = 7


class Place:
    """A store, a models folder, and a bot's job on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage = open_storage(None, "k" * 32, root=folder)
        self.storage.corrections.grant_consent(ANN, "1")
        self.models = self.swap(1)

    def swap(self, number: int, *, color: int | None = None, folder: str = "models") -> ModelStore:
        """Let a set be live that answers this class to everything, in colour another one; returns what takes it."""
        new = set_of(number, f"v{number}")
        if color is not None:
            networks = {**new.networks, COLOR_CLASSIFIER_FILE: always_color(color)}
            new = ModelSet({**new.card, "networks": networks_entry(networks)}, networks)
        publish(self.folder / folder, new)
        return ModelStore(self.folder / folder, interpreters=1, try_first=lambda *network: None)

    def keep(self, right: int, seed: int, *, version: str = "v1", said: int = 1, photo: bytes = b"") -> CorrectionId:
        """What Ann says of an answer."""
        pixels = np.random.default_rng(seed).integers(0, 255, (64, 48, 3)).astype(np.uint8)
        new = NewCorrection(photo or encode_for_keeping(Photo(pixels)), right, prediction(said), version)
        return self.storage.corrections.record_correction(ANN, new)

    def order(self, live: str) -> list[CorrectionId]:
        """As admins see them."""
        return [each.id for each in self.storage.corrections.surprising(live)]

    def share(self, number: CorrectionId, live: str) -> float | None:
        found = self.storage.corrections.correction(number)
        assert found is not None
        return found.share_left_by(live)

    def is_done(self, live: str) -> Callable[[], bool]:
        return lambda: not self.storage.corrections.unasked(live)


class Looks:
    """Executors that count, and one of whose looks does not end."""

    def __init__(self, executors: Executors, hangs_at: int | None = None) -> None:
        self._executors, self._hangs_at = executors, hangs_at
        self.begun = self.ended = self.most_at_once = 0

    async def look(self, work: Callable[[], Any]) -> Any:
        self.begun += 1
        self.most_at_once = max(self.most_at_once, self.begun - self.ended)
        if self.begun == self._hangs_at:
            await asyncio.Event().wait()
        answer = await self._executors.look(work)
        self.ended += 1
        return answer


class Store:
    """A store that counts its calls, and is away when a test says so."""

    def __init__(self, storage: Storage) -> None:
        self._storage, self.corrections = storage, storage.corrections
        self.calls = 0
        self.is_away = lambda: False

    async def run(self, *call: Any, **named: Any) -> Any:
        self.calls += 1
        if self.is_away():
            raise StoreUnavailable("away")
        return await self._storage.run(*call, **named)


@pytest.fixture
def place(store_folder: Path) -> Iterator[Place]:
    place = Place(store_folder)
    yield place
    place.storage.close()


@contextlib.asynccontextmanager
async def running(
    storage: Storage | Store, models: ModelStore, executors: Executors | Looks, **waits: Any
) -> AsyncIterator[asyncio.Task[None]]:
    job = asyncio.create_task(ask_live_set(storage, models, executors, **{"every_s": 0.01} | waits))
    try:
        yield job
    finally:
        job.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await job


async def test_what_the_new_set_answers_rightly_sinks_after_a_swap(place: Place, executors: Executors) -> None:
    learnt, unlearnt, confirmed = place.keep(2, 1), place.keep(3, 2), place.keep(1, 3)
    assert place.order("v1") == [learnt, unlearnt, confirmed]
    async with running(place.storage, place.models, executors):
        place.swap(2)
        place.models.refresh()
        await until(place.is_done("v2"))
        assert place.order("v2") == [unlearnt, confirmed, learnt]
        assert place.share(learnt, "v2") == pytest.approx(0.98, abs=0.03)
        found = place.storage.corrections.correction(learnt)
        assert found is not None
        assert (found.predicted, found.share, found.model_version) == (1, pytest.approx(0.55), "v1"), "as at the time"

        late = place.keep(3, 4)  # an answer of before the swap, corrected only now
        await until(place.is_done("v2"))
        assert place.share(late, "v2") is not None
        place.swap(1)
        place.models.refresh()
        assert place.order("v1") == [learnt, unlearnt, late, confirmed], "brought back, it has said so already"


async def test_what_the_live_set_answered_is_not_asked_again(place: Place, executors: Executors) -> None:
    answered, asked = place.keep(2, 1), place.keep(2, 2, version="v0")
    async with running(place.storage, place.models, executors):
        await until(lambda: place.share(asked, "v1") is not None)
    found = place.storage.corrections.correction(answered)
    assert found is not None
    assert found.asked_version is None
    assert place.share(answered, "v1") == pytest.approx(0.05)


@pytest.mark.parametrize("right", [OTHER_CLOTHING, NO_CLOTHING, WRONG_OUTLINE])
@pytest.mark.parametrize(
    ("color", "least", "most"), [(OTHER_CLOTHING, 0.85, 1.0), (NO_CLOTHING, 0.85, 1.0), (2, 0.0, 0.1)]
)
async def test_none_of_the_ten_is_one_share(
    place: Place, executors: Executors, right: int, color: int, least: float, most: float
) -> None:
    number = place.keep(right, 1)
    async with running(place.storage, place.swap(2, color=color), executors):
        await until(place.is_done("v2"))
    share = place.share(number, "v2")
    assert share is not None
    assert least <= share <= most


async def test_a_damaged_photo_stops_nothing(place: Place, executors: Executors) -> None:
    damaged = place.keep(2, 1, photo=b"\xff\xd8\xff and no more")
    whole = place.keep(2, 2)
    async with running(place.storage, place.swap(2), executors):
        await until(place.is_done("v2"))
    assert place.share(damaged, "v2") is None
    assert place.order("v2") == [damaged, whole], "the share of the time counts"


async def test_what_a_killed_job_left_the_next_one_does(place: Place, executors: Executors) -> None:
    numbers = [place.keep(2, seed) for seed in range(5)]
    models, killed, following = place.swap(2), Looks(executors, hangs_at=3), Looks(executors)
    async with running(place.storage, models, killed, at_once=2):
        await until(lambda: killed.begun == 3)
    assert [each.id for each in place.storage.corrections.unasked("v2")] == numbers[2:]
    async with running(place.storage, models, following, at_once=2):
        await until(place.is_done("v2"))
    assert following.begun == 3
    assert following.most_at_once == 1, "a person's photo waits behind one at most"


async def test_while_the_store_is_away_nothing_is_lost(place: Place, executors: Executors) -> None:
    numbers = [place.keep(2, seed) for seed in range(3)]
    store = Store(place.storage)
    store.is_away = lambda: store.calls % 2 == 1
    async with running(store, place.swap(2), executors, at_once=1) as job:
        await until(lambda: store.calls > 4)
        assert not job.done()
        store.is_away = lambda: False
        await until(place.is_done("v2"))
    assert all(place.share(number, "v2") is not None for number in numbers)


async def test_without_networks_it_is_tried_again(
    place: Place, executors: Executors, caplog: pytest.LogCaptureFixture
) -> None:
    place.keep(2, 1)
    models = ModelStore(place.folder / "empty", try_first=lambda *network: None)
    async with running(place.storage, models, executors):
        await until(lambda: caplog.text.count("asked about corrections later") >= 2)
        publish(place.folder / "empty", set_of(2, "v2"))
        models.refresh()
        await until(place.is_done("v2"))


async def test_replicas_with_different_sets_ask_each_of_theirs_once(place: Place, executors: Executors) -> None:
    for seed in range(3):
        place.keep(2, seed)
    replicas = [
        (Store(place.storage), place.swap(number, folder=f"replica {number}"), Looks(executors)) for number in (2, 3)
    ]
    async with running(*replicas[0]), running(*replicas[1]):
        await until(lambda: all(store.calls > 10 and looks.begun >= 3 for store, _, looks in replicas))
    assert [looks.begun for _, _, looks in replicas] == [3, 3]
