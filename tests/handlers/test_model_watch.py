"""What admins are told of new models and of trainings that ended."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from bot.handlers.model_watch import ModelWatch
from bot.registry.history import Entry, Event
from bot.registry.store import ModelStore
from bot.registry.training_history import TrainingHistory
from bot.replies.texts import Language
from tests.handlers.given import given
from tests.training.small import files_of, put_live
from training.runs.history import Models
from training.runs.publish import roll_back


class Watched:
    """A models folder, and what the admins are told of it."""

    def __init__(self, folder: Path) -> None:
        self.models = Models(folder)
        self.publish("one", 1)
        self.told: list[str] = []
        models = ModelStore(folder, interpreters=1, try_first=lambda *network: None)
        self.watch = given(
            ModelWatch,
            history=TrainingHistory(folder),
            models=models,
            executors=SimpleNamespace(draw=self._draw),
            alerts=SimpleNamespace(tell=lambda text_in: self.told.append(text_in(Language.EN))),
        )
        models.live()

    async def _draw(self, call: Callable[[], object]) -> object:
        return call()

    def publish(self, version: str, label: int) -> None:
        put_live(self.models, files_of(label, version), test_accuracy=0.9)

    async def news(self) -> list[str]:
        await self.watch.look()
        told, self.told = self.told, []
        return told


async def test_a_training_that_went_live_is_told_once_with_what_it_changed(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    assert await watched.news() == []
    watched.publish("two", 2)
    (told,) = await watched.news()
    assert "two is live" in told
    assert "90.0%" in told
    assert await watched.news() == []


async def test_a_training_that_came_to_nothing_is_told_too(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.models.record(Entry(Event.NOT_PUBLISHED, "worse", reasons=("photos: 2 points worse",)))
    (told,) = await watched.news()
    assert "photos: 2 points worse" in told
    assert "worse" in told.splitlines()[0]


async def test_a_model_that_came_back_is_a_new_model(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.publish("two", 2)
    await watched.news()
    roll_back(watched.models)
    (told,) = await watched.news()
    assert "one" in told
