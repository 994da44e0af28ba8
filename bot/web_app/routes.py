"""The page's addresses: its own files, and four questions that only somebody whom Telegram sent may ask.

Beside them are the cards of test images, each at an address that the bot has signed, for Telegram itself to fetch.
"""

import asyncio
import json
import logging
import math
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.card_links import CARDS_PATH
from bot.datasets import TEST_IMAGES, DataError
from bot.replies.texts.web_app import texts_module
from bot.vision.interpreter import ModelError
from bot.vision.labels import CLASS_COUNT
from bot.web_app.cards import NoSuchCard, SampleCards
from bot.web_app.init_data import InitDataError, Visitor, check_init_data
from bot.web_app.pictures import DRAWING_BYTES, Busy, Drawings, Json, NoSuchPicture, NotAtHand, NotReady, Pictures
from bot.web_app.rate_limit import RateLimit

_LOGGER = logging.getLogger(__name__)

PAGE: Final = Path(__file__).parent / "page"
SCHEME: Final = "tma "
"""What stands before initData in the header Authorization, as Mini Apps do it."""

PICTURES_AT_ONCE: Final = 20
PICTURES_A_SECOND: Final = 2.0
DRAWINGS_AT_ONCE: Final = 60
DRAWINGS_A_SECOND: Final = 30.0
READING_S: Final = 10.0

_FILE_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self' https://telegram.org https://*.telegram.org"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Question = Callable[[Request], Awaitable[Json]]


class Refused(Exception):
    """A request that gets no answer.

    Attributes:
        status: of HTTP.
        code: which sentence the page says.
        headers: to send along.
        facts: for the blanks of that sentence.
    """

    def __init__(self, status: int, code: str, headers: dict[str, str] | None = None, **facts: int) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers
        self.facts = facts


def make_web_app(
    token: str,
    pictures: Pictures,
    drawings: Drawings,
    cards: SampleCards,
    clock: Callable[[], float] = time.time,
) -> ASGIApp:
    """The page and what it asks for, to be mounted at :data:`bot.webhook_url.PAGE_PATH`.

    Args:
        token: of the bot that Telegram signs for.
        pictures: the test images.
        drawings: what is drawn.
        cards: of test images that are shared.
        clock: Unix time, seconds.
    """
    api = _Api(token, pictures, drawings, clock)
    routes = [
        Route("/", _index),
        Route("/texts.js", _texts),
        Route("/api/pictures", api.random_pictures),
        Route("/api/pictures/{number}", api.numbered_picture),
        Route("/api/drawing", api.drawing, methods=["POST"]),
        Route(f"/{CARDS_PATH}/{{language}}/{{number:int}}/{{signature}}.jpg", partial(_card, cards)),
        Mount("/page", _PageFiles(directory=PAGE)),
    ]
    return _WithHeaders(Starlette(routes=routes, exception_handlers={404: _not_found}))


class _Api:
    def __init__(self, token: str, pictures: Pictures, drawings: Drawings, clock: Callable[[], float]) -> None:
        self._token = token
        self._pictures = pictures
        self._drawings = drawings
        self._clock = clock
        self._picture_limit = RateLimit(PICTURES_AT_ONCE, PICTURES_A_SECOND)
        self._drawing_limit = RateLimit(DRAWINGS_AT_ONCE, DRAWINGS_A_SECOND)

    async def random_pictures(self, request: Request) -> Response:
        return await self._answer(request, self._picture_limit, self._random)

    async def numbered_picture(self, request: Request) -> Response:
        return await self._answer(request, self._picture_limit, self._numbered)

    async def drawing(self, request: Request) -> Response:
        return await self._answer(request, self._drawing_limit, self._drawing)

    async def _answer(self, request: Request, limit: RateLimit, question: Question) -> Response:
        try:
            visitor = self._visitor(request)
            if (wait_s := limit.seconds_to_wait(visitor.user_id)) > 0:
                raise Refused(429, "too_often", {"Retry-After": str(math.ceil(wait_s))})
            return JSONResponse(await question(request))
        except InitDataError as error:
            refused = Refused(401, error.refusal.value)
        except Refused as error:
            refused = error
        except NoSuchPicture:
            refused = Refused(404, "no_such_picture", total=TEST_IMAGES)
        except NotAtHand:
            refused = Refused(404, "not_at_hand")
        except NotReady:
            refused = Refused(202, "not_ready", {"Retry-After": "1"})
        except Busy:
            refused = Refused(503, "busy", {"Retry-After": "1"})
        except DataError as error:
            _LOGGER.warning("The page has no test images: %s", error)
            refused = Refused(503, "no_test_images")
        except ModelError as error:
            _LOGGER.warning("The page has no model: %s", error)
            refused = Refused(503, "no_model")
        except Exception:
            _LOGGER.exception("The page could not be answered")
            refused = Refused(500, "error")
        return JSONResponse({"error": refused.code, **refused.facts}, refused.status, refused.headers)

    def _visitor(self, request: Request) -> Visitor:
        given = request.headers.get("Authorization", "")
        init_data = given.removeprefix(SCHEME) if given.startswith(SCHEME) else ""
        return check_init_data(init_data, self._token, self._clock())

    async def _random(self, request: Request) -> Json:
        label = request.query_params.get("label")
        only = request.query_params.get("only")
        if only not in (None, "wrong") or (label is not None and not _is_class(label)):
            raise Refused(400, "bad_request")
        return await self._pictures.random(None if label is None else int(label), only_wrong=only == "wrong")

    async def _numbered(self, request: Request) -> Json:
        number = request.path_params["number"]
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise Refused(400, "bad_request")
        return await self._pictures.numbered(int(number))

    async def _drawing(self, request: Request) -> Json:
        drawing = await _body(request)
        if len(drawing) != DRAWING_BYTES:
            raise Refused(400, "bad_request")
        return await self._drawings.classify(drawing)


async def _body(request: Request) -> bytes:
    """A body of a drawing's size; what is longer is not read to its end."""
    body = bytearray()
    try:
        async with asyncio.timeout(READING_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > DRAWING_BYTES:
                    break
    except (TimeoutError, ClientDisconnect):
        raise Refused(400, "bad_request") from None
    return bytes(body)


def _is_class(label: str) -> bool:
    return label in map(str, range(CLASS_COUNT))


async def _index(request: Request) -> Response:
    return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})


async def _texts(request: Request) -> Response:
    module = f"export const TEXTS = {json.dumps(texts_module(), ensure_ascii=False)};\n"
    return Response(module, headers={"Cache-Control": "no-cache", "Content-Type": _FILE_TYPES[".js"]})


async def _card(cards: SampleCards, request: Request) -> Response:
    asked = request.path_params
    try:
        card = await cards.draw(asked["number"], asked["language"], asked["signature"])
    except NoSuchCard:
        return JSONResponse({"error": "no_such_picture"}, 404)
    except (DataError, ModelError) as error:
        _LOGGER.warning("A card could not be drawn: %s", error)
        return JSONResponse({"error": "error"}, 503, {"Retry-After": "60"})
    return Response(card, media_type="image/jpeg", headers={"Cache-Control": "public, max-age=3600"})


async def _not_found(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "bad_request"}, 404)


class _PageFiles(StaticFiles):
    """The page's own files, with the types that browsers insist on, whatever this machine believes them to be."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kind = _FILE_TYPES.get(Path(path).suffix)
        if kind is not None and response.status_code == 200:
            response.headers["Content-Type"] = kind
        response.headers["Cache-Control"] = "no-cache"
        return response


class _WithHeaders:
    """Adds what keeps the page to itself; what people ask is kept nowhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)
