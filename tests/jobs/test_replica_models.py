"""A set that was published to the database reaches a replica's models folder."""

from collections.abc import Collection
from pathlib import Path

import pytest

from bot.jobs.replica_models import ReplicaModels, install
from bot.registry.folder import ModelsFolder
from bot.registry.layout import MODEL_FILE, NETWORK_FILES, SEGMENTER_FILE
from bot.registry.model_set import ModelSet, card_bytes, networks_entry, sha256
from bot.registry.publishing import sole_publisher
from bot.registry.store import ModelStore
from bot.storage.model_sharing import live_model
from bot.storage.models import ModelTable
from bot.storage.storage import Storage
from bot.storage.types import SharedModel
from bot.vision.interpreter import ModelError
from tests.registry.sets import publish, set_of
from tests.vision.tiny_models import always


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that replicas fetched."""
    sent: list[str] = []
    real = ModelTable.read_files

    def read_files(self: ModelTable, digests: Collection[str]) -> dict[str, bytes]:
        sent.extend(digests)
        return real(self, digests)

    monkeypatch.setattr(ModelTable, "read_files", read_files)
    return sent


def live(models: Path) -> ModelSet | None:
    """What the bot would serve there; it must be whole."""
    served = ModelStore(models, try_first=lambda *network: None).live()
    stored = ModelsFolder(models).live()
    assert stored is not None
    assert stored.problem() is None
    assert served.version == stored.card["version"]
    return stored.read()


def hidden_files(models: Path) -> list[Path]:
    """What a killed or failed installation would leave."""
    return list(models.rglob(".*"))


async def test_the_newest_set_is_fetched_once(storage: Storage, models: Path, sent: list[str]) -> None:
    replica = ReplicaModels(storage, models)
    assert await replica.fetch() is None
    storage.models.put_model(set_of(1, "v1"))
    storage.models.put_model(set_of(2, "v2"))
    fetched = await replica.fetch()
    assert fetched is not None
    assert fetched.version == "v2"
    assert await replica.fetch() is None
    assert len(sent) == len(NETWORK_FILES)
    assert (models / "live" / "current").read_text() == "v2\n"
    assert live(models) == set_of(2, "v2")
    assert hidden_files(models) == []


async def test_only_files_that_are_not_here_are_sent(storage: Storage, models: Path, sent: list[str]) -> None:
    publish(models, set_of(1, "shipped-one"))
    replica = ReplicaModels(storage, models)
    first = set_of(1, "v1")
    classifier = always(2)
    card = first.card | {"version": "v2", "sha256": sha256(classifier)}
    networks = {**first.networks, MODEL_FILE: classifier}
    second = ModelSet(card | {"networks": networks_entry(networks)}, networks)
    storage.models.put_model(second)
    await replica.fetch()
    assert sent == [sha256(classifier)]
    assert live(models) == second


async def test_the_set_that_is_live_already_is_not_fetched(storage: Storage, models: Path, sent: list[str]) -> None:
    publish(models, set_of(1, "v1"))
    storage.models.put_model(set_of(1, "v1"))
    replica = ReplicaModels(storage, models)
    assert await replica.fetch() is None
    assert await replica.fetch() is None
    assert sent == []
    assert not (models / "live" / "current").exists()


async def test_an_older_set_published_again_comes_back(storage: Storage, models: Path) -> None:
    replica = ReplicaModels(storage, models)
    for number in (1, 2, 1):
        storage.models.put_model(set_of(number, f"v{number}"))
        await replica.fetch()
        assert live(models) == set_of(number, f"v{number}")
        assert (models / "live" / "current").read_text() == f"v{number}\n"


async def test_the_same_networks_with_other_thresholds_are_another_set(storage: Storage, models: Path) -> None:
    replica = ReplicaModels(storage, models)
    for weight in (0.5, 0.25):
        measured = set_of(1, "v1", thresholds={"color_weight": weight})
        storage.models.put_model(measured)
        await replica.fetch()
        assert live(models) == measured


async def test_a_model_of_the_former_form_goes_with_the_replica_s_own_networks(storage: Storage, models: Path) -> None:
    card = {"version": "old", "sha256": sha256(always(3))}
    storage.models.put_model(ModelSet(card, {MODEL_FILE: always(3)}))
    await ReplicaModels(storage, models).fetch()
    assert ModelStore(models, try_first=lambda *network: None).live().version == "old"
    assert not (models / "live" / "old" / SEGMENTER_FILE).exists()
    assert live_model(models) == ModelSet(card, {MODEL_FILE: always(3)})


async def test_a_set_whose_files_are_dropped_at_this_moment_is_left_for_the_next_time(
    storage: Storage, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.models.put_model(set_of(1, "v1"))
    replica = ReplicaModels(storage, models)
    with monkeypatch.context() as patch:
        patch.setattr(ModelTable, "read_files", lambda self, digests: {})
        assert await replica.fetch() is None
    assert hidden_files(models) == []
    assert await replica.fetch() is not None


async def test_while_an_admin_publishes_here_the_replica_waits(storage: Storage, models: Path) -> None:
    publish(models, set_of(1, "v1"))
    storage.models.put_model(set_of(2, "v2"))
    replica = ReplicaModels(storage, models)
    with sole_publisher(ModelsFolder(models)):
        assert await replica.fetch() is None
    assert live(models) == set_of(1, "v1")
    assert await replica.fetch() is not None
    assert live(models) == set_of(2, "v2")


def shared(card: str, version: str = "v1") -> SharedModel:
    return SharedModel(1, version, {name: sha256(data) for name, data in set_of(1, "v1").networks.items()}, card)


def by_digest(networks: ModelSet) -> dict[str, bytes]:
    return {sha256(data): data for data in networks.networks.values()}


@pytest.mark.parametrize("version", ["..", "../../etc", "a/b", "", ".hidden", "a b"])
def test_a_version_cannot_lead_out_of_the_folder(models: Path, version: str) -> None:
    with pytest.raises(ValueError, match="no name for a folder"):
        install(ModelsFolder(models), shared("{}", version), by_digest(set_of(1, "v1")))
    assert not models.exists()


@pytest.mark.parametrize("card", ["", "{", "[]", "null"])
def test_a_card_that_is_none_is_refused(models: Path, card: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|no JSON object"):
        install(ModelsFolder(models), shared(card), by_digest(set_of(1, "v1")))
    assert not models.exists()


def test_a_set_of_another_card_is_refused(models: Path) -> None:
    card = card_bytes(set_of(2, "v2").card).decode()
    with pytest.raises(ModelError, match="not the files that"):
        install(ModelsFolder(models), shared(card), by_digest(set_of(1, "v1")))
    assert not models.exists()
