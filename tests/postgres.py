"""A PostgreSQL server of the tests' own."""

from collections.abc import Iterator

import pytest

from benchmarks.live.postgres import PASSWORD, PostgresServer, programs
from tests.conftest import needs

__all__ = ["PASSWORD", "PostgresServer", "postgres_server"]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running server."""
    found = programs()
    needs(found, "install PostgreSQL: apt-get install postgresql")
    assert found is not None
    server = PostgresServer(found)
    try:
        server.start()
        yield server
    finally:
        server.remove()
