"""Webhook mode from start to end: listen, register, serve, finish."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp
from telegram.error import InvalidToken

from bot.jobs.background_tasks import BackgroundTasks
from bot.lifecycle.runtime import AnyApplication, Runtime, StartError, drain, lease_keeper, unless
from bot.lifecycle.web_server import WebServer, listen
from bot.monitoring.health import Health
from bot.monitoring.metrics import Metrics
from bot.updates.dispatcher import Dispatcher
from bot.updates.first_calls import TokenTrial, insist, why_refused
from bot.updates.inbox import Inbox
from bot.updates.webhook import web_app
from bot.updates.webhook_registration import WebhookRegistration

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class WebhookConfig:
    """What the world sees of the bot.

    Attributes:
        base_url: where Telegram reaches it; ``/telegram`` is appended.
        secret: what Telegram sends along.
        port: where it listens.
        metrics_token: what Prometheus sends along; None for no check.
        page: the page inside Telegram.
    """

    base_url: str
    secret: str
    port: int
    metrics_token: str | None
    page: ASGIApp


@dataclass(frozen=True)
class Monitoring:
    """What tells how the bot is.

    Attributes:
        metrics: its figures.
        model_version: the live model's version, None without one.
    """

    metrics: Metrics
    model_version: Callable[[], str | None]


async def serve_by_webhook(
    application: AnyApplication, runtime: Runtime, config: WebhookConfig, monitoring: Monitoring, stop: asyncio.Event
) -> None:
    """Serve until ``stop`` is set, then finish what was begun and leave the rest to others.

    Raises:
        StartError: the port is taken, or Telegram does not accept the token.
    """
    tracker, storage, bot, trial = runtime.tracker, runtime.storage, application.bot, TokenTrial()
    dispatcher = Dispatcher(application.process_update, tracker)
    timings = runtime.timings
    inbox = Inbox(
        storage, dispatcher, tracker, bot, runtime.report, runtime.give_up, patience_s=timings.store_patience_s
    )
    keeper = lease_keeper(runtime, inbox)
    registration = WebhookRegistration(
        bot, config.base_url, config.secret, runtime.report, trial, look_every_s=timings.webhook_look_s
    )
    health = Health(
        monitoring.model_version,
        lambda: inbox.is_open and not stop.is_set(),
        {"webhook": lambda: registration.is_ours},
        telegram=bot.get_me,
        store=lambda: storage.run(storage.updates.unanswered),
    )
    monitoring.metrics.watch(photos_waiting=lambda: len(runtime.photo_queue), updates_open=lambda: tracker.open)
    app = web_app(
        inbox, health, monitoring.metrics, config.page, secret=config.secret, metrics_token=config.metrics_token
    )
    server = WebServer(app, listen(config.port))
    await server.start()
    background, keeping = BackgroundTasks(runtime.report), BackgroundTasks(runtime.report)
    background.keep("web server", server.stay)
    try:
        if not await unless(stop, insist("getMe", application.initialize, trial)):
            return
        runtime.photo_queue.start(runtime.report)
        runtime.detached_tasks.start(runtime.publish_bot_profile())
        for name, run in runtime.background.items():
            background.keep(name, run)
        keeping.keep("leases", keeper.run)
        inbox.open()
        _LOGGER.info("The bot is live, listening on port %d", server.port)
        await unless(stop, registration.run())
        inbox.close()
        _LOGGER.info("Ending: finishing %d begun updates", tracker.open)
        await background.close()
        await drain(dispatcher, runtime)
        await keeping.close()
        await keeper.leave()
    except InvalidToken as error:
        raise StartError(why_refused(error)) from None
    finally:
        await background.close()
        await keeping.close()
        await server.stop()
        await application.shutdown()
        await application.bot.shutdown()  # what a start that failed half-way has opened
