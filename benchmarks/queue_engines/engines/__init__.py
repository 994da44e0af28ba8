"""What moves updates between replicas: the bot's own inbox, and three libraries that could be in its place.

Each adapter is the least that gets an update put, handled and recovered, the library used as its documentation says.
"""

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Final, Protocol

from telegram import Bot, Update

Handle = Callable[[Update], Awaitable[None]]

NAMES: Final = ("own", "procrastinate", "pgqueuer", "dbos")

BOT: Final = Bot("1:benchmark")
"""Never asks Telegram anything; updates are read for it."""

HEARTBEAT_S: Final = 5.0
GONE_AFTER_S: Final = 20.0
"""What the bot's own leases have; the libraries are set to the same, as far as they can be."""


class Engine(Protocol):
    """One replica's view of the engine."""

    async def open(self) -> None:
        """Connect, and make the tables where there are none."""

    async def run(self) -> None:
        """Handle updates; returns or raises when it cannot go on, and is then called again."""

    async def put(self, payload: bytes) -> None:
        """Write an update down; when this returns, its delivery is answered with 200. Any exception is a 503."""


def engine(name: str, database_url: str, replica: str, handle: Handle) -> Engine:
    """Make one.

    Args:
        name: one of :data:`NAMES`.
        database_url: ``postgres://...``.
        replica: names this process among the others.
        handle: handles an update.
    """
    made: Engine = import_module(f"{__name__}.{name}_engine").open_engine(database_url, replica, handle)
    return made
