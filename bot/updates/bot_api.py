"""The client side of the Bot API, where python-telegram-bot trusts its server too much.

Between the bot and Telegram may stand a hotel's log-in page, a provider's block or the wrong server. What such a page
answers with status 403 is not "the person blocked the bot", and its 404 is not "the token is wrong".
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from telegram.error import NetworkError
from telegram.ext import ExtBot
from telegram.request import BaseRequest, HTTPXRequest, RequestData


class NotTheBotApi(NetworkError):
    """Something else than the Bot API answered: it may pass, like any trouble of the network."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} came instead of an answer of the Bot API: "
            "a log-in page, a provider's block, or a wrong BOT_API_URL"
        )


class BotApiRequest(HTTPXRequest):
    """Requests of which only the Bot API's own answers are believed."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; see the base class for the arguments.

        Raises:
            NotTheBotApi: the answer to a call of a method is none of the Bot API's.
        """
        status, payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if method == "POST" and not _is_answer(status, payload):  # files come with GET
            raise NotTheBotApi(f"HTTP {status} with {_form_of(payload)}")
        return status, payload


class UpdatesBot(ExtBot[int]):
    """A bot that also hands out updates as they come."""

    async def get_raw_updates(
        self,
        *,
        offset: int,
        limit: int,
        timeout: int,  # noqa: ASYNC109 - the Bot API calls it so
        allowed_updates: Sequence[str],
    ) -> list[object]:
        """Call ``getUpdates``; ``Bot.get_updates`` reads all of its updates or, when one is odd, none.

        Args:
            offset: the first update that is not confirmed.
            limit: how many are returned at most.
            timeout: how many seconds to wait for one.
            allowed_updates: kinds of updates.

        Returns:
            Whatever stands in the place of updates, to be read one by one.

        Raises:
            TelegramError: as for any method.
        """
        result = await self._post(
            "getUpdates",
            {"offset": offset, "limit": limit, "timeout": timeout, "allowed_updates": list(allowed_updates)},
            read_timeout=(self._request[0].read_timeout or 0) + timeout,
        )
        if not isinstance(result, list):
            raise NotTheBotApi(f"a {type(result).__name__} in the place of updates")
        return result


def _is_answer(status: int, payload: bytes) -> bool:
    """Whether this has the form of https://core.telegram.org/bots/api#making-requests."""
    try:
        answer = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    well = 200 <= status < 300
    match answer:
        case {"ok": True, "result": _}:
            return well
        case {"ok": False, "description": str()}:
            parameters = answer.get("parameters", {})
            return not well and isinstance(parameters, dict) and isinstance(parameters.get("retry_after", 0), int)
    return False


def _form_of(payload: bytes) -> str:
    start = payload[:256].lstrip().lower()
    if not start:
        return "nothing"
    return "an HTML page" if start.startswith((b"<!doctype", b"<html", b"<head", b"<body")) else "something"


ALLOWED_UPDATES: Final = ("message", "callback_query", "poll_answer", "inline_query")
"""Edited messages, channel posts and the rest are not even fetched."""
