"""Coarsens the heads in photos that were kept before the bot did so at once, as /privacy promises of all of them."""

import asyncio
import logging
from functools import partial
from typing import Final

from bot.jobs.executors import Executors
from bot.registry.store import ModelStore
from bot.storage.errors import StoreUnavailable
from bot.storage.photos import encode_for_keeping
from bot.storage.storage import Storage
from bot.storage.types import Box
from bot.vision.data_set_picture import data_set_pixels
from bot.vision.garment import Segmenter, whole_photo
from bot.vision.heads import without_heads
from bot.vision.interpreter import ModelError
from bot.vision.outline import packed
from bot.vision.photo import PhotoError
from bot.vision.recognizer import garment_at

_LOGGER = logging.getLogger(__name__)

EVERY_S: Final = 600.0
"""Between two looks: another process of an older version may go on keeping such photos for a while."""

AT_ONCE: Final = 20
"""Photos a transaction."""


async def coarsen_heads(
    storage: Storage, models: ModelStore, executors: Executors, *, every_s: float = EVERY_S
) -> None:
    """Do it now and every ten minutes, until cancelled; with nothing to do it costs one query."""
    while True:
        try:
            changed = await coarsen_once(storage, models, executors)
        except (StoreUnavailable, ModelError) as error:
            _LOGGER.warning("Heads in photos that were kept long ago are coarsened later: %s", error)
        else:
            if changed:
                _LOGGER.info("Coarsened the heads in %d photos that were kept with them", changed)
        await asyncio.sleep(every_s)


async def coarsen_once(storage: Storage, models: ModelStore, executors: Executors, *, at_once: int = AT_ONCE) -> int:
    """Do it in all there are, one photo at a time, so that people who wait are answered in between.

    Returns:
        How many photos changed.

    Raises:
        StoreUnavailable: the database is away.
        ModelError: there is no model, or its interpreter fails.
    """
    changed = 0
    while old := await storage.run(storage.corrections.with_heads, at_once):
        new, outlines = {}, {}
        for number, photo in old.items():
            correction = await storage.run(storage.corrections.correction, number)
            box = None if correction is None else correction.box
            kept = partial(as_kept_today, photo, box, models.live().networks)
            new[number], outlines[number] = await executors.look(kept)
            changed += new[number] != photo
        await storage.run(storage.corrections.replace_photos, new, outlines)
    return changed


def as_kept_today(photo: bytes, box: Box | None, segmenter: Segmenter) -> tuple[bytes, bytes | None]:
    """A kept JPEG with the heads in it coarsened, and the outline of the garment that is found at the box before.

    The JPEG's bytes are the same where there are no heads. A file that cannot be read shows nobody, and stays as it is:
    training leaves it out.

    Raises:
        ModelError: the interpreter fails.
    """
    from bot.vision.decoding import decode  # with all decoders: 7 MB, which only such a photo needs here

    try:
        decoded = decode(photo)
    except PhotoError:
        return photo, None
    if data_set_pixels(decoded) is not None:  # nobody is in it, and every pixel counts
        return photo, None
    garment = None
    if box is not None and box != whole_photo(decoded).box:
        garment = garment_at(decoded, box, segmenter)
    coarse = without_heads(decoded, segmenter)
    kept = photo if coarse is decoded else encode_for_keeping(coarse)
    return kept, None if garment is None else packed(garment.mask)
