"""Polling mode from start to end: take over from a webhook, serve, finish."""

import asyncio
import logging
from functools import partial
from typing import Final

from telegram.error import InvalidToken, TelegramError

from bot.jobs.background_tasks import BackgroundTasks
from bot.lifecycle.runtime import AnyApplication, Runtime, StartError, drain, lease_keeper, unless
from bot.updates.bot_api import ALLOWED_UPDATES
from bot.updates.dispatcher import Dispatcher
from bot.updates.first_calls import TokenTrial, insist, why_refused
from bot.updates.inbox import Inbox
from bot.updates.poller import Poller

_LOGGER = logging.getLogger(__name__)

FAREWELL_S: Final = 2.0
"""For the last requests to Telegram."""


async def serve_by_polling(application: AnyApplication, runtime: Runtime, stop: asyncio.Event) -> None:
    """Serve until ``stop`` is set, then finish what was begun.

    Raises:
        StartError: Telegram does not accept the token.
    """
    tracker = runtime.tracker
    dispatcher, trial = Dispatcher(application.process_update, tracker), TokenTrial()
    inbox = Inbox(runtime.storage, dispatcher, tracker, application.bot, runtime.report, runtime.give_up)
    poller = Poller(
        application.bot,
        dispatcher,
        tracker,
        runtime.answered,
        ALLOWED_UPDATES,
        runtime.report,
        inbox.keep,
        trial,
    )
    background, keeping = BackgroundTasks(runtime.report), BackgroundTasks(runtime.report)
    keeper = lease_keeper(runtime, inbox, poller)
    try:
        if not await unless(stop, _start(application, trial)):
            return
        runtime.photo_queue.start(runtime.report)
        runtime.detached_tasks.start(runtime.publish_bot_profile())
        for name, run in runtime.background.items():
            background.keep(name, run)
        keeping.keep("leases", keeper.run)
        inbox.open()
        _LOGGER.info("The bot is live, polling")
        await unless(stop, poller.run())
        inbox.close()
        _LOGGER.info("Ending: finishing %d begun updates", tracker.open)
        await background.close()
        await drain(dispatcher, runtime)
        await keeping.close()
        await keeper.leave()  # first, since Telegram may not hear the rest
        await _say_farewell(poller)
    except InvalidToken as error:
        raise StartError(why_refused(error)) from None
    finally:
        await background.close()
        await keeping.close()
        await application.shutdown()
        await application.bot.shutdown()  # what a start that failed half-way has opened


async def _start(application: AnyApplication, trial: TokenTrial) -> None:
    await insist("getMe", application.initialize, trial)
    await insist("deleteWebhook", partial(application.bot.delete_webhook, drop_pending_updates=False), trial)


async def _say_farewell(poller: Poller) -> None:
    try:
        async with asyncio.timeout(FAREWELL_S):
            await poller.confirm()
    except (TelegramError, TimeoutError) as error:
        _LOGGER.warning("What was answered last could not be confirmed (%s)", type(error).__name__)
