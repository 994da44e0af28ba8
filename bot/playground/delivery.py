"""Posting updates to the bot's webhook, with retries, as Telegram does."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from typing import Any, Final

import httpx

from bot.playground.world import Webhook, World

_TIMEOUT_S: Final = 30.0
_FIRST_RETRY_S: Final = 0.1
_LONGEST_RETRY_S: Final = 2.0


class WebhookDelivery:
    """A background task that empties the queue into the webhook, several updates at a time.

    Attributes:
        targets: When not empty, updates go round these base URLs instead of the registered host, as behind a load
            balancer; the path of the registered URL is kept.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.targets: Sequence[str] = ()
        self._turn = itertools.count()
        self._in_flight: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Delivers until it is cancelled."""
        while not self._world.webhook.url:
            await self._world.updates.changed()
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as client:
            try:
                while True:
                    self._begin(client)
                    await self._world.updates.changed()
            finally:
                for task in self._in_flight.values():
                    task.cancel()
                await asyncio.gather(*self._in_flight.values(), return_exceptions=True)

    def _begin(self, client: httpx.AsyncClient) -> None:
        webhook = self._world.webhook
        if not webhook.url:
            return
        waiting = [u for u in self._world.updates.pending() if u["update_id"] not in self._in_flight]
        free = max(webhook.max_connections - len(self._in_flight), 0)
        for update in self._world.faults.disturb(waiting[:free]):
            update_id = update["update_id"]
            if update_id in self._in_flight:
                # A duplicate: posted once more, on its own.
                update_id = -update_id
            self._in_flight[update_id] = asyncio.create_task(self._deliver(client, update, update_id))

    async def _deliver(self, client: httpx.AsyncClient, update: dict[str, Any], ticket: int) -> None:
        wait = _FIRST_RETRY_S
        try:
            while self._world.webhook.url:
                if await self._post(client, self._world.webhook, update):
                    self._world.updates.remove(update["update_id"])
                    self._world.fetched(update)
                    return
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_RETRY_S)
        finally:
            self._in_flight.pop(ticket, None)

    async def _post(self, client: httpx.AsyncClient, webhook: Webhook, update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        try:
            response = await client.post(self._target(webhook.url), json=update, headers=headers)
        except httpx.HTTPError as error:
            reason = type(error).__name__
        else:
            if response.is_success:
                return True
            reason = f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
        webhook.last_error, webhook.last_error_date = reason, int(time.time())
        return False

    def _target(self, url: str) -> str:
        if not self.targets:
            return url
        base = self.targets[next(self._turn) % len(self.targets)].rstrip("/")
        return base + httpx.URL(url).raw_path.decode()
