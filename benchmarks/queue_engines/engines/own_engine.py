"""The bot's own: an inbox in the database, leases, and one keeper of them a process."""

from benchmarks.queue_engines.engines import BOT, Engine, Handle
from bot.settings import PROJECT_ROOT
from bot.storage.storage import open_storage
from bot.updates.dispatcher import Dispatcher
from bot.updates.inbox import Inbox
from bot.updates.lease_keeper import LeaseKeeper
from bot.updates.tracker import UpdateTracker

DATA_KEY = "0" * 64


class OwnEngine:
    """As :mod:`bot.lifecycle.webhook` puts it together."""

    def __init__(self, database_url: str, handle: Handle) -> None:
        self._storage = open_storage(database_url, DATA_KEY, root=PROJECT_ROOT)
        tracker = UpdateTracker()
        self._inbox = Inbox(self._storage, Dispatcher(handle, tracker), tracker, BOT)
        self._keeper = LeaseKeeper(self._storage, tracker, self._inbox)

    async def open(self) -> None:
        """Make the tables, and take updates on."""
        self._storage.prepare()
        self._inbox.open()

    async def run(self) -> None:
        """Keep the leases; updates are handled where they are put."""
        await self._keeper.run()

    async def put(self, payload: bytes) -> None:
        """Claim it, write it down, and hand it to the dispatcher."""
        await self._inbox.receive(payload)


def open_engine(database_url: str, replica: str, handle: Handle) -> Engine:
    """Make one; see :func:`benchmarks.queue_engines.engines.engine`."""
    return OwnEngine(database_url, handle)
