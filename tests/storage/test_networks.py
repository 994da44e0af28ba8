import pytest

from bot.storage import retention
from bot.storage.networks import MAX_WEIGHT_BYTES
from bot.storage.storage import Storage
from bot.storage.types import Forgotten
from tests.storage.conftest import Clock

ANN, BEN, CAT = 4_000_000_001, 4_000_000_002, 4_000_000_003


def test_the_newest_network_of_each_person_is_kept(storage: Storage, clock: Clock) -> None:
    networks = storage.networks
    assert networks.of(ANN) is None
    assert not networks.has(ANN)
    networks.keep(ANN, b"first", {"epochs": 5})
    clock.forward(hours=1)
    networks.keep(ANN, b"second", {"epochs": 20})
    networks.keep(BEN, b"other", {})
    kept = networks.of(ANN)
    assert kept is not None
    assert (kept.weights, kept.record, kept.trained) == (b"second", {"epochs": 20}, clock.time)
    assert networks.has(ANN)


def test_it_goes_after_a_week_unless_trained_again(storage: Storage, clock: Clock) -> None:
    storage.networks.keep(ANN, b"ann", {})
    storage.networks.keep(BEN, b"ben", {})
    clock.forward(days=6)
    storage.networks.keep(BEN, b"ben again", {})
    clock.forward(days=1)
    assert storage.networks.of(ANN) is not None
    assert storage.networks.has(ANN)
    assert storage.expire() == 0
    clock.forward(seconds=1)
    assert storage.networks.of(ANN) is None
    assert not storage.networks.has(ANN)
    assert storage.expire() == 1
    assert storage.networks.has(BEN)


def test_beyond_the_cap_the_oldest_go_first(storage: Storage, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MAX_NETWORK_BYTES", 250)
    for user in (BEN, ANN, CAT):
        storage.networks.keep(user, b"x" * 100, {})
        clock.forward(minutes=1)
    assert [storage.networks.has(user) for user in (ANN, BEN, CAT)] == [True, False, True]
    storage.networks.keep(BEN, b"x" * 240, {})
    assert [storage.networks.has(user) for user in (ANN, BEN, CAT)] == [False, True, False]


def test_more_than_a_network_can_have_is_refused(storage: Storage) -> None:
    with pytest.raises(ValueError, match="too many"):
        storage.networks.keep(ANN, b"x" * (MAX_WEIGHT_BYTES + 1), {})


def test_forget_deletes_it(storage: Storage) -> None:
    storage.networks.keep(ANN, b"ann", {})
    storage.networks.keep(BEN, b"ben", {})
    assert storage.corrections.forget(ANN) == Forgotten(rows=1, pictures=0)
    assert not storage.networks.has(ANN)
    assert storage.networks.has(BEN)
