"""A load balancer between Telegram and the web processes, as bad as such things are on a bad day."""

import asyncio
import itertools
import random
from collections.abc import Sequence
from typing import Final

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.lifecycle.web_server import WebServer, listen
from bot.webhook_url import TELEGRAM_PATH

_TIMEOUT_S: Final = 60.0
_SECRET: Final = "X-Telegram-Bot-Api-Secret-Token"


class Balancer:
    """Hands each delivery to the next web process that takes connections.

    Args:
        targets: the base URLs of the processes.
        seed: of what happens by chance.
        twice: the share of deliveries that reach two processes at once, 0..1.
        again: the share whose answer gets lost on the way back, so that Telegram delivers once more.
        late: the share that is held back for up to ``late_s``, so that later ones overtake it.
        late_s: seconds.
    """

    def __init__(
        self,
        targets: Sequence[str],
        *,
        seed: int = 0,
        twice: float = 0.0,
        again: float = 0.0,
        late: float = 0.0,
        late_s: float = 2.0,
    ) -> None:
        self._targets = targets
        self._chances = random.Random(seed)
        self._twice, self._again, self._late, self._late_s = twice, again, late, late_s
        self._turn = itertools.count()
        self._server = WebServer(Starlette(routes=[Route(TELEGRAM_PATH, self._hand_on, methods=["POST"])]), listen(0))
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False)
        self.doubled = 0
        self.lost_answers = 0

    @property
    def url(self) -> str:
        """What the bot's WEBHOOK_URL has to be."""
        return f"http://127.0.0.1:{self._server.port}"

    async def __aenter__(self) -> "Balancer":
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.stop()
        await self._client.aclose()

    async def _hand_on(self, request: Request) -> Response:
        body, secret = await request.body(), request.headers.get(_SECRET, "")
        if self._happens(self._late):
            await asyncio.sleep(self._chances.uniform(0.0, self._late_s))
        copies = 1
        if self._happens(self._twice):
            self.doubled += 1
            copies = 2
        statuses = await asyncio.gather(*(self._post(body, secret) for _ in range(copies)))
        if self._happens(self._again):
            self.lost_answers += 1
            return Response(status_code=502)
        return Response(status_code=statuses[0])

    async def _post(self, body: bytes, secret: str) -> int:
        """The status that a process answers with; 502 when none can be reached, or it goes away meanwhile."""
        headers = {_SECRET: secret, "Content-Type": "application/json"}
        first = next(self._turn)
        for number in range(len(self._targets)):
            target = self._targets[(first + number) % len(self._targets)]
            try:
                response = await self._client.post(f"{target}{TELEGRAM_PATH}", content=body, headers=headers)
            except httpx.ConnectError:
                continue
            except httpx.TransportError:
                break
            return response.status_code
        return 502

    def _happens(self, share: float) -> bool:
        return self._chances.random() < share
