"""The database itself: addresses, migrations, and what happens while it is away."""

import asyncio
import contextlib
import logging
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.registry.model_set import sha256
from bot.storage.database import Database, Timeouts, parse_url
from bot.storage.errors import StoreSettingsError, StoreUnavailable
from bot.storage.schema import metadata
from bot.storage.storage import Storage, open_storage
from bot.storage.types import AlbumPart, AlbumState, Permission
from bot.vision.labels import WRONG_OUTLINE
from tests.conftest import ROOT
from tests.ports import free_port
from tests.postgres import PASSWORD, PostgresServer
from tests.storage.conftest import DATA_KEY, Place, correction

ANN = 4_000_000_001
NO_PAUSE = Timeouts(away_pause_s=0.0)


@pytest.fixture
def store_folder(tmp_path: Path) -> Path:
    """Without a store: how one is made is what is asked here."""
    return tmp_path


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_platforms_write_postgresql_in_several_ways(scheme: str) -> None:
    url = parse_url(f"{scheme}://bot:p%40ss@db.example:6543/garments?sslmode=require", Path("/"))
    assert url.drivername == "postgresql+psycopg"
    assert (url.password, url.host, url.port, url.database) == ("p@ss", "db.example", 6543, "garments")
    assert url.query == {"sslmode": "require"}


def test_sqlite_paths_start_from_the_folder_that_holds_the_bot(tmp_path: Path) -> None:
    assert parse_url("sqlite:///var/x.sqlite3", tmp_path).database == str(tmp_path / "var/x.sqlite3")
    assert parse_url("sqlite:////data/x.sqlite3", tmp_path).database == "/data/x.sqlite3"


@pytest.mark.parametrize(
    "address",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://bot:hush@db/x",
        "postgres://bot:hu:sh@db:no/x",
        "hush",
        "hush://[",
        "",
    ],
)
def test_an_address_that_cannot_be_used_is_one_line_without_its_password(address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreSettingsError, match="DATABASE_URL") as error:
        open_storage(address, "key", root=tmp_path) if address else parse_url(address, tmp_path)
    shown = "".join(traceback.format_exception(error.value))
    assert "hush" not in shown.partition("StoreSettingsError")[2]
    assert "\n" not in str(error.value)
    assert not re.search(r"hu:?sh", str(error.value))


def assert_tables_are_those_of_the_code(storage: Storage) -> None:
    with storage._database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@contextlib.contextmanager
def made_older(storage: Storage, version: str) -> Iterator[Connection]:
    """Lets the test take back what came after a version of the tables, and closes the storage."""
    with storage._database.write() as connection:
        yield connection
        connection.execute(text(f"update alembic_version set version_num = '{version}'"))
    storage.close()


def drop_tables(connection: Connection, *tables: str) -> None:
    for table in tables:
        connection.execute(text(f"drop table {table}"))


def test_the_migrations_make_the_tables_of_the_code(place: Place) -> None:
    storage = place.open()
    storage.prepare()
    assert_tables_are_those_of_the_code(storage)


def test_an_older_database_is_brought_up_to_date(place: Place) -> None:
    older = place.open()
    older.corrections.grant_consent(ANN, "1")
    with made_older(older, "0001") as connection:
        undo_later_columns(connection)
        drop_tables(connection, "trainings", "last_answers", "course_places", "quiz_votes", "quiz_polls")
        drop_tables(connection, "class_results", "class_tables", "own_networks", "refusals")
        connection.execute(text("alter table albums drop column attempts"))
        undo_model_sets(connection)
        if connection.dialect.name != "sqlite":
            connection.execute(text("alter table corrections rename constraint known_labels to ten_classes"))
    again = place.open()
    store = again.corrections
    assert store.permission(ANN) is Permission.GRANTED
    assert store.refuse_consent(ANN + 1) is Permission.REFUSED
    again.networks.keep(ANN, b"weights", {})
    assert again.networks.has(ANN)


OLD_CHECK = "predicted between 0 and 9 and right_label between 0 and 9"


