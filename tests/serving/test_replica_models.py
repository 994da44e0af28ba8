"""A model that was published to the database reaches a replica's models folder."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.corrections.storage import Storage, open_storage
from bot.corrections.types import StoredModel
from bot.serving.replica_models import ReplicaModels, install


def model(number: int, version: str | None = None) -> StoredModel:
    tflite = b"TFL3" + bytes([number]) * 100
    return StoredModel(version or f"v{number}", hashlib.sha256(tflite).hexdigest(), tflite, '{"version": "x"}')


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    storage = open_storage(None, "key", root=tmp_path)
    yield storage
    storage.close()


async def test_the_newest_model_is_fetched_once(storage: Storage, tmp_path: Path) -> None:
    models = tmp_path / "models"
    replica = ReplicaModels(storage, models, None)
    assert await replica.fetch() is None
    storage.models.put_model(model(1))
    storage.models.put_model(model(2))
    assert await replica.fetch() == model(2)
    assert await replica.fetch() is None
    live = models / "live"
    assert (live / "current").read_text() == "v2\n"
    assert (live / "v2" / "classifier.tflite").read_bytes() == model(2).tflite
    assert (live / "v2" / "card.json").read_text() == model(2).card
    assert not list(models.rglob(".*"))


async def test_the_model_that_is_live_already_is_not_fetched(storage: Storage, tmp_path: Path) -> None:
    storage.models.put_model(model(1))
    assert await ReplicaModels(storage, tmp_path / "models", model(1).sha256).fetch() is None
    assert not (tmp_path / "models").exists()


async def test_an_older_model_published_again_comes_back(storage: Storage, tmp_path: Path) -> None:
    replica = ReplicaModels(storage, tmp_path / "models", None)
    for number in (1, 2, 1):
        storage.models.put_model(model(number))
        await replica.fetch()
        assert (tmp_path / "models/live/current").read_text() == f"v{number}\n"


@pytest.mark.parametrize("version", ["..", "../../etc", "a/b", "", ".hidden", "a b"])
def test_a_version_cannot_lead_out_of_the_folder(tmp_path: Path, version: str) -> None:
    stored = StoredModel(version, model(1).sha256, model(1).tflite, "{}")
    with pytest.raises(ValueError, match="no name for a folder"):
        install(tmp_path / "models", stored)
    assert list(tmp_path.iterdir()) == []
