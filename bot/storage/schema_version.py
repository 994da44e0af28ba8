"""Whether the tables are up to date, asked without Alembic: importing that takes longer than everything else here."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"


def is_current(connection: Connection) -> bool:
    """Whether this database has had every migration."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return list(connection.scalars(text("select version_num from alembic_version"))) == [newest_revision()]


def newest_revision() -> str:
    """The last migration's number, with which the name of its file begins."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")).partition("_")[0]
