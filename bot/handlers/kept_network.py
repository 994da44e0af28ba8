"""The network that somebody trained in the chat, as the store keeps it."""

import logging

from bot.course.own_network import DamagedNetwork, OwnNetwork
from bot.storage.storage import Storage

_LOGGER = logging.getLogger(__name__)


async def kept_network(storage: Storage, user_id: int) -> OwnNetwork | None:
    """Read the network of a person; None without one, and where it is damaged.

    Raises:
        StoreUnavailable: the database is away.
    """
    kept = await storage.run(storage.networks.of, user_id)
    if kept is None:
        return None
    try:
        return OwnNetwork.read(kept.weights, kept.record)
    except DamagedNetwork as error:
        _LOGGER.warning("A kept network cannot be read: %s", error)
        return None
