import hashlib

import pytest

from bot.corrections import retention
from bot.corrections.storage import Storage, open_for_admin
from bot.corrections.types import StoredModel
from tests.corrections.conftest import Place


def model(number: int) -> StoredModel:
    tflite = b"TFL3" + bytes([number]) * 1000
    return StoredModel(f"v{number}", hashlib.sha256(tflite).hexdigest(), tflite, f'{{"version": "v{number}"}}')


def test_replicas_find_what_an_admin_published(place: Place) -> None:
    storage = place.open()
    assert storage.models.latest_model() is None
    admin = open_for_admin(place.url, root=place.folder)
    admin.models.put_model(model(1))
    admin.models.put_model(model(2))
    assert admin.shared == storage.shared == place.url.startswith("postgres")
    admin.close()
    assert storage.models.latest_model() == model(2)


def test_a_file_that_the_replica_has_is_not_sent_again(storage: Storage) -> None:
    storage.models.put_model(model(1))
    assert storage.models.latest_model(unless_sha256=model(1).sha256) is None
    storage.models.put_model(model(2))
    assert storage.models.latest_model(unless_sha256=model(1).sha256) == model(2)


def test_an_older_model_published_again_is_a_rollback(storage: Storage) -> None:
    for number in (1, 2, 1):
        storage.models.put_model(model(number))
    assert storage.models.latest_model() == model(1)


def test_the_table_stays_small(storage: Storage) -> None:
    for number in range(retention.MODELS_KEPT + 3):
        storage.models.put_model(model(number))
    with storage._database.read() as connection:
        assert connection.exec_driver_sql("select count(*) from models").scalar_one() == retention.MODELS_KEPT
    assert storage.models.latest_model() == model(retention.MODELS_KEPT + 2)


def test_a_file_that_is_not_what_it_says_is_refused(storage: Storage) -> None:
    broken = StoredModel("v1", model(2).sha256, b"TFL3", "{}")
    with pytest.raises(ValueError, match="sha256"):
        storage.models.put_model(broken)
