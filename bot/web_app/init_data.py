"""What Telegram says about who has opened the page, and how to know that it was Telegram who said so.

The check is Telegram's own: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import parse_qsl

MAX_AGE_S: Final = 3600
"""From then on the page has to be opened anew."""

MAX_AHEAD_S: Final = 300
"""How far Telegram's clock may be ahead of this machine's."""

MAX_LENGTH: Final = 4096
"""Characters; Telegram's are a few hundred."""

MAX_FIELDS: Final = 32

_KEY: Final = b"WebAppData"


class Refusal(StrEnum):
    """Why somebody is not let in."""

    MISSING = "missing"
    FORGED = "forged"
    OLD = "old"


class InitDataError(Exception):
    """The page was not opened in Telegram, or too long ago.

    Attributes:
        refusal: what is wrong.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"initData is {refusal}")
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who has opened the page.

    Attributes:
        user_id: their Telegram id.
    """

    user_id: int


def check_init_data(init_data: str, token: str, now: float) -> Visitor:
    """Find out who has opened the page.

    Args:
        init_data: as Telegram hands it to the page: a query string.
        token: of the bot whose button was pressed.
        now: Unix time, seconds.

    Raises:
        InitDataError: it is missing, not signed by Telegram for this bot, or older than an hour.
    """
    if not init_data:
        raise InitDataError(Refusal.MISSING)
    fields = _fields(init_data)
    signed = fields.pop("hash", "")
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    if not hmac.compare_digest(signed.encode(), signature(lines, token).encode()):
        raise InitDataError(Refusal.FORGED)
    age_s = now - _whole_number(fields.get("auth_date"))
    if not -MAX_AHEAD_S <= age_s <= MAX_AGE_S:
        raise InitDataError(Refusal.OLD)
    return Visitor(_whole_number(_user(fields.get("user")).get("id")))


def signature(lines: str, token: str) -> str:
    """Telegram's signature of the fields, one a line: hex digits."""
    key = hmac.new(_KEY, token.encode(), hashlib.sha256).digest()
    return hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()


def _fields(init_data: str) -> dict[str, str]:
    if len(init_data) > MAX_LENGTH:
        raise InitDataError(Refusal.FORGED)
    try:
        pairs = parse_qsl(
            init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=MAX_FIELDS, errors="strict"
        )
    except ValueError:
        raise InitDataError(Refusal.FORGED) from None
    fields = dict(pairs)
    if len(fields) != len(pairs):  # of two values for one name it would be unclear which one was signed
        raise InitDataError(Refusal.FORGED)
    return fields


def _user(text: str | None) -> dict[str, Any]:
    try:
        user = json.loads(text or "")
    except ValueError:
        user = None
    if not isinstance(user, dict):
        raise InitDataError(Refusal.MISSING)
    return user


def _whole_number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise InitDataError(Refusal.MISSING) from None
