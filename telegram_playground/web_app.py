"""Pages inside Telegram (Mini Apps): one is mounted here, and whoever opens it is signed for, as Telegram does.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from telegram_playground.chats import Person
from telegram_playground.errors import ApiError

PATH: Final = "/app"
"""Where the mounted page is; it is opened with a slash behind it."""

VERSION: Final = "9.1"
"""Of the Mini Apps that the playground pretends to know."""

COLOURS: Final = frozenset(
    {"bg_color", "secondary_bg_color", "text_color", "hint_color", "link_color", "button_color", "button_text_color"}
)
"""The colours that a page is handed."""


class MountedPage:
    """The place of a page that may be put there while the server runs."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the page answer, or answer 404 while there is none."""
        app = self.app or JSONResponse(ApiError(404, "Not Found").payload(), 404)
        await app(scope, receive, send)


def signed_init_data(token: str, person: Person) -> str:
    """What a page learns of whoever opens it, signed with the bot's token: a query string."""
    fields = {
        "auth_date": str(int(time.time())),
        "chat_instance": str(secrets.randbelow(2**63)),
        "chat_type": "private",
        "query_id": f"AAE{secrets.token_urlsafe(12)}",
        "signature": secrets.token_urlsafe(64)[:86],  # for those who do not know the token; nobody here checks it
        "user": json.dumps(
            {**person.api(), "allows_write_to_pm": True}, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        ),
    }
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return urlencode({**fields, "hash": hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()})


def launch_address(url: str, init_data: str, theme: Mapping[str, str]) -> str:
    """The address that an app opens: the button's, and in its fragment what the page may know."""
    fragment = {
        "tgWebAppData": init_data,
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": "web",
        "tgWebAppThemeParams": json.dumps(dict(theme)),
    }
    separator = "&" if urlsplit(url).fragment else ("" if "#" in url else "#")
    return f"{url}{separator}{urlencode(fragment)}"
