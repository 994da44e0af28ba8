"""The command line of the bot.

``python -m bot [run] [--polling | --webhook | --playground] [--no-browser]`` serves; ``python -m bot predict [--json]
PATH...`` names the garments in image files.
"""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.logging import set_up_logging
from bot.memory import collect_nothing_yet, collect_what_comes_from_now_on, give_back_what_is_freed
from bot.settings import Mode, Settings, SettingsError, choose_mode, load_settings
from bot.webhook_url import page_url

if TYPE_CHECKING:
    from bot.app import Bot

DONE: Final = 0
BAD_INPUT: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] == ["predict"]:
        from bot.predict import main as predict

        return predict(arguments[1:])
    chosen = _parse(arguments[1:] if arguments[:1] == ["run"] else arguments)
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # python-telegram-bot: retry_after without a deprecation warning
    try:
        settings = load_settings()
        set_up_logging(settings.log_level, settings.secrets)
        mode = choose_mode(settings, chosen.mode)
        give_back_what_is_freed()
        collect_nothing_yet()
    except SettingsError as error:
        return _refuse(str(error))
    from bot.lifecycle.runtime import StartError

    try:
        asyncio.run(_serve(settings, mode, browser=not chosen.no_browser))
    except StartError as error:
        status = _refuse(str(error))
    else:
        status = DONE
    _end_at_once(status)
    return status


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bot [run]",
        description="A Telegram bot that names garments in photos. Without a flag: webhook when WEBHOOK_URL is set, "
        "polling when BOT_TOKEN is, else the playground.",
        epilog="python -m bot predict [--json] PATH... names the garments in image files instead. "
        "Every setting is explained in .env.example.",
    )
    modes = parser.add_mutually_exclusive_group()
    for mode, meaning in (
        (Mode.POLLING, "fetch updates from Telegram (needs BOT_TOKEN)"),
        (Mode.WEBHOOK, "let Telegram deliver updates (needs BOT_TOKEN, WEBHOOK_URL, WEBHOOK_SECRET)"),
        (Mode.PLAYGROUND, "try the bot in a browser on this machine, without a token"),
    ):
        modes.add_argument(f"--{mode}", dest="mode", action="store_const", const=mode, help=meaning)
    parser.add_argument("--no-browser", action="store_true", help="do not open the playground in a browser")
    return parser.parse_args(arguments)


async def _serve(settings: Settings, mode: Mode, *, browser: bool) -> None:
    from bot.lifecycle.runtime import stop_on_signals

    stop = asyncio.Event()
    stop_on_signals(stop)
    if mode is Mode.PLAYGROUND:
        await _serve_playground(settings, stop, browser=browser)
    elif mode is Mode.WEBHOOK:
        await _serve_webhook(settings, stop)
    else:
        await _serve_polling(settings, stop)


async def _built(settings: Settings, page: str | None = None) -> "Bot":
    try:
        from bot.app import build_bot

        return await build_bot(settings, page)
    finally:
        collect_what_comes_from_now_on()


async def _serve_polling(settings: Settings, stop: asyncio.Event) -> None:
    await _poll(await _built(settings), stop)


async def _poll(bot: "Bot", stop: asyncio.Event) -> None:
    from bot.lifecycle.polling import serve_by_polling

    try:
        await serve_by_polling(bot.application, bot.runtime, stop)
    finally:
        await bot.close()


async def _serve_webhook(settings: Settings, stop: asyncio.Event) -> None:
    from bot.app import make_page
    from bot.lifecycle.webhook import Monitoring, WebhookConfig, serve_by_webhook

    assert settings.webhook_url is not None
    assert settings.webhook_secret is not None
    token = settings.metrics_token
    bot = await _built(settings, page_url(settings.webhook_url))
    config = WebhookConfig(
        base_url=settings.webhook_url,
        secret=settings.webhook_secret.get_secret_value(),
        port=settings.port,
        metrics_token=None if token is None else token.get_secret_value(),
        page=make_page(bot),
    )
    monitoring = Monitoring(bot.services.statistics.metrics, bot.services.live_version)
    try:
        await serve_by_webhook(bot.application, bot.runtime, config, monitoring, stop)
    finally:
        await bot.close()


async def _serve_playground(settings: Settings, stop: asyncio.Event, *, browser: bool) -> None:
    from bot.app import make_page
    from bot.lifecycle.runtime import StartError
    from telegram_playground import Playground
    from telegram_playground.opening import open_in_browser

    playground = Playground(port=settings.playground_port)
    try:
        await playground.start()
    except OSError as error:
        raise StartError(
            f"the playground cannot listen on port {settings.playground_port} ({error.strerror}); "
            "set PLAYGROUND_PORT to another one, or to 0 for any"
        ) from error
    print(f"Playground: open {playground.url} in a browser (this machine only). Stop it with Ctrl+C.", flush=True)
    print(f"Its page inside Telegram, with a pad to draw on: {playground.url}/#app", flush=True)
    print("To go live instead, put the token that @BotFather gives you into .env as BOT_TOKEN.", flush=True)
    try:
        own = settings.with_bot(playground.token, playground.api_url).without_photo_limit()
        own = own.with_admin(playground.admin_id)
        bot = await _built(own, playground.web_app_url)
        playground.mount(make_page(bot))
        if browser:
            await asyncio.to_thread(open_in_browser, playground.url)
        await _poll(bot, stop)
    finally:
        await playground.stop()


def _refuse(reason: str) -> int:
    print(f"python -m bot: {reason}", file=sys.stderr, flush=True)
    return BAD_INPUT


def _end_at_once(status: int) -> None:
    """End although a thread may hang in a download: everything that must be kept has been kept."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
