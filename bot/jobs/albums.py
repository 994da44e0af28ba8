"""Albums whose photos reach different replicas: collected in the store, answered by one of them.

A photo's update is dealt with when the photo lies in the store. The replica that claims the whole album answers it;
when that one dies, another finds the album left.
"""

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from telegram import Bot, Message

from bot.storage.albums import QUIET
from bot.storage.errors import StoreUnavailable
from bot.storage.leases import LEASE
from bot.storage.storage import Storage
from bot.storage.types import AlbumClaim, AlbumPart, AlbumState
from bot.updates.inbox import GivenUp, GiveUp
from bot.updates.reading import UnreadableUpdate, parse_update
from bot.updates.tracker import Held, UpdateTracker, Work

_LOGGER = logging.getLogger(__name__)

RETRY_S: Final = 1.0
REMEMBERED: Final = 1_000
"""Albums that were answered without the store."""

Then = Callable[[list[Message], Sequence[Held]], Coroutine[Any, Any, None]]


class Joined(StrEnum):
    """What became of an album's photo."""

    COLLECTED = "collected"
    TOO_LATE = "too late"
    STORE_AWAY = "store away"


async def _nobody_is_told(_: Message, error: Exception) -> None:
    _LOGGER.error("An album is given up", exc_info=error)


async def _cannot_answer(messages: list[Message], _: Sequence[Held]) -> None:
    raise RuntimeError(f"nobody answers the {len(messages)} photos of an album that was left")


class SharedAlbums:
    """The albums of all replicas, as one of them sees them; their leases are kept by a LeaseKeeper.

    Attributes:
        answer_left: answers an album that another replica left.
        give_up: told, with its first photo, of an album that could not be answered at the last attempt, or whose
            processes end again and again.
    """

    def __init__(self, storage: Storage, tracker: UpdateTracker, bot: Bot, *, quiet: timedelta = QUIET) -> None:
        """Nothing is collected yet.

        Args:
            storage: where albums are collected.
            tracker: what is being answered.
            bot: for the shortcuts of messages.
            quiet: after so long without another photo an album is asked for.
        """
        self.answer_left: Then = _cannot_answer
        self.give_up: GiveUp = _nobody_is_told
        self._storage = storage
        self._tracker = tracker
        self._bot = bot
        self._quiet = quiet
        self._watched: dict[str, asyncio.Task[None]] = {}
        self._claimed: dict[Work, str] = {}
        self._answered_here: OrderedDict[str, set[int]] = OrderedDict()
        self._ending = False

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
        part, steady = AlbumPart(message.message_id, payload), self._storage.there_for(LEASE)
        try:
            if not await self._storage.run(albums.add_album_part, album, part, take_over=steady):
                return Joined.TOO_LATE
        except StoreUnavailable:
            self._note_answered_here(album, message.message_id)
            return Joined.STORE_AWAY
        self._watch(album, then)
        return Joined.COLLECTED

    @property
    def has_news(self) -> bool:
        """Whether an album is answered and not yet noted."""
        return any(not self._tracker.is_open(work) for work in self._claimed)

    async def settle(self) -> None:
        """Note in the store which albums have been answered.

        Raises:
            StoreUnavailable: the store is away; they are noted next time.
        """
        answered = {work: album for work, album in self._claimed.items() if not self._tracker.is_open(work)}
        for work, album in answered.items():
            await self._storage.run(self._storage.albums.finish_album, album)
            self._claimed.pop(work, None)

    async def let_go(self) -> None:
        """Give up albums that another replica has taken over.

        Raises:
            StoreUnavailable: the store is away.
        """
        lost = await self._storage.run(self._storage.albums.lost, *self._claimed.values()) if self._claimed else ()
        for work in [work for work, album in self._claimed.items() if album in lost]:
            _LOGGER.warning("An album is another replica's by now")
            self._tracker.abandon(work)
            del self._claimed[work]

    async def take_over(self, *, of_the_dead: bool) -> None:
        """Take on albums that others left, unless this replica is ending.

        Args:
            of_the_dead: also where a lease has ended.

        Raises:
            StoreUnavailable: the store is away.
        """
        if not self._ending:
            for album in await self._storage.run(self._storage.albums.unfinished_albums, take_over=of_the_dead):
                self._watch(album, self.answer_left)

    def close(self) -> None:
        """Claim no more albums; those that are being answered are noted all the same."""
        self._ending = True
        for task in self._watched.values():
            task.cancel()

    def _note_answered_here(self, album: str, message_id: int) -> None:
        """Remember a photo that is answered without the store, which may have it from an earlier process."""
        self._answered_here.setdefault(album, set()).add(message_id)
        if len(self._answered_here) > REMEMBERED:
            self._answered_here.popitem(last=False)

    def _watch(self, album: str, then: Then) -> None:
        if album not in self._watched and not self._ending:
            task = asyncio.create_task(self._claim_when_complete(album, then), name="album")
            self._watched[album] = task
            task.add_done_callback(lambda done: self._end_watch(album, done))

    def _end_watch(self, album: str, task: asyncio.Task[None]) -> None:
        self._watched.pop(album, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOGGER.error("An album is left to another attempt", exc_info=error)

    async def _claim_when_complete(self, album: str, then: Then) -> None:
        wait_s = self._quiet.total_seconds()
        while True:
            await asyncio.sleep(wait_s)
            try:
                steady = self._storage.there_for(LEASE)
                claim = await self._storage.run(
                    self._storage.albums.claim_album, album, quiet=self._quiet, take_over=steady
                )
            except StoreUnavailable:
                wait_s = RETRY_S
                continue
            if claim.state is not AlbumState.FILLING:
                break
            wait_s = claim.wait_s
        if claim.state is AlbumState.MINE:
            await self._answer(album, claim, then)

    async def _answer(self, album: str, claim: AlbumClaim, then: Then) -> None:
        """Hand an album over to what answers it; one that cannot be handed over is tried again, up to a bound."""
        work = self._tracker.begin_work()
        self._claimed[work] = album
        messages, update_ids = self._read(album, claim)
        try:
            if messages and claim.given_up:
                await self.give_up(messages[0], GivenUp())
            elif messages:
                await then(messages, [*update_ids, work])
        except asyncio.CancelledError:
            raise
        except Exception as error:
            if claim.last_attempt:
                await self.give_up(messages[0], error)
            else:
                _LOGGER.warning("An album could not be taken on (%s); once more", type(error).__name__)
                del self._claimed[work]
                self._tracker.abandon(work)
                await self._storage.run(self._storage.albums.give_back, album)
                return
        self._tracker.release(work)

    def _read(self, album: str, claim: AlbumClaim) -> tuple[list[Message], list[int]]:
        """The messages of an album and their updates; what cannot be read does not cost the others their answer."""
        messages, update_ids = [], []
        for part in claim.parts:
            try:
                stored = json.loads(part.payload)
                update = parse_update({"update_id": stored["update_id"], "message": stored["message"]}, self._bot)
            except (UnreadableUpdate, ValueError, KeyError, TypeError, RecursionError) as error:
                _LOGGER.warning("A photo of an album is left out: it cannot be read (%s)", type(error).__name__)
                continue
            if update.message is not None and part.message_id not in self._answered_here.get(album, ()):
                messages.append(update.message)
                update_ids.append(update.update_id)
        return messages, update_ids