def test_corrections_outlive_the_widening_of_their_labels(place: Place) -> None:
    older = place.open()
    store = older.corrections
    store.grant_consent(ANN, "1")
    kept, gone = (store.record_correction(ANN, correction(seed)) for seed in (1, 2))
    store.undo(ANN, gone)
    with made_older(older, "0006") as connection:
        undo_later_columns(connection)
        drop_tables(connection, "trainings", "last_answers")
        if connection.dialect.name == "sqlite":
            connection.execute(text("pragma writable_schema = on"))
            connection.execute(
                text(
                    "update sqlite_master set sql = replace(replace(sql, 'between 0 and 11', 'between 0 and 9'), "
                    "'between 0 and 12', 'between 0 and 9') where name = 'corrections'"
                )
            )
            connection.execute(text("update sqlite_master set sql = replace(sql, 'known_labels', 'ten_classes')"))
        else:
            connection.execute(text("alter table corrections drop constraint known_labels"))
            connection.execute(text(f"alter table corrections add constraint ten_classes check ({OLD_CHECK})"))
        undo_model_sets(connection)
    storage = place.open()
    store = storage.corrections
    found = store.correction(kept)
    assert found is not None
    assert (found.right, found.box) == (4, (1, 2, 30, 40))
    newer = store.record_correction(ANN, correction(3, right=WRONG_OUTLINE))
    assert newer > gone, "no id is given twice"
    assert store.permission(ANN) is Permission.GRANTED
    assert_tables_are_those_of_the_code(storage)
    store.forget(ANN)
    assert store.correction(kept) is None


def undo_model_sets(connection: Connection) -> None:
    """Makes the tables of models what they were before sets were published."""
    binary = "blob" if connection.dialect.name == "sqlite" else "bytea"
    connection.execute(text("drop table model_files"))
    connection.execute(text("alter table models drop column files"))
    connection.execute(text("alter table models add column sha256 varchar(64) not null default ''"))
    connection.execute(text(f"alter table models add column tflite {binary} not null default ''"))


def undo_later_columns(connection: Connection) -> None:
    """Makes the table of corrections what it was before it said whether heads are coarsened and which set was asked."""
    undo_asked(connection)
    connection.execute(text("drop index corrections_with_heads"))
    connection.execute(text("alter table corrections drop column without_heads"))


def undo_asked(connection: Connection) -> None:
    """Makes the table of corrections what it was before another set was asked, and outlines were kept."""
    for column in ("asked_version", "asked_share", "outline"):
        connection.execute(text(f"alter table corrections drop column {column}"))


def test_of_photos_kept_before_it_is_not_known_that_heads_are_coarsened(place: Place) -> None:
    older = place.open()
    older.corrections.grant_consent(ANN, "1")
    kept = older.corrections.record_correction(ANN, correction(1))
    assert older.corrections.with_heads() == {}
    with made_older(older, "0010") as connection:
        undo_later_columns(connection)
    store = place.open().corrections
    assert store.with_heads() == {kept: correction(1).photo}
    newer = store.record_correction(ANN, correction(2))
    assert newer not in store.with_heads()


def test_of_photos_kept_before_it_no_other_set_was_asked(place: Place) -> None:
    older = place.open()
    older.corrections.grant_consent(ANN, "1")
    kept = [older.corrections.record_correction(ANN, correction(seed)) for seed in (1, 2)]
    before = older.corrections.pending()
    with made_older(older, "0011") as connection:
        undo_asked(connection)
    storage = place.open()
    store = storage.corrections
    assert store.pending() == before
    assert [each.id for each in store.unasked("a new set")] == kept
    store.note_asked("a new set", [(before[0], 0.5)])
    assert [each.id for each in store.surprising("a new set")] == kept[::-1]
    assert {each.outline for each in store.pending()} == {None}
    newer = store.record_correction(ANN, replace(correction(3), outline=b"of a coat"))
    assert [each.outline for each in store.pending() if each.id == newer] == [b"of a coat"]
    assert_tables_are_those_of_the_code(storage)


