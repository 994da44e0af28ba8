"""Every store test runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.storage.database import Timeouts
from bot.storage.storage import Storage, open_storage
from bot.storage.types import NewCorrection
from bot.vision.prediction import Prediction, Verdict
from tests.pictures import saved
from tests.postgres import PostgresServer

DATA_KEY = "a key that only tests use"


@dataclass
class Clock:
    """A clock that tests turn."""

    time: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **units: float) -> None:
        self.time += timedelta(**units)


@dataclass
class Place:
    """A database, and the way to it for another process or a second replica."""

    url: str
    folder: Path
    clock: Clock
    opened: list[Storage] = field(default_factory=list)

    def open(self, data_key: str | None = DATA_KEY, **timeouts: float) -> Storage:
        given = Timeouts(**timeouts)
        storage = open_storage(self.url, data_key, root=self.folder, clock=self.clock, timeouts=given)
        self.opened.append(storage)
        return storage


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, store_folder: Path, clock: Clock) -> Iterator[Place]:
    """An empty database."""
    if request.param == "sqlite":
        url = "sqlite:///var/bot.sqlite3"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database()
    place = Place(url, store_folder, clock)
    yield place
    for storage in place.opened:
        storage.close()


@pytest.fixture
def sqlite_place(tmp_path: Path, clock: Clock) -> Iterator[Place]:
    place = Place("sqlite:///var/bot.sqlite3", tmp_path, clock)
    yield place
    for storage in place.opened:
        storage.close()


@pytest.fixture
def storage(place: Place) -> Storage:
    return place.open()


def jpeg(seed: int = 0, side: int = 48) -> bytes:
    """A small photo, different for each seed."""
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)
    return saved(Image.fromarray(pixels))


def prediction(label: int = 2) -> Prediction:
    return Prediction(tuple(0.55 if each == label else 0.05 for each in range(10)), Verdict.SURE)


def correction(seed: int = 0, *, right: int = 4, predicted: int = 2, garment: int = 0) -> NewCorrection:
    return NewCorrection(jpeg(seed), right, prediction(predicted), "2026.03.01-1", garment, (1, 2, 30, 40))
