"""What conversations and jobs of a bot share, made for a test."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.jobs.executors import Executors
    from bot.storage.storage import Storage

SQLITE_FILE = "var/bot.sqlite3"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite file whose tables are up to date and empty: making one runs every migration."""
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


@pytest.fixture
def storage(store_folder: Path) -> Iterator[Storage]:
    """An empty store."""
    from bot.storage.storage import open_storage

    storage = open_storage(None, "key", root=store_folder)
    yield storage
    storage.close()


@pytest.fixture
def executors() -> Iterator[Executors]:
    from bot.jobs.executors import Executors

    executors = Executors()
    yield executors
    executors.close()
