"""Albums whose photos reach different replicas: collected in the store, answered by one of them.

A photo's update is dealt with when the photo lies in the store. The replica that claims the whole album answers it;
when that one dies, another finds the album left.
"""

import asyncio
import itertools
import json
import logging
import time
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any, Final

from telegram import Bot, Message

from bot.corrections.albums import QUIET
from bot.corrections.errors import StoreUnavailable
from bot.corrections.storage import Storage
from bot.corrections.types import AlbumPart, AlbumState
from bot.serving.inbox import HEARTBEAT_S, LEAVE_S
from bot.serving.ledger import Ledger

_LOGGER = logging.getLogger(__name__)

RETRY_S: Final = 1.0

Then = Callable[[list[Message], list[int]], Coroutine[Any, Any, None]]


class Joined(StrEnum):
    """What became of an album's photo."""

    COLLECTED = "collected"
    TOO_LATE = "too late"
    STORE_AWAY = "store away"


class SharedAlbums:
    """The albums of all replicas, as one of them sees them."""

    def __init__(self, storage: Storage, ledger: Ledger, bot: Bot) -> None:
        self._storage = storage
        self._ledger = ledger
        self._bot = bot
        self._watched: dict[str, asyncio.Task[None]] = {}
        self._claimed: dict[int, str] = {}
        self._tickets = itertools.count(-1, -1)  # in the ledger beside the updates, whose numbers are positive

    async def add(self, message: Message, update_id: int, then: Then) -> Joined:
        """Put a photo to the others of its album.

        Args:
            message: of an album.
            update_id: the update that brought it.
            then: what answers the album, if this replica gets it: called with all messages and their updates.

        Returns:
            ``TOO_LATE`` when the album is being answered without it, ``STORE_AWAY`` when it must be collected here.
        """
        albums = self._storage.albums
        album = albums.key_of(message.chat_id, message.media_group_id or "")
        payload = json.dumps({"update_id": update_id, "message": message.to_dict()}).encode()
        try:
            if not await self._storage.run(albums.add_album_part, album, AlbumPart(message.message_id, payload)):
                return Joined.TOO_LATE
        except StoreUnavailable:
            return Joined.STORE_AWAY
        self._watch(album, then)
        return Joined.COLLECTED

    async def run(self, then: Then) -> None:
        """Keep the record until cancelled: note what is answered, renew the lease, take over what others left."""
        next_look = time.monotonic() + HEARTBEAT_S
        try:
            while True:
                await self._ledger.wait_for_a_release(max(0.01, next_look - time.monotonic()))
                try:
                    await self.settle()
                    if time.monotonic() >= next_look:
                        next_look = time.monotonic() + HEARTBEAT_S
                        await self._storage.run(self._storage.albums.renew)
                        for album in await self._storage.run(self._storage.albums.unfinished_albums):
                            self._watch(album, then)
                except StoreUnavailable:
                    await asyncio.sleep(RETRY_S)  # the inbox has said so
        finally:
            for task in self._watched.values():
                task.cancel()

    async def leave(self) -> None:
        """Note what was answered, and leave the rest to the other replicas at once."""
        try:
            async with asyncio.timeout(LEAVE_S):
                await self.settle()
                await self._storage.run(self._storage.albums.release)
        except (StoreUnavailable, TimeoutError) as error:
            _LOGGER.warning("Unanswered albums are taken over when their lease ends (%s)", error or "too slow")

    async def settle(self) -> None:
        """Note in the store which albums have been answered.

        Raises:
            StoreUnavailable: the store is away; they are noted next time.
        """
        answered = {ticket: album for ticket, album in self._claimed.items() if not self._ledger.is_open(ticket)}
        for ticket, album in answered.items():
            await self._storage.run(self._storage.albums.finish_album, album)
            self._claimed.pop(ticket, None)

    def _watch(self, album: str, then: Then) -> None:
        if album not in self._watched:
            task = asyncio.create_task(self._claim_when_complete(album, then))
            self._watched[album] = task
            task.add_done_callback(lambda _: self._watched.pop(album, None))

    async def _claim_when_complete(self, album: str, then: Then) -> None:
        wait_s = QUIET.total_seconds()
        while True:
            await asyncio.sleep(wait_s)
            try:
                claim = await self._storage.run(self._storage.albums.claim_album, album)
            except StoreUnavailable:
                wait_s = RETRY_S
                continue
            if claim.state is not AlbumState.FILLING:
                break
            wait_s = claim.wait_s
        if claim.state is AlbumState.MINE:
            await self._answer(album, claim.parts, then)

    async def _answer(self, album: str, parts: tuple[AlbumPart, ...], then: Then) -> None:
        ticket = next(self._tickets)
        self._ledger.begin(ticket)
        self._claimed[ticket] = album
        with self._ledger.releasing([ticket]):
            try:
                read = [json.loads(part.payload) for part in parts]
                messages = [Message.de_json(each["message"], self._bot) for each in read]
                await then(messages, [*(each["update_id"] for each in read), ticket])
            except Exception:
                _LOGGER.exception("An album could not be answered")
