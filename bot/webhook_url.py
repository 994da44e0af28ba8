"""The public address to which Telegram delivers updates, and what Telegram demands of it."""

from typing import Final
from urllib.parse import urlsplit

TELEGRAM_HOST: Final = "api.telegram.org"
PORTS: Final = (443, 80, 88, 8443)
"""The only ports to which Telegram delivers (https://core.telegram.org/bots/api#setwebhook)."""

TELEGRAM_PATH: Final = "/telegram"
"""What is appended to the base address."""

PAGE_PATH: Final = "/app"
"""Where the page inside Telegram is, below the base address."""


def page_url(base: str | None) -> str | None:
    """The address of the page inside Telegram, which opens nothing but https; None where there is none."""
    return f"{base}{PAGE_PATH}/" if base is not None and base.startswith("https://") else None


def webhook_base(value: str, bot_api_url: str) -> str:
    """The base address as it is used: without the path that is appended to it.

    Args:
        value: ``WEBHOOK_URL``.
        bot_api_url: a Bot API server of one's own may deliver by plain HTTP and to any port.

    Raises:
        ValueError: nothing can be delivered there; the message does not repeat the address.
    """
    value = value.strip()
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError("this is no web address; it should look like https://bot.example.org") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or any(map(str.isspace, value)):
        raise ValueError("an address starts with http:// or https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("leave out the user name and the password; WEBHOOK_SECRET proves that it is Telegram")
    if "?" in value or "#" in value:
        raise ValueError(f"leave out everything from ? or # on; {TELEGRAM_PATH} is appended to the address")
    if urlsplit(bot_api_url).hostname == TELEGRAM_HOST:
        if parts.scheme != "https":
            raise ValueError("Telegram delivers by https only")
        if port is not None and port not in PORTS:
            raise ValueError(f"Telegram delivers to the ports {', '.join(map(str, PORTS))} only")
    path = parts.path.rstrip("/").removesuffix(TELEGRAM_PATH).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"
