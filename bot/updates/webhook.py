"""What the bot answers over HTTP: deliveries from Telegram, and whoever looks after the bot.

The server stands on the open internet. Whoever does not know the secret learns nothing and costs next to nothing: the
secret is compared in constant time, no body is kept before it was right, and bodies are bounded.
"""

import asyncio
import contextlib
import hmac
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from bot.monitoring.health import Health
from bot.monitoring.metrics import CONTENT_TYPE, Metrics
from bot.updates.inbox import Inbox, NotNow
from bot.webhook_url import PAGE_PATH, TELEGRAM_PATH

MAX_BODY_BYTES: Final = 1024 * 1024
"""The largest update measured is a hundredth of this."""

READ_BYTES: Final = 16 * 1024 * 1024
READING_S: Final = 10.0
"""A body that is refused is still read to its end within these bounds: a sender that is cut off does not see why."""

_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name
_RETRY_AFTER: Final = {"Retry-After": "1"}


class TooLarge(Exception):
    """The body is longer than any update."""


class Unfinished(Exception):
    """The body did not come in time."""


def web_app(
    inbox: Inbox, health: Health, metrics: Metrics, page: ASGIApp, *, secret: str, metrics_token: str | None
) -> Starlette:
    """Make the web application.

    Args:
        inbox: takes updates.
        health: says how the bot is.
        metrics: what Prometheus asks for.
        page: the page inside Telegram.
        secret: what Telegram was told to send along (``WEBHOOK_SECRET``).
        metrics_token: what Prometheus must send as a bearer token; None lets everybody see.
    """

    async def telegram(request: Request) -> Response:
        response = await _deliver(request, inbox, secret)
        metrics.delivered(response.status_code)
        return response

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        report = await health.report()
        parts = {name: "ok" if there else "away" for name, there in report.parts.items()}
        body = {"status": report.word, "model": report.model, **parts}
        return JSONResponse(body, 200 if report.ready else 503)

    async def figures(request: Request) -> Response:
        if metrics_token is not None and not _same(request.headers.get("Authorization"), f"Bearer {metrics_token}"):
            return PlainTextResponse("", 401, {"WWW-Authenticate": "Bearer"})
        metrics.model_is(health.model)
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    async def to_page(_: Request) -> Response:
        # Relative, since a proxy in front may add a path and speak https.
        return Response(status_code=307, headers={"Location": f"{PAGE_PATH.removeprefix('/')}/"})

    return Starlette(
        routes=[
            Route(TELEGRAM_PATH, telegram, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", figures),
            Route(PAGE_PATH, to_page),
            Mount(PAGE_PATH, page),
        ]
    )


async def _deliver(request: Request, inbox: Inbox, secret: str) -> Response:
    known = _same(request.headers.get(_SECRET_HEADER), secret)
    try:
        body = await _body(request, MAX_BODY_BYTES if known else 0)
        if known:
            await inbox.receive(body)
    except TooLarge:
        return PlainTextResponse("", 413 if known else 403)
    except (Unfinished, ClientDisconnect):
        return PlainTextResponse("", 400 if known else 403)
    except NotNow:
        return PlainTextResponse("", 503, _RETRY_AFTER)
    return PlainTextResponse("", 200 if known else 403)


async def _body(request: Request, limit: int) -> bytes:
    """Read the body to its end, so that the sender sees our answer; keep at most ``limit`` bytes of it.

    Raises:
        TooLarge: it is longer.
        Unfinished: it did not come in time.
        ClientDisconnect: it did not come whole.
    """
    body, size = bytearray(), 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READING_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= limit:
                    body += chunk
                elif size > READ_BYTES:
                    break
            if size <= limit:
                return bytes(body)
    if size <= limit:
        raise Unfinished
    raise TooLarge


def _same(given: str | None, expected: str) -> bool:
    """Compare in a time that tells nothing about how much of it was right."""
    return hmac.compare_digest((given or "").encode("utf-8", "replace"), expected.encode())