def test_models_outlive_the_move_to_sets(place: Place) -> None:
    older = place.open()
    older.prepare()
    with made_older(older, "0007") as connection:
        undo_later_columns(connection)
        drop_tables(connection, "trainings", "last_answers")
        undo_model_sets(connection)
        for version, data in (("v1", b"one"), ("v2", b"two"), ("v1", b"one")):
            connection.execute(
                text(
                    "insert into models (version, sha256, tflite, card, published_at)"
                    " values (:version, :sha256, :data, '{}', '2026-01-02 03:04:05+00:00')"
                ),
                {"version": version, "sha256": sha256(data), "data": data},
            )
    storage = place.open()
    latest = storage.models.latest_model()
    assert latest is not None
    assert (latest.version, latest.files) == ("v1", {"classifier.tflite": sha256(b"one")})
    assert storage.models.read_files([sha256(b"one"), sha256(b"two")]) == {
        sha256(b"one"): b"one",
        sha256(b"two"): b"two",
    }
    assert_tables_are_those_of_the_code(storage)


def test_a_database_of_a_newer_version_is_left_alone(place: Place) -> None:
    storage = place.open()
    with storage._database.write() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreSettingsError, match="newer version"):
        place.open().prepare()
    with pytest.raises(StoreUnavailable, match="newer version"):
        place.open().corrections.permission(ANN)


PREPARE = """
import sys
from pathlib import Path
from bot.storage.storage import open_storage
sys.stdin.read()
storage = open_storage(sys.argv[1], "a key that only tests use", root=Path(sys.argv[2]))
storage.prepare()
storage.corrections.count_answer(1, 1)
"""


def test_replicas_that_start_together_make_the_tables_once(place: Place) -> None:
    command = [sys.executable, "-c", PREPARE, place.url, str(place.folder)]
    started = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    time.sleep(0.3)
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    for process in started:
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()
    assert place.open().corrections.answer_counts()[0].count == 3


