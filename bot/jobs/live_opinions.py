"""Asks the live set about waiting corrections that another set answered: admins see first what surprises it most."""

import asyncio
import logging
from functools import partial
from typing import Final

from bot.jobs.executors import Executors
from bot.registry.store import LiveModel, ModelStore
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage
from bot.storage.types import BEFORE_THE_FIRST, Correction, CorrectionId, share_of
from bot.vision.interpreter import ModelError
from bot.vision.photo import PhotoError
from bot.vision.recognizer import probabilities_at

_LOGGER = logging.getLogger(__name__)

EVERY_S: Final = 30.0
"""Between two looks for corrections of answers that are older than the live set, and for a new set."""

AT_ONCE: Final = 20
"""Corrections a transaction: what a process that is killed does once more."""


async def ask_live_set(
    storage: Storage, models: ModelStore, executors: Executors, *, every_s: float = EVERY_S, at_once: int = AT_ONCE
) -> None:
    """Ask about all there are and then about what comes, until cancelled; a new set is asked from the beginning.

    A set is asked once about each: replicas that have different sets for a while leave each other's notes alone.
    """
    version, last = "", BEFORE_THE_FIRST
    while True:
        try:
            if (newest := models.live().version) != version:
                version, last = newest, BEFORE_THE_FIRST
            following = await ask_about_some(storage, models.live(), executors, last, at_once)
        except StoreUnavailable:
            following = None  # said by whoever needs the store for more than this
        except ModelError as error:
            _LOGGER.warning("The live set is asked about corrections later: %s", error)
            following = None
        if following is None:
            await asyncio.sleep(every_s)
        else:
            last = following


async def ask_about_some(
    storage: Storage, live: LiveModel, executors: Executors, after: CorrectionId, at_once: int
) -> CorrectionId | None:
    """Ask about the next few, one photo at a time, so that people who wait are answered in between.

    Returns:
        The last of them; None where there are none.

    Raises:
        StoreUnavailable: the database is away.
        ModelError: the interpreter fails.
    """
    store = storage.corrections
    waiting = await storage.run(store.unasked, live.version, after=after, limit=at_once)
    shares = [(each, await executors.look(partial(share_left, each, live))) for each in waiting]
    if not waiting:
        return None
    await storage.run(store.note_asked, live.version, shares)
    return waiting[-1].id


def share_left(correction: Correction, live: LiveModel) -> float | None:
    """What a set leaves for what a person says, 0..1; None where it finds nothing at the box, or the file is damaged.

    Raises:
        ModelError: the interpreter fails.
    """
    from bot.vision.decoding import decode  # with all decoders: 7 MB, which only such a photo needs here

    try:
        probabilities = probabilities_at(decode(correction.photo), correction.box, live, correction.outline)
    except PhotoError:
        return None
    return None if probabilities is None else share_of(probabilities, correction.right)
