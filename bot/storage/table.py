"""What the tables have in common that tell of people."""

from bot.storage.data_key import DataKey
from bot.storage.database import Database


class PeopleTable:
    """Rows that are found by who they are about, and do not say who that is.

    Raises, from every method of every table:
        StoreUnavailable: the database is away.
    """

    def __init__(self, database: Database, key: DataKey) -> None:
        """Use a database.

        Args:
            database: shared by all replicas.
            key: hides Telegram ids.
        """
        self._database = database
        self._key = key
