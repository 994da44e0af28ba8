from collections.abc import Iterator

import pytest

from tests.datasets.source_server import Source, serve


@pytest.fixture
def source() -> Iterator[Source]:
    with serve({}) as running:
        yield running


@pytest.fixture
def second_source() -> Iterator[Source]:
    with serve({}) as running:
        yield running


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.datasets.fetch.PAUSE_S", 0.01)
