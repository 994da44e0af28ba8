"""A bot as the handlers get it, rate limits and retries included, whose requests a test answers."""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telegram import Chat, InlineKeyboardMarkup, Message, PhotoSize, User
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bot.jobs.retrying_rate_limiter import RetryingRateLimiter

ANN = User(7, "Ann", is_bot=False)


@dataclass(frozen=True)
class Call:
    """A request to Telegram.

    Attributes:
        endpoint: as ``editMessageMedia``.
        parameters: what it carries, decoded; files are left out.
    """

    endpoint: str
    parameters: dict[str, Any]

    @property
    def text(self) -> str:
        """The text or caption that it puts into a chat."""
        held = self.parameters | self.parameters.get("media", {})
        return str(held.get("caption") or held.get("text") or "")

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        """The buttons that it puts below."""
        return InlineKeyboardMarkup.de_json(self.parameters.get("reply_markup"))


@dataclass
class Telegram(BaseRequest):
    """Takes every request, except those that ``trouble`` makes fail.

    Attributes:
        trouble: gets each request; what it raises the bot sees, what it returns is the body of an error.
        taken: the requests that went well, in order.
    """

    trouble: Callable[[Call], dict[str, Any] | None] = lambda call: None
    taken: list[Call] = field(default_factory=list)

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **named: Any
    ) -> tuple[int, bytes]:
        parameters = {} if request_data is None else dict(request_data.parameters)
        call = Call(url.rpartition("/")[2], parameters)
        error = self.trouble(call)
        if error is not None:
            return int(error["error_code"]), json.dumps({"ok": False} | error).encode()
        self.taken.append(call)
        sent = {"message_id": 100 + len(self.taken), "date": 0, "chat": {"id": 7, "type": "private"}}
        return 200, json.dumps({"ok": True, "result": sent}).encode()


def flood(seconds: int) -> dict[str, Any]:
    """What Telegram says to a chat that is to wait."""
    return {"error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": seconds}}


def message(telegram: Telegram, limiter: RetryingRateLimiter, *, photo: bool = False) -> Message:
    """A message in Ann's chat with the bot.

    Args:
        telegram: where its answers go.
        limiter: what they pass on their way.
        photo: whether it is a picture.
    """
    sizes = [PhotoSize("photo", "unique", 100, 100)] if photo else None
    made = Message(5, datetime.datetime.now(datetime.UTC), Chat(7, Chat.PRIVATE), from_user=ANN, photo=sizes)
    made.set_bot(ExtBot("1:token", request=telegram, get_updates_request=telegram, rate_limiter=limiter))
    return made
