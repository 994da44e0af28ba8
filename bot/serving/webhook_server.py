"""Webhook mode from start to end: listen, register, serve, finish."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.applications import Starlette
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.corrections.storage import Storage
from bot.serving.dispatcher import Dispatcher
from bot.serving.health import Health
from bot.serving.inbox import Inbox
from bot.serving.lifecycle import ALLOWED_UPDATES, AnyApplication, Machinery, StartError, drain, unless
from bot.serving.metrics import Metrics
from bot.serving.patience import backoff
from bot.serving.webhook import TELEGRAM_PATH, web_app

_LOGGER = logging.getLogger(__name__)

_BACKLOG: Final = 256
_LAST_WORDS_S: Final = 2
"""How long open connections get to read their answers in the end."""


@dataclass(frozen=True)
class Front:
    """What the world sees of the bot.

    Attributes:
        base_url: where Telegram reaches it; ``/telegram`` is appended.
        secret: what Telegram sends along.
        port: where it listens.
        metrics_token: what Prometheus sends along; None for no check.
    """

    base_url: str
    secret: str
    port: int
    metrics_token: str | None


@dataclass(frozen=True)
class Watch:
    """What tells how the bot is.

    Attributes:
        metrics: its figures.
        model_version: the live model's version, None without one.
    """

    metrics: Metrics
    model_version: Callable[[], str | None]


async def serve_by_webhook(
    application: AnyApplication, machinery: Machinery, storage: Storage, front: Front, watch: Watch, stop: asyncio.Event
) -> None:
    """Serve until ``stop`` is set, then finish what was begun and leave the rest to others.

    Raises:
        StartError: the port is taken, or Telegram does not accept the token.
    """
    ledger, bot = machinery.ledger, application.bot
    dispatcher = Dispatcher(application.process_update, ledger)
    inbox = Inbox(storage, dispatcher, ledger, bot)
    health = Health(
        watch.model_version,
        lambda: not stop.is_set(),
        telegram=bot.get_me,
        store=lambda: storage.run(storage.updates.unanswered),
    )
    watch.metrics.watch(photos_waiting=lambda: len(machinery.photos), updates_open=lambda: ledger.open)
    app = web_app(inbox, health, watch.metrics, secret=front.secret, metrics_token=front.metrics_token)
    server = WebServer(app, listen(front.port))
    await server.start()
    try:
        if not await unless(stop, _initialise(application)):
            return
        machinery.photos.start()
        machinery.errands.start(machinery.greet())
        background = [asyncio.create_task(run()) for run in machinery.background]
        keeping = asyncio.create_task(inbox.run())
        inbox.open()
        _LOGGER.info("The bot is live, listening on port %d", server.port)
        await unless(stop, _register_and_stay(bot, front))
        inbox.close()
        _LOGGER.info("Ending: finishing %d begun updates", ledger.open)
        for task in background:
            task.cancel()
        await drain(dispatcher, machinery)
        keeping.cancel()
        await asyncio.gather(*background, keeping, return_exceptions=True)
        await inbox.leave()
    except InvalidToken:
        raise StartError("Telegram does not accept BOT_TOKEN; ask @BotFather for the current one") from None
    finally:
        await server.stop()
        await application.shutdown()


class WebServer:
    """uvicorn, started and stopped by us: it leaves signals alone and never ends the process by itself."""

    def __init__(self, app: Starlette, listener: socket.socket) -> None:
        self._listener = listener
        self._server = _Uvicorn(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                ws="none",
                timeout_keep_alive=75,
                timeout_graceful_shutdown=_LAST_WORDS_S,
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    async def start(self) -> None:
        """Start, and return when requests are answered."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        while not self._server.started:
            if self._task.done():
                await self._task
                raise StartError("the web server did not start")
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Stop listening, and let open connections finish."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task
        self._listener.close()


class _Uvicorn(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(port: int) -> socket.socket:
    """Take a port on every address of this machine.

    Args:
        port: 0 takes a free one.

    Raises:
        StartError: it cannot be had.
    """
    try:
        return socket.create_server(("", port), backlog=_BACKLOG)
    except OSError as error:
        raise StartError(f"port {port} cannot be used ({error.strerror}): set PORT to a free one") from error


async def _initialise(application: AnyApplication) -> None:
    while True:
        try:
            await application.initialize()  # getMe, which Patience tries again for minutes
        except NetworkError as error:
            _LOGGER.error("Telegram cannot be reached (%s); still trying", error)
        else:
            return


async def _register_and_stay(bot: Bot, front: Front) -> None:
    await register(bot, front.base_url, front.secret)
    await asyncio.Event().wait()


async def register(bot: Bot, base_url: str, secret: str) -> None:
    """Tell Telegram where to deliver, until it is told.

    Every replica says the same, so it does not matter which is first, and none takes it back when it ends.

    Args:
        bot: whose updates.
        base_url: ``WEBHOOK_URL``.
        secret: ``WEBHOOK_SECRET``.

    Raises:
        InvalidToken: Telegram does not know this bot.
    """
    failures = 0
    while True:
        try:
            await bot.set_webhook(
                f"{base_url}{TELEGRAM_PATH}", secret_token=secret, allowed_updates=list(ALLOWED_UPDATES)
            )
        except InvalidToken:
            raise
        except TelegramError as error:
            failures += 1
            _LOGGER.error("The webhook could not be registered (%s); still trying", error)
            await asyncio.sleep(backoff(failures))
        else:
            _LOGGER.info("The webhook is registered")
            return
