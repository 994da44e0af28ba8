import pytest
from sqlalchemy import text

from bot.registry.model_set import ModelSet, sha256
from bot.storage import retention
from bot.storage.storage import Storage, open_for_admin
from bot.storage.types import SharedModel
from tests.storage.conftest import Place

SEGMENTER = b"TFL3" + bytes(500)


def model(number: int) -> ModelSet:
    """A set whose segmenter is that of every other."""
    networks = {"classifier.tflite": b"TFL3" + bytes([number]) * 1000, "segmenter.tflite": SEGMENTER}
    return ModelSet({"version": f"v{number}"}, networks)


def fetched(storage: Storage) -> ModelSet:
    """The newest set with its files, as a replica gets it."""
    latest = storage.models.latest_model()
    assert latest is not None
    files = storage.models.read_files(list(latest.files.values()))
    return ModelSet({"version": latest.version}, {name: files[digest] for name, digest in latest.files.items()})


def stored_files(storage: Storage) -> int:
    with storage._database.read() as connection:
        return connection.execute(text("select count(*) from model_files")).scalar_one()


def test_replicas_find_what_an_admin_published(place: Place) -> None:
    storage = place.open()
    assert storage.models.latest_model() is None
    admin = open_for_admin(place.url, root=place.folder)
    admin.models.put_model(model(1))
    admin.models.put_model(model(2))
    assert admin.shared == storage.shared == place.url.startswith("postgres")
    admin.close()
    assert fetched(storage) == model(2)
    latest = storage.models.latest_model()
    assert isinstance(latest, SharedModel)
    assert latest.files["segmenter.tflite"] == sha256(SEGMENTER)


def test_a_file_that_several_sets_have_is_kept_once(storage: Storage) -> None:
    storage.models.put_model(model(1))
    storage.models.put_model(model(2))
    assert stored_files(storage) == 3


def test_an_older_model_published_again_is_a_rollback(storage: Storage) -> None:
    ids = []
    for number in (1, 2, 1):
        storage.models.put_model(model(number))
        ids.append(storage.models.latest_model().id)
    assert fetched(storage) == model(1)
    assert ids == sorted(set(ids)), "a replica sees that something happened"


def test_the_table_stays_small(storage: Storage) -> None:
    for number in range(retention.MODELS_KEPT + 3):
        storage.models.put_model(model(number))
    with storage._database.read() as connection:
        assert connection.execute(text("select count(*) from models")).scalar_one() == retention.MODELS_KEPT
    assert stored_files(storage) == retention.MODELS_KEPT + 1
    assert fetched(storage) == model(retention.MODELS_KEPT + 2)


def test_files_that_are_there_no_more_are_left_out(storage: Storage) -> None:
    storage.models.put_model(model(1))
    assert storage.models.read_files([sha256(SEGMENTER), "0" * 64]) == {sha256(SEGMENTER): SEGMENTER}


@pytest.mark.parametrize("digests", [[], ["0" * 64]])
def test_no_files_are_no_error(storage: Storage, digests: list[str]) -> None:
    assert storage.models.read_files(digests) == {}
