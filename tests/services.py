"""An empty store that need not run every migration for every test."""

from pathlib import Path

import pytest

SQLITE_FILE = "var/bot.sqlite3"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite file whose tables are up to date and empty."""
    from bot.storage.database import Database, parse_url

    folder = tmp_path_factory.mktemp("empty-store")
    database = Database(parse_url(f"sqlite:///{SQLITE_FILE}", folder))
    database.prepare()
    database.close()
    return (folder / SQLITE_FILE).read_bytes()


@pytest.fixture
def store_folder(tmp_path: Path, empty_store: bytes) -> Path:
    """A folder of the test's own where a bot finds an empty store, as at its second start."""
    file = tmp_path / SQLITE_FILE
    file.parent.mkdir()
    file.write_bytes(empty_store)
    return tmp_path
