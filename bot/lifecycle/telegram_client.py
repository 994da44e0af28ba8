"""How the bot talks to the Bot API: time limits, connections, the way there."""

from typing import Final

from telegram.ext import Application

from bot.jobs.retrying_rate_limiter import RetryingRateLimiter
from bot.lifecycle.runtime import AnyApplication, StartError
from bot.network import NetworkError, certificates, proxy_for
from bot.settings import Settings
from bot.updates.bot_api import BotApiRequest, UpdatesBot

READ_TIMEOUT_S: Final = 15.0
CONNECT_TIMEOUT_S: Final = 10.0
UPLOAD_TIMEOUT_S: Final = 60.0
POOL_TIMEOUT_S: Final = 60.0
CONNECTIONS: Final = 64


def make_application(settings: Settings) -> AnyApplication:
    """Make the application that talks to the Bot API of these settings.

    Raises:
        StartError: the proxy or the certificates cannot be used.
    """
    assert settings.bot_token is not None
    url = settings.bot_api_url
    sending, fetching = requests_for(settings, CONNECTIONS, 1)
    # No update is processed but by our dispatcher, so PTB's own updater and job queue stay out.
    bot = UpdatesBot(
        settings.bot_token.get_secret_value(),
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=sending,
        get_updates_request=fetching,
        rate_limiter=RetryingRateLimiter(),
    )
    return Application.builder().bot(bot).updater(None).job_queue(None).build()


def requests_for(settings: Settings, *connections: int) -> list[BotApiRequest]:
    """Make what sends requests, over the proxy that the settings name; certificates are read once for all.

    Args:
        settings: what the environment says.
        connections: of each, how many at once.

    Raises:
        StartError: the proxy or the certificates cannot be used.
    """
    url, proxy = settings.bot_api_url, settings.proxy_url
    try:
        way = proxy_for(url, None if proxy is None else proxy.get_secret_value())
        trusted = certificates()
    except NetworkError as error:
        raise StartError(str(error)) from None
    return [
        BotApiRequest(
            connection_pool_size=count,
            read_timeout=READ_TIMEOUT_S,
            write_timeout=READ_TIMEOUT_S,
            media_write_timeout=UPLOAD_TIMEOUT_S,
            connect_timeout=CONNECT_TIMEOUT_S,
            pool_timeout=POOL_TIMEOUT_S,
            proxy=way,
            httpx_kwargs={"trust_env": False, "verify": trusted},  # both are read by bot.network
        )
        for count in connections
    ]
