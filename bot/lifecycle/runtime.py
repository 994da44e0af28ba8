"""What both modes share: the moving parts behind the handlers, how they end, and the signals that end them."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

from telegram.ext import Application

from bot.jobs.albums import SharedAlbums
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.photo_queue import PhotoQueue
from bot.storage.storage import Storage
from bot.updates.answered import AnsweredUpdates
from bot.updates.bot_api import UpdatesBot
from bot.updates.dispatcher import Dispatcher
from bot.updates.inbox import STORE_PATIENCE_S, GiveUp
from bot.updates.lease_keeper import Leased, LeaseKeeper
from bot.updates.tracker import UpdateTracker

_LOGGER = logging.getLogger(__name__)

AnyApplication = Application[UpdatesBot, Any, Any, Any, Any, Any]


class StartError(Exception):
    """The bot cannot start; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Timings:
    """How long a bot that serves waits, in seconds.

    Attributes:
        drain_s: how long a process that was told to end goes on with what it has begun; platforms kill after 30 s.
        store_patience_s: how long replicas wait for a store that is away, before they answer without it.
        webhook_look_s: for so long at most a lost webhook goes unnoticed.
    """

    drain_s: float = 20.0
    store_patience_s: float = STORE_PATIENCE_S
    webhook_look_s: float = 15.0


TIMINGS: Final = Timings()


@dataclass(frozen=True)
class Runtime:
    """The moving parts behind the handlers.

    Attributes:
        tracker: which updates are being answered.
        photo_queue: where photos wait.
        detached_tasks: what runs beside the handlers.
        answered: what an earlier process has answered.
        background: what runs for as long as the bot serves, by name, each a function that never returns.
        report: told of trouble that an admin can end.
        give_up: told of messages that cannot be answered.
        publish_bot_profile: sets commands and descriptions; its failure stops nothing.
        storage: where updates are written down.
        shared_albums: albums that replicas share; None where there is only this process.
        timings: how long to wait.
    """

    tracker: UpdateTracker
    photo_queue: PhotoQueue
    detached_tasks: DetachedTasks
    answered: AnsweredUpdates
    background: Mapping[str, Callable[[], Coroutine[Any, Any, None]]]
    report: Callable[[Exception], None]
    give_up: GiveUp
    publish_bot_profile: Callable[[], Coroutine[Any, Any, None]]
    storage: Storage
    shared_albums: SharedAlbums | None = None
    timings: Timings = TIMINGS


def lease_keeper(runtime: Runtime, *kinds: Leased) -> LeaseKeeper:
    """What keeps the record of this process: on updates, and on albums where replicas share them."""
    albums = [] if runtime.shared_albums is None else [runtime.shared_albums]
    return LeaseKeeper(runtime.storage, runtime.tracker, *kinds, *albums)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Run ``work`` until it ends or ``stop`` is set; True when it ended by itself, with its exception if it has one."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
            return True
        return False
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set ``stop`` when the process is asked to end; a second request ends it at once."""
    loop = asyncio.get_running_loop()

    def ask(number: int) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, ask, number)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda number, frame: loop.call_soon_threadsafe(ask, number))


async def drain(dispatcher: Dispatcher, runtime: Runtime) -> None:
    """Finish what was begun, within a bound; what is cut off stays open in the tracker."""
    if runtime.shared_albums is not None:
        runtime.shared_albums.close()
    try:
        async with asyncio.timeout(runtime.timings.drain_s):
            await dispatcher.drain()
            await runtime.photo_queue.drain()
            await runtime.detached_tasks.drain()
    except TimeoutError:
        _LOGGER.warning("Some answers took too long to finish; their updates come again")
    await dispatcher.close()
    await runtime.photo_queue.close()
    await runtime.detached_tasks.close()
