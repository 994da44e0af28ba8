"""What was thanked for is kept, whatever ends the process; what was forgotten is gone from the disk."""

import hashlib
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage import retention
from bot.storage.schema import metadata
from bot.storage.storage import Storage
from bot.storage.types import Status
from tests.conftest import ROOT
from tests.storage.conftest import DATA_KEY, Clock, Place, correction, jpeg

ANN, BEN = 4_000_000_001, 4_000_000_002

THANK_AND_WAIT = """
import sys, time
from pathlib import Path
from bot.storage.storage import open_storage
from tests.storage.conftest import DATA_KEY, correction

url, folder = sys.argv[1:]
storage = open_storage(url, DATA_KEY, root=Path(folder))
storage.corrections.grant_consent(4_000_000_001, "1")
storage.corrections.record_correction(4_000_000_001, correction())
print("thanks", flush=True)
time.sleep(60)
"""


def test_a_correction_survives_kill_9_right_after_the_thanks(place: Place) -> None:
    command = [sys.executable, "-c", THANK_AND_WAIT, place.url, str(place.folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "thanks\n"
        process.send_signal(signal.SIGKILL)
    (kept,) = place.open().corrections.pending()
    assert kept.photo == jpeg()


def test_sqlite_waits_for_the_disk_before_it_says_done(sqlite_place: Place) -> None:
    storage = sqlite_place.open()
    settings = {}
    with storage._database.read() as connection:
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete"):
            settings[name] = connection.exec_driver_sql(f"pragma {name}").scalar_one()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_the_database_is_for_its_owner_only(sqlite_place: Place) -> None:
    storage = sqlite_place.open(data_key=None)
    storage.corrections.grant_consent(ANN, "1")
    files = list((sqlite_place.folder / "var").iterdir())
    assert "bot.sqlite3" in {file.name for file in files}
    for file in files:
        assert file.stat().st_mode & 0o077 == 0, file.name


def on_disk(folder: Path, needle: bytes) -> list[str]:
    """The files under ``folder`` that hold ``needle``."""
    return [file.name for file in folder.rglob("*") if file.is_file() and needle in file.read_bytes()]


def pieces(photo: bytes) -> list[bytes]:
    """Short parts of a photo, from behind the tables that every JPEG begins with."""
    return [photo[start : start + 64] for start in range(1024, len(photo) - 64, 256)]


def test_forgotten_pictures_are_on_no_page_of_the_disk(sqlite_place: Place) -> None:
    storage = sqlite_place.open()
    folder = sqlite_place.folder
    store = storage.corrections
    store.grant_consent(ANN, "1")
    store.grant_consent(BEN, "1")
    for seed in range(6):
        store.record_correction(ANN, correction(seed))
    store.record_correction(BEN, correction(50))
    assert on_disk(folder, pieces(jpeg(3))[1])
    store.forget(ANN)
    for seed in range(6):
        for piece in pieces(jpeg(seed)):
            assert on_disk(folder, piece) == []
    assert on_disk(folder, pieces(jpeg(50))[1])


@pytest.mark.parametrize("how", ["undo", "expire"])
def test_other_ways_out_leave_nothing_either(sqlite_place: Place, clock: Clock, how: str) -> None:
    storage = sqlite_place.open()
    store = storage.corrections
    store.grant_consent(ANN, "1")
    number = store.record_correction(ANN, correction())
    assert all(on_disk(sqlite_place.folder, piece) for piece in pieces(jpeg())[1:3])
    if how == "undo":
        store.undo(ANN, number)
    else:
        store.decide(number, Status.REJECTED)
        clock.time += 2 * retention.REJECTED_KEPT
        storage.expire()
    for piece in pieces(jpeg()):
        assert on_disk(sqlite_place.folder, piece) == []


def test_what_a_killed_process_could_not_wipe_is_wiped_at_the_next_start(sqlite_place: Place) -> None:
    storage = sqlite_place.open()
    storage.corrections.grant_consent(ANN, "1")
    storage.corrections.record_correction(ANN, correction())
    storage._database.scrub()
    # A reader keeps the log from being written back, as a kill between the two steps would.
    reader = sqlite3.connect(sqlite_place.folder / "var/bot.sqlite3", isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from corrections").fetchone()
    storage.corrections.forget(ANN)
    assert on_disk(sqlite_place.folder, pieces(jpeg())[1])
    reader.execute("rollback")
    reader.close()
    sqlite_place.open().corrections.permission(ANN)
    assert on_disk(sqlite_place.folder, pieces(jpeg())[1]) == []


def test_the_store_names_nobody(sqlite_place: Place) -> None:
    storage = sqlite_place.open()
    store = storage.corrections
    store.grant_consent(ANN, "1")
    store.record_correction(ANN, correction())
    storage.languages.keep(ANN, "en")
    storage.albums.key_of(ANN, "77")
    tables = dump(sqlite_place)
    assert tables.count("INSERT INTO") >= 3
    assert str(ANN) not in tables
    assert hashlib.sha256(str(ANN).encode()).hexdigest() not in tables
    assert DATA_KEY not in tables
    assert on_disk(sqlite_place.folder, str(ANN).encode()) == []


def test_forget_finds_everything_under_a_key_that_no_bot_token_touches(place: Place) -> None:
    """The token is not even an argument: only the data key says who is who."""
    place.open().corrections.grant_consent(ANN, "1")
    place.open().corrections.record_correction(ANN, correction())
    assert place.open().corrections.forget(ANN).pictures == 1


def dump(place: Place) -> str:
    with sqlite3.connect(place.folder / "var/bot.sqlite3") as connection:
        text = "\n".join(connection.iterdump())
    connection.close()
    return text


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_postgresql_is_asked_to_wipe_every_table_that_knows_people(place: Place) -> None:
    storage = place.open()
    of_people = {table.name for table in metadata.sorted_tables if {"user_key", "chat_key"} & set(table.c.keys())}
    wiped = text("select relname from pg_stat_user_tables where vacuum_count > 0")

    storage.corrections.grant_consent(ANN, "1")
    storage.corrections.forget(ANN)

    with storage._database.read() as connection:
        assert of_people <= set(connection.scalars(wiped))


def test_deleted_rows_leave_the_tables_of_postgresql(place: Place) -> None:
    storage: Storage = place.open()
    storage.corrections.grant_consent(ANN, "1")
    storage.corrections.record_correction(ANN, correction())
    storage.languages.keep(ANN, "en")

    def rows() -> list[int]:
        counts = [f"select count(*) from {table}" for table in ("corrections", "consents", "languages")]
        with storage._database.read() as connection:
            return [connection.exec_driver_sql(count).scalar_one() for count in counts]

    assert rows() == [1, 1, 1]
    storage.corrections.forget(ANN)
    assert rows() == [0, 0, 0]
