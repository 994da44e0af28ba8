"""Reading what the chat page asks, and answering it."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from telegram_playground.bodies import read_body
from telegram_playground.errors import ApiError, bad_request
from telegram_playground.web_app import COLOURS

MAX_JSON_BYTES: Final = 64 * 1024


def answering(work: Callable[[Request], Awaitable[dict[str, Any]]]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that does what a request asks, and says what was done, or why not."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse({"ok": True, **await work(request)})
        except ApiError as error:
            return JSONResponse(error.payload(), error.status)

    return endpoint


async def json_body(request: Request) -> dict[str, Any]:
    """The JSON object that a request carries.

    Raises:
        ApiError: It carries something else.
    """
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise bad_request("application/json expected")
    try:
        data = json.loads(await read_body(request, MAX_JSON_BYTES))
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise bad_request("can't parse request JSON object")
    return data


def integer(value: Any) -> int:
    """A whole number; 0 for what is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def theme(value: Any) -> dict[str, str]:
    """The page's colours, as far as they are colours."""
    colours = value if isinstance(value, dict) else {}
    return {
        name: colour
        for name, colour in colours.items()
        if name in COLOURS and isinstance(colour, str) and re.fullmatch("#[0-9a-f]{6}", colour)
    }
