"""The web application: the Bot API, the chat page, and the guard around both."""

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from bot.playground.bot_api import BotApi
from bot.playground.errors import ApiError
from bot.playground.guard import Guard
from bot.playground.methods import all_methods
from bot.playground.page_api import PageApi

if TYPE_CHECKING:
    from bot.playground.playground import Playground


def build_app(playground: "Playground") -> ASGIApp:
    """Puts the parts together."""
    api = BotApi(playground.world, all_methods(), playground.requests)
    page = PageApi(playground)
    routes = [*api.routes(), *page.routes()]
    return Guard(Starlette(routes=routes, exception_handlers={404: _not_found}))


async def _not_found(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse(ApiError(404, "Not Found").payload(), 404)
