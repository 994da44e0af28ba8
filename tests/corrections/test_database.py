"""The database itself: addresses, migrations, and what happens while it is away."""

import asyncio
import contextlib
import logging
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.corrections import database as database_module
from bot.corrections import storage as storage_module
from bot.corrections.database import Database, parse_url
from bot.corrections.errors import StoreSettingsError, StoreUnavailable
from bot.corrections.schema import metadata
from bot.corrections.storage import Storage, open_storage
from bot.corrections.types import Permission
from tests.conftest import ROOT
from tests.corrections.conftest import DATA_KEY, Place, correction
from tests.postgres import PASSWORD, PostgresServer

ANN = 4_000_000_001


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


def test_the_migrations_make_the_tables_of_the_code(place: Place) -> None:
    storage = place.open()
    storage.prepare()
    with storage._database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_an_older_database_is_brought_up_to_date(place: Place) -> None:
    older = place.open()
    older.corrections.grant_consent(ANN, "1")
    with older._database.write() as connection:
        connection.execute(text("drop table refusals"))
        connection.execute(text("update alembic_version set version_num = '0001'"))
    older.close()
    store = place.open().corrections
    assert store.permission(ANN) is Permission.GRANTED
    assert store.refuse_consent(ANN + 1) is Permission.REFUSED


def test_a_database_of_a_newer_version_is_left_alone(place: Place) -> None:
    storage = place.open()
    with storage._database.write() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreSettingsError, match="newer version"):
        place.open().prepare()
    with pytest.raises(StoreUnavailable, match="newer version"):
        place.open().corrections.has_consent(ANN)


PREPARE = """
import sys
from pathlib import Path
from bot.corrections.storage import open_storage
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


def test_an_installed_package_brings_its_migrations(tmp_path: Path) -> None:
    """From a wheel-like copy, in a folder without the project."""
    copy = tmp_path / "site" / "bot"
    for source in (ROOT / "bot").rglob("*.py"):
        if source.parent.relative_to(ROOT).parts[1:2] in ((), ("corrections",), ("vision",)):
            target = copy / source.relative_to(ROOT / "bot")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    script = (
        "from pathlib import Path; from bot.corrections import storage; "
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


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "AWAY_PAUSE_S", 0.0)


@pytest.mark.usefixtures("no_pause")
def test_a_database_that_goes_away_and_returns(postgres_server: PostgresServer, tmp_path: Path) -> None:
    storage = open_storage(postgres_server.new_database(), DATA_KEY, root=tmp_path)
    store = storage.corrections
    store.grant_consent(ANN, "1")
    number = store.record_correction(ANN, correction())
    postgres_server.stop()
    try:
        for _ in range(3):
            with pytest.raises(StoreUnavailable) as error:
                store.has_consent(ANN)
            assert PASSWORD not in "".join(traceback.format_exception(error.value))
    finally:
        postgres_server.start()
    assert store.has_consent(ANN)
    assert store.undo(ANN, number)
    storage.close()


@pytest.mark.usefixtures("no_pause")
def test_a_bot_starts_while_its_database_is_away(postgres_server: PostgresServer, tmp_path: Path) -> None:
    url = postgres_server.new_database()
    postgres_server.stop()
    try:
        storage = open_storage(url, DATA_KEY, root=tmp_path)
        with pytest.raises(StoreUnavailable):
            storage.prepare()
        with pytest.raises(StoreUnavailable):
            storage.corrections.set_language(ANN, "en")
    finally:
        postgres_server.start()
    storage.corrections.set_language(ANN, "en")
    assert storage.corrections.language(ANN) == "en"
    storage.close()


def test_a_lost_database_costs_each_photo_nothing(tmp_path: Path, unused_port: int) -> None:
    storage = open_storage(f"postgres://bot:hush@127.0.0.1:{unused_port}/bot", DATA_KEY, root=tmp_path)
    with pytest.raises(StoreUnavailable):
        storage.corrections.has_consent(ANN)
    began = time.monotonic()
    for _ in range(100):
        with pytest.raises(StoreUnavailable, match="a moment ago"):
            storage.corrections.has_consent(ANN)
    assert time.monotonic() - began < 0.5
    storage.close()


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Somebody accepts connections and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        yield server.getsockname()[1]


async def test_a_database_that_says_nothing_is_given_up(
    tmp_path: Path, silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_module, "CALL_S", 0.3)
    monkeypatch.setitem(database_module._POSTGRES_OPTIONS, "connect_timeout", 2)
    storage = open_storage(f"postgres://bot@127.0.0.1:{silent_port}/bot", DATA_KEY, root=tmp_path)
    began = time.monotonic()
    calls = [storage.run(storage.corrections.has_consent, ANN) for _ in range(8)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert time.monotonic() - began < 1
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
from bot.corrections.errors import StoreUnavailable
from bot.corrections.storage import open_storage
from tests.corrections.conftest import DATA_KEY, correction

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


@pytest.mark.usefixtures("no_pause")
def test_a_damaged_file_is_said_and_left(tmp_path: Path) -> None:
    path = tmp_path / "var" / "bot.sqlite3"
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 1000)
    storage = open_storage(None, DATA_KEY, root=tmp_path)
    with pytest.raises(StoreUnavailable, match="not a database"):
        storage.prepare()
    storage.close()
    assert path.read_bytes() == b"this is no database" * 1000


@pytest.mark.usefixtures("no_pause")
def test_a_writer_elsewhere_is_waited_for_but_not_for_ever(
    sqlite_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_S", 0.2)
    first, second = sqlite_place.open(), sqlite_place.open()
    first.prepare()
    second.prepare()
    with first._database.write():
        began = time.monotonic()
        with pytest.raises(StoreUnavailable, match="locked"):
            second.corrections.set_language(ANN, "en")
        assert 0.1 < time.monotonic() - began < 2
        assert second.corrections.language(ANN) is None  # readers do not wait
    second.corrections.set_language(ANN, "en")


def test_nothing_is_opened_before_it_is_used(tmp_path: Path) -> None:
    Database(parse_url("sqlite:///var/x.sqlite3", tmp_path)).close()
    assert list(tmp_path.iterdir()) == []
