"""Leases that one process holds, and their end: what it has released it neither renews nor takes again.

The end comes from another thread than a renewal or a claim that is still under way, and must be the last word: the
other processes would else wait for a lease of a process that is gone.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import ClassVar, Final

from sqlalchemy import ColumnElement, Table, update

from bot.storage.data_key import DataKey
from bot.storage.database import Database
from bot.storage.table import PeopleTable

LEASE: Final = timedelta(seconds=20)
"""Renew several times in it."""


class LeaseState:
    """Orders the calls that lengthen leases, and the one that ends them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended = False

    @contextmanager
    def lasting(self) -> Iterator[bool]:
        """Around whatever takes or renews leases; gives whether this process may still do so."""
        with self._lock:
            yield not self._ended

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Around the release of all leases."""
        with self._lock:
            self._ended = True
            yield


class LeasedTable(PeopleTable, ABC):
    """Rows of work that one process at a time has taken on."""

    _rows: ClassVar[Table]

    def __init__(self, database: Database, key: DataKey, *, owner: str) -> None:
        """Use a database.

        Args:
            database: shared by all replicas.
            key: hides chat ids.
            owner: names this process, differently at each start.
        """
        super().__init__(database, key)
        self._owner = owner
        self._lease_state = LeaseState()

    def renew(self) -> None:
        """Say that this process lives and is still busy with what it claimed."""
        with self._lease_state.lasting() as lasts:
            if lasts:
                self._set_leases(self._database.now() + LEASE)

    def release(self) -> None:
        """Leave what is not answered to the others, when this process ends; that is no failed attempt."""
        left = {**self._nobodys(), "attempts": self._rows.c.attempts - 1}
        with self._lease_state.ending(), self._database.write() as connection:
            connection.execute(update(self._rows).where(self._mine()).values(**left))

    def _set_leases(self, until: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(update(self._rows).where(self._mine()).values(lease_until=until))

    @abstractmethod
    def _mine(self) -> ColumnElement[bool]:
        """What this process works on."""

    @abstractmethod
    def _nobodys(self) -> Mapping[str, object]:
        """Owner and lease of what is left to the others."""
