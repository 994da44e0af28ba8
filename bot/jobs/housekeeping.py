"""Deletes from the store what was kept long enough, as /privacy promises."""

import asyncio
import logging
from typing import Final

from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage

_LOGGER = logging.getLogger(__name__)

EVERY_S: Final = 600.0


async def purge_expired(storage: Storage) -> None:
    """Delete what has expired, now and every ten minutes, until cancelled."""
    while True:
        try:
            rows = await storage.run(storage.expire)
        except StoreUnavailable as error:
            _LOGGER.warning("What has expired is deleted later: %s", error)
        else:
            if rows:
                _LOGGER.info("Deleted %d rows that were kept long enough", rows)
        await asyncio.sleep(EVERY_S)
