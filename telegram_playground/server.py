"""The web application: the Bot API, the chat page, the page that is mounted, and the guard around all."""

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.types import ASGIApp

from telegram_playground.bot_api import BotApi
from telegram_playground.errors import ApiError
from telegram_playground.guard import Guard
from telegram_playground.methods import all_methods
from telegram_playground.page_api import PageApi
from telegram_playground.web_app import PATH

if TYPE_CHECKING:
    from telegram_playground.playground import Playground


def build_app(playground: "Playground") -> ASGIApp:
    """Puts the parts together."""
    api = BotApi(playground.state, all_methods(), playground.requests)
    page = PageApi(playground)
    routes = [*api.routes(), *page.routes(), Mount(PATH, playground.web_app)]
    return Guard(Starlette(routes=routes, exception_handlers={404: _not_found}))


async def _not_found(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse(ApiError(404, "Not Found").payload(), 404)
