"""The Bot API over HTTP: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

import asyncio
import hmac
import logging
import time
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from telegram_playground.errors import ApiError
from telegram_playground.faults import DOWNLOAD, Faults, Kind
from telegram_playground.methods.handler import Handler
from telegram_playground.params import Params, read_params
from telegram_playground.requests import RequestLog
from telegram_playground.state import ServerState

MAX_BODY_BYTES: Final = 51 * 1024 * 1024
_log = logging.getLogger(__name__)


class CutResponse(Response):
    """Announces an answer and hangs up in the middle of it."""

    def __init__(self, sent: bytes = b"", announced: int = 100) -> None:
        super().__init__(b"")
        self._sent = sent
        self._announced = announced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends less than announced; the server then closes the connection."""
        headers = [(b"content-length", str(self._announced).encode()), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._sent, "more_body": True})


class BotApi:
    """Dispatches calls to methods and makes the ordered faults happen.

    Args:
        state: The state.
        methods: Methods by name in lower case.
        log: Where calls are noted.
    """

    def __init__(self, state: ServerState, methods: Mapping[str, Handler], log: RequestLog) -> None:
        self._state = state
        self._methods = methods
        self._log = log

    def routes(self) -> list[Route]:
        """The routes of the Bot API."""
        return [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download, methods=["GET"]),
        ]

    async def call(self, request: Request) -> Response:
        """One Bot API call."""
        if not self._authorised(request):
            return _answer(ApiError(401, "Unauthorized").payload())
        try:
            params = await read_params(request, MAX_BODY_BYTES)
        except ApiError as error:
            return _answer(error.payload())
        except ClientDisconnect:
            return Response(status_code=400)  # the bot has gone, and nobody reads this
        method = request.path_params["method"]
        entry = self._log.begin(method, params, time.time(), request.url.hostname or "")
        faults, chat_id = self._state.faults, params.string("chat_id")
        if fault := faults.take(Kind.DELAY, method, chat_id):
            await asyncio.sleep(fault.seconds)
        if fault := faults.take(Kind.HOLD, method, chat_id):
            await fault.released.wait()
        if faults.take(Kind.CUT_BEFORE, method, chat_id):
            return CutResponse()
        if page := faults.take(Kind.PAGE, method, chat_id):
            return HTMLResponse(page.body, page.status)
        payload = await self._result(method, params, faults, chat_id)
        if faults.take(Kind.CUT_AFTER, method, chat_id):
            self._log.finish(entry, 0, payload)
            return CutResponse()
        gone = await request.is_disconnected()
        self._log.finish(entry, 0 if gone else payload.get("error_code", 200), payload)
        return _answer(payload)

    async def execute(self, method: str, params: Params) -> dict[str, Any]:
        """Carries a call out and returns its JSON answer."""
        handler = self._methods.get(method.lower())
        if handler is None:
            _log.warning("The bot called %r, which this server does not know", method[:64])
            return ApiError(404, "Not Found").payload()
        try:
            return {"ok": True, "result": await handler(self._state, params)}
        except ApiError as error:
            return error.payload()

    async def download(self, request: Request) -> Response:
        """One file, as getFile announced it."""
        stored = self._state.files.at(request.path_params["path"])
        if not self._authorised(request) or stored is None:
            return _answer(ApiError(404, "Not Found").payload())
        faults: Faults = self._state.faults
        if fault := faults.take(Kind.DELAY, DOWNLOAD):
            await asyncio.sleep(fault.seconds)
        if fault := faults.take(Kind.HOLD, DOWNLOAD):
            await fault.released.wait()
        if fault := faults.take(Kind.ERROR, DOWNLOAD):
            return _answer((fault.error or ApiError(500, "Internal Server Error")).payload())
        if faults.take(Kind.CUT_BEFORE, DOWNLOAD):
            return CutResponse()
        data = stored.data
        if fault := faults.take(Kind.TRUNCATE, DOWNLOAD):
            data = data[: int(len(data) * fault.keep)]
            if fault.honest:
                return CutResponse(data, len(stored.data))
        return Response(data, media_type="application/octet-stream")

    async def _result(self, method: str, params: Params, faults: Faults, chat_id: str) -> dict[str, Any]:
        if fault := faults.take(Kind.ERROR, method, chat_id):
            return (fault.error or ApiError(500, "Internal Server Error")).payload()
        return await self.execute(method, params)

    def _authorised(self, request: Request) -> bool:
        given = str(request.path_params["token"])
        return hmac.compare_digest(given.encode(), self._state.token.encode())


def _answer(payload: dict[str, Any]) -> JSONResponse:
    return JSONResponse(payload, payload.get("error_code", 200))
