import multiprocessing
import os
from pathlib import Path

import pytest

from bot.storage.data_key import DataKey, key_beside
from bot.storage.errors import StoreSettingsError
from bot.storage.storage import open_storage

ANN = 4_000_000_001


def test_a_reference_is_hmac_sha256(tmp_path: Path) -> None:
    # From: printf 4000000001 | openssl dgst -sha256 -hmac key
    assert DataKey("key").reference(ANN) == "cdf5bbd92211f3595fb4b1ddf20b315f77bd46188e303692a28b8800bf7b459c"
    assert DataKey("key").reference(ANN) == DataKey(" key\n").reference(ANN)
    assert DataKey("other").reference(ANN) != DataKey("key").reference(ANN)


def test_the_first_run_makes_a_key_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "var" / "data.key"
    first = key_beside(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_text().strip()) == 64
    assert key_beside(path).reference(ANN) == first.reference(ANN)
    assert [file.name for file in path.parent.iterdir()] == ["data.key"]


def test_a_new_key_is_on_the_disk_before_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: flushed.append(os.fstat(descriptor).st_ino))

    key_beside(tmp_path / "data.key")

    assert flushed == [(tmp_path / "data.key").stat().st_ino, tmp_path.stat().st_ino]


def _reference(path: Path) -> str:
    return key_beside(path).reference(ANN)


def test_processes_that_start_together_end_with_one_key(tmp_path: Path) -> None:
    path = tmp_path / "data.key"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_reference, [path] * 16, chunksize=1))) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["data.key"]


def test_a_lost_race_takes_the_winners_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.key"
    winner = "w" * 64

    def link(draft: str, target: Path) -> None:
        target.write_text(winner)
        raise FileExistsError

    monkeypatch.setattr(os, "link", link)
    assert key_beside(path).reference(ANN) == DataKey(winner).reference(ANN)


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(StoreSettingsError, match="set DATA_KEY") as error:
        open_storage(None, None, root=tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\xfd", b"short"])
def test_a_damaged_key_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.key"
    path.write_bytes(content)
    with pytest.raises(StoreSettingsError, match="key"):
        key_beside(path)
    assert path.read_bytes() == content


def test_postgresql_needs_a_key_that_every_replica_knows(tmp_path: Path) -> None:
    for empty in (None, "", "  "):
        with pytest.raises(StoreSettingsError, match="DATA_KEY is required"):
            open_storage("postgres://bot@127.0.0.1/bot", empty, root=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_given_key_leaves_no_file(tmp_path: Path) -> None:
    storage = open_storage(None, "given", root=tmp_path)
    storage.corrections.grant_consent(ANN, "1")
    storage.close()
    assert not (tmp_path / "var" / "data.key").exists()


def test_a_key_shows_in_no_repr() -> None:
    assert "hush" not in repr(DataKey("hush"))
    assert "hush" not in str(DataKey("hush"))
