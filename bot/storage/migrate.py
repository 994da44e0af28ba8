"""Brings the tables up to date with Alembic, from wherever the package is installed."""

import threading
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.storage.errors import StoreSettingsError
from bot.storage.schema_version import MIGRATIONS

_ONE_AT_A_TIME: Final = threading.Lock()
"""Alembic keeps what it is upgrading in globals of its modules."""


def migrate(connection: Connection) -> None:
    """Run the migrations that this database lacks, in the transaction of ``connection``.

    Raises:
        StoreSettingsError: the database was made by a newer version of the bot.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    there = MigrationContext.configure(connection).get_current_revision()
    if there == scripts.get_current_head():
        return
    if there is not None and there not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreSettingsError("the database was made by a newer version of this bot: update it")
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")