def test_threads_that_start_together_make_the_tables_once(place: Place) -> None:
    start = threading.Barrier(6)
    errors: list[Exception] = []

    def run(storage: Storage) -> None:
        start.wait()
        try:
            storage.prepare()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(place.open(),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_new_file_that_another_process_is_making_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself does not wait where a connection switches the file to its log while another one writes it."""
    other = sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    storage = open_storage(f"sqlite:///{tmp_path}/bot.sqlite3", DATA_KEY, root=tmp_path)
    ending = threading.Timer(0.3, other.close)
    ending.start()
    try:
        storage.prepare()
    finally:
        ending.join()
    assert storage.corrections.answer_counts() == ()
    storage.close()


def test_a_new_file_that_stays_busy_is_said_to_be(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None)
    other.execute("begin immediate")
    url, timeouts = f"sqlite:///{tmp_path}/bot.sqlite3", Timeouts(busy_s=0.1)
    storage = open_storage(url, DATA_KEY, root=tmp_path, timeouts=timeouts)
    with pytest.raises(StoreUnavailable, match="locked"):
        storage.prepare()
    other.close()
    storage.close()


def test_a_migration_of_another_process_is_waited_for_longer_than_a_row(place: Place) -> None:
    first, second = place.open(), place.open(busy_s=0.2)
    first.prepare()
    with first._database.write() as connection:
        first._database.lock(connection, "schema")
        starting = threading.Thread(target=second.prepare)
        starting.start()
        time.sleep(0.2 + 0.5)
        assert starting.is_alive()
    starting.join()
    assert second._database._prepared


def test_two_databases_of_one_process_are_brought_up_to_date_side_by_side(tmp_path: Path) -> None:
    storages = [open_storage(None, DATA_KEY, root=tmp_path / str(number)) for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Storage.prepare, storages))
    for storage in storages:
        assert storage.corrections.answer_counts() == ()
        storage.close()


def test_an_installed_package_brings_its_migrations(tmp_path: Path) -> None:
    """From a wheel-like copy, in a folder without the project."""
    copy = tmp_path / "site" / "bot"
    for source in (ROOT / "bot").rglob("*.py"):
        if source.parent.relative_to(ROOT).parts[1:2] in ((), ("registry",), ("storage",), ("vision",)):
            target = copy / source.relative_to(ROOT / "bot")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    script = (
        "from pathlib import Path; from bot.storage import storage; "
        "s = storage.open_storage(None, None, root=Path('.')); s.prepare(); print(storage.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(copy.parent)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(copy))
    assert (tmp_path / "var" / "bot.sqlite3").exists()


# Away


def test_a_database_that_goes_away_and_returns(postgres_server: PostgresServer, tmp_path: Path) -> None:
    storage = open_storage(postgres_server.new_database(), DATA_KEY, root=tmp_path, timeouts=NO_PAUSE)
    store = storage.corrections
    store.grant_consent(ANN, "1")
    number = store.record_correction(ANN, correction())
    postgres_server.stop()
    try:
        for _ in range(3):
            with pytest.raises(StoreUnavailable) as error:
                store.permission(ANN)
            assert PASSWORD not in "".join(traceback.format_exception(error.value))
    finally:
        postgres_server.start()
    assert store.permission(ANN) is Permission.GRANTED
    assert store.undo(ANN, number)
    storage.close()


def test_a_bot_starts_while_its_database_is_away(postgres_server: PostgresServer, tmp_path: Path) -> None:
    url = postgres_server.new_database()
    postgres_server.stop()
    try:
        storage = open_storage(url, DATA_KEY, root=tmp_path, timeouts=NO_PAUSE)
        with pytest.raises(StoreUnavailable):
            storage.prepare()
        with pytest.raises(StoreUnavailable):
            storage.languages.keep(ANN, "en")
    finally:
        postgres_server.start()
    storage.languages.keep(ANN, "en")
    assert storage.languages.of(ANN) == "en"
    storage.close()


def test_a_lost_database_costs_each_photo_nothing(tmp_path: Path, unused_port: int) -> None:
    storage = open_storage(f"postgres://bot:hush@127.0.0.1:{unused_port}/bot", DATA_KEY, root=tmp_path)
    with pytest.raises(StoreUnavailable):
        storage.corrections.permission(ANN)
    for _ in range(100):
        with pytest.raises(StoreUnavailable, match="a moment ago"):
            storage.corrections.permission(ANN)
    storage.close()


@pytest.fixture
def unused_port() -> int:
    return free_port()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Somebody accepts connections and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        yield server.getsockname()[1]


async def test_a_database_that_says_nothing_is_given_up(tmp_path: Path, silent_port: int) -> None:
    timeouts = Timeouts(call_s=0.3, connect_s=20)
    storage = open_storage(f"postgres://bot@127.0.0.1:{silent_port}/bot", DATA_KEY, root=tmp_path, timeouts=timeouts)
    began = time.monotonic()
    calls = [storage.run(storage.corrections.permission, ANN) for _ in range(8)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert time.monotonic() - began < 10, "none waited for its connection"
    assert {type(result) for result in results} == {StoreUnavailable}
    storage.close()


def test_a_wrong_password_is_not_repeated(postgres_server: PostgresServer, tmp_path: Path) -> None:
    url = postgres_server.url("postgres", password="hush-hush")
    storage = open_storage(url, DATA_KEY, root=tmp_path)
    with pytest.raises(StoreUnavailable, match="authentication failed") as error:
        storage.prepare()
    shown = "".join(traceback.format_exception(error.value)) + repr(storage._database) + repr(storage._database._engine)
    assert "hush" not in shown
    storage.close()


def test_passwords_show_in_no_repr_and_no_log(
    postgres_server: PostgresServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reference = "ab" * 32
    storage = open_storage(postgres_server.new_database(), DATA_KEY, root=tmp_path)
    storage.corrections.grant_consent(ANN, "1")
    shown = " ".join(map(repr, (storage, storage._database, storage.corrections, storage._database._engine)))
    with pytest.raises(Exception, match="no_such_table") as error, storage._database.read() as connection:
        connection.execute(text("select * from no_such_table where user_key = :key"), {"key": reference})
    shown += "".join(traceback.format_exception(error.value)) + caplog.text
    for secret in (PASSWORD, DATA_KEY, str(ANN), reference):
        assert secret not in shown
    storage.close()


# Full disks and damaged files

FILL_UP = """
import resource, sys
from pathlib import Path
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import open_storage
from tests.storage.conftest import DATA_KEY, correction

storage = open_storage(None, DATA_KEY, root=Path(sys.argv[1]))
store = storage.corrections
store.grant_consent(4_000_000_001, "1")
kept = store.record_correction(4_000_000_001, correction(0))
size = sum(file.stat().st_size for file in Path(sys.argv[1], "var").iterdir())
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
for seed in range(1, 500):
    try:
        store.record_correction(4_000_000_001, correction(seed))
    except StoreUnavailable as error:
        print(error)
        break
else:
    sys.exit("the disk never filled")
assert store.correction(kept) is not None
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(store.record_correction(4_000_000_001, correction(900)))
print(store.kept(4_000_000_001))
"""


def test_a_full_disk_loses_nothing_and_is_forgiven(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FILL_UP, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said, _, _ = done.stdout.splitlines()
    assert "full" in said or "I/O" in said


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a megabyte where the test may mount one, else an ordinary folder (see the test above)."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    mounted = shutil.which("mount") is not None and subprocess.run(mount, capture_output=True).returncode == 0
    yield folder
    if mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_others_fill_up_is_survived(small_disk: Path) -> None:
    storage = open_storage(None, DATA_KEY, root=small_disk)
    store = storage.corrections
    store.grant_consent(ANN, "1")
    first = store.record_correction(ANN, correction(0))
    if small_disk.is_mount():
        ballast = small_disk / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        with pytest.raises(StoreUnavailable, match="full"):
            store.record_correction(ANN, correction(1))
        assert store.correction(first) is not None
        ballast.unlink()
    assert store.forget(ANN).pictures == 1
    storage.close()


def test_a_damaged_file_is_said_and_left(tmp_path: Path) -> None:
    path = tmp_path / "var" / "bot.sqlite3"
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 1000)
    storage = open_storage(None, DATA_KEY, root=tmp_path, timeouts=NO_PAUSE)
    with pytest.raises(StoreUnavailable, match="not a database"):
        storage.prepare()
    storage.close()
    assert path.read_bytes() == b"this is no database" * 1000


def test_a_writer_elsewhere_is_waited_for_but_not_for_ever(sqlite_place: Place) -> None:
    first, second = sqlite_place.open(), sqlite_place.open(busy_s=0.2, away_pause_s=0.0)
    first.prepare()
    second.prepare()
    with first._database.write():
        began = time.monotonic()
        with pytest.raises(StoreUnavailable, match="locked"):
            second.languages.keep(ANN, "en")
        assert time.monotonic() - began > 0.1
        assert second.languages.of(ANN) is None  # readers do not wait
    second.languages.keep(ANN, "en")


def test_nothing_is_opened_before_it_is_used(tmp_path: Path) -> None:
    Database(parse_url("sqlite:///var/x.sqlite3", tmp_path)).close()
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_waits_for_any_more_is_not_committed(place: Place) -> None:
    storage = place.open()
    with (
        pytest.raises(StoreUnavailable, match="nobody waits"),
        storage._database.until(time.monotonic() + 0.05),
        storage._database.write(),
    ):
        time.sleep(0.1)
    with storage._database.until(time.monotonic() - 1), pytest.raises(StoreUnavailable, match="nobody waits"):
        storage.corrections.grant_consent(ANN, "1")
    assert storage.corrections.permission(ANN) is Permission.UNASKED


async def test_a_call_that_is_given_up_leaves_nothing_behind(place: Place) -> None:
    """Whoever was told that the store is away goes on without it, so a later commit would count twice."""
    storage = place.open(work_s=0.2, call_s=0.3)
    storage.prepare()
    album = storage.albums.key_of(1, "1")

    def slow() -> bool:
        time.sleep(0.5)
        return storage.albums.add_album_part(album, AlbumPart(1, b"photo"))

    with pytest.raises(StoreUnavailable):
        await storage.run(slow)
    await asyncio.sleep(0.6)
    assert storage.albums.unfinished_albums() == ()
    assert storage.albums.claim_album(album).state is AlbumState.TAKEN


async def test_the_store_is_steady_a_while_after_a_start_and_after_an_outage(place: Place) -> None:
    storage, moment = place.open(), timedelta(seconds=0.2)
    assert not storage.there_for(moment)
    await asyncio.sleep(0.25)
    assert storage.there_for(moment)

    def away() -> None:
        raise StoreUnavailable("gone for lunch")

    with pytest.raises(StoreUnavailable):
        await storage.run(away)
    assert not storage.there_for(moment)
