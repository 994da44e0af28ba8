"""The quick look at a database's version agrees with Alembic's."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.storage.schema_version import MIGRATIONS, newest_revision


def test_the_newest_revision_is_alembics_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()
