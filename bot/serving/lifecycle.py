"""Start, serve and end: what happens between the first request to Telegram and the exit status."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application

from bot.serving.answered import AnsweredUpdates
from bot.serving.dispatcher import Dispatcher
from bot.serving.errands import Errands
from bot.serving.ledger import Ledger
from bot.serving.photo_queue import PhotoQueue
from bot.serving.polling import Poller

_LOGGER = logging.getLogger(__name__)

DRAIN_S: Final = 20.0
"""So long a process that was told to end goes on with what it has begun; platforms kill after 30 s."""

FAREWELL_S: Final = 2.0
"""For the last requests to Telegram."""

ALLOWED_UPDATES: Final = ("message", "callback_query")
"""Edited messages, channel posts and the rest are not even fetched."""

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class StartError(Exception):
    """The bot cannot start; the message is one line that says what to do."""


@dataclass(frozen=True)
class Machinery:
    """The moving parts behind the handlers.

    Attributes:
        ledger: which updates are being answered.
        photos: where photos wait.
        errands: what runs beside the handlers.
        answered: what an earlier process has answered.
        background: what runs for as long as the bot serves, each a function that never returns.
        report: told of trouble that an admin can end.
        greet: sets commands and descriptions; its failure stops nothing.
        last_words: what is to be noted when the last answer has been sent.
    """

    ledger: Ledger
    photos: PhotoQueue
    errands: Errands
    answered: AnsweredUpdates
    background: Sequence[Callable[[], Coroutine[Any, Any, None]]]
    report: Callable[[Exception], None]
    greet: Callable[[], Coroutine[Any, Any, None]]
    last_words: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()


async def serve_by_polling(application: AnyApplication, machinery: Machinery, stop: asyncio.Event) -> None:
    """Serve until ``stop`` is set, then finish what was begun.

    Raises:
        StartError: Telegram does not accept the token.
    """
    ledger = machinery.ledger
    dispatcher = Dispatcher(application.process_update, ledger)
    poller = Poller(application.bot, dispatcher, ledger, machinery.answered, ALLOWED_UPDATES, machinery.report)
    try:
        if not await unless(stop, _start(application)):
            return
        machinery.photos.start()
        machinery.errands.start(machinery.greet())
        background = [asyncio.create_task(run()) for run in machinery.background]
        _LOGGER.info("The bot is live, polling")
        await unless(stop, poller.run())
        _LOGGER.info("Ending: finishing %d begun updates", ledger.open)
        for task in background:
            task.cancel()
        await drain(dispatcher, machinery)
        await _say_farewell(poller)
        await asyncio.gather(*background, return_exceptions=True)
    except InvalidToken:
        raise StartError("Telegram does not accept BOT_TOKEN; ask @BotFather for the current one") from None
    finally:
        await application.shutdown()


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


async def _start(application: AnyApplication) -> None:
    while True:
        try:
            await application.initialize()  # getMe, which Patience tries again for minutes
            await application.bot.delete_webhook(drop_pending_updates=False)
        except NetworkError as error:
            _LOGGER.error("Telegram cannot be reached (%s); still trying", error)
        else:
            return


async def drain(dispatcher: Dispatcher, machinery: Machinery) -> None:
    """Finish what was begun, within a bound; what is cut off stays open in the ledger."""
    try:
        async with asyncio.timeout(DRAIN_S):
            await dispatcher.drain()
            await machinery.photos.drain()
            await machinery.errands.drain()
    except TimeoutError:
        _LOGGER.warning("Some answers took too long to finish; their updates come again")
    await dispatcher.close()
    await machinery.photos.close()
    await machinery.errands.close()
    for say in machinery.last_words:
        await say()


async def _say_farewell(poller: Poller) -> None:
    try:
        async with asyncio.timeout(FAREWELL_S):
            await poller.confirm()
    except (TelegramError, TimeoutError) as error:
        _LOGGER.warning("What was answered last could not be confirmed (%s)", type(error).__name__)


async def forever(work: Callable[[], Awaitable[None]], every_s: float) -> None:
    """Do ``work`` again and again; its failures are logged and stop nothing."""
    while True:
        try:
            await work()
        except Exception:
            _LOGGER.exception("A regular task failed")
        await asyncio.sleep(every_s)
