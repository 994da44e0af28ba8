from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from bot.course.steps import STEPS, step_named
from bot.handlers.course_places import CoursePlaces
from bot.jobs.detached_tasks import DetachedTasks
from bot.storage.errors import StoreUnavailable

ANN = 2


class Storage:
    """A store that may be away."""

    def __init__(self) -> None:
        self.kept: dict[int, str] = {}
        self.is_away = False
        self.course_places = SimpleNamespace(of=self.kept.get, keep=self.kept.__setitem__)

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if self.is_away:
            raise StoreUnavailable("away")
        return function(*arguments)


@pytest.fixture
def storage() -> Storage:
    return Storage()


async def test_it_goes_on_where_one_was(storage: Storage) -> None:
    tasks = DetachedTasks()
    places: Any = CoursePlaces(storage, tasks)  # type: ignore[arg-type]
    assert await places.of(ANN) is STEPS[0]
    places.keep(ANN, STEPS[8])
    await tasks.drain()
    assert storage.kept == {ANN: "softmax"}
    another: Any = CoursePlaces(storage, tasks)  # type: ignore[arg-type]
    assert await another.of(ANN) is STEPS[8], "also after a restart"


async def test_while_the_store_is_away_it_is_remembered(storage: Storage) -> None:
    tasks = DetachedTasks()
    places: Any = CoursePlaces(storage, tasks)  # type: ignore[arg-type]
    storage.is_away = True
    assert await places.of(ANN) is STEPS[0]
    places.keep(ANN, STEPS[4])
    await tasks.drain()
    assert await places.of(ANN) is STEPS[4]
    places.forget(ANN)
    assert await places.of(ANN) is STEPS[0]


async def test_what_another_replica_kept_counts(storage: Storage) -> None:
    tasks = DetachedTasks()
    places: Any = CoursePlaces(storage, tasks)  # type: ignore[arg-type]
    places.keep(ANN, STEPS[4])
    await tasks.drain()
    storage.kept[ANN] = "photos"
    assert await places.of(ANN) is step_named("photos")


async def test_a_step_that_is_no_more_begins_again(storage: Storage) -> None:
    storage.kept[ANN] = "gone"
    places: Any = CoursePlaces(storage, DetachedTasks())  # type: ignore[arg-type]
    assert await places.of(ANN) is STEPS[0]
