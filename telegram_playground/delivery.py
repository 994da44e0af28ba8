"""Posting updates to the bot's webhook, with retries, as Telegram does."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from typing import Any, Final

import httpx

from telegram_playground.state import ServerState, Webhook

_TIMEOUT_S: Final = 30.0
_FIRST_RETRY_S: Final = 0.1
_LONGEST_RETRY_S: Final = 2.0


class WebhookDelivery:
    """A background task that empties the queue into the webhook, several updates at a time.

    Attributes:
        targets: When not empty, updates go round these base URLs instead of the registered host, as behind a load
            balancer; the path of the registered URL is kept.
    """

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self.targets: Sequence[str] = ()
        self._turn = itertools.count()
        self._in_flight: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Delivers until it is cancelled."""
        while not self._state.webhook.url:
            await self._state.updates.changed()
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as client:
            try:
                while True:
                    self._begin(client)
                    await self._state.updates.changed()
            finally:
                for task in self._in_flight.values():
                    task.cancel()
                await asyncio.gather(*self._in_flight.values(), return_exceptions=True)

    def _begin(self, client: httpx.AsyncClient) -> None:
        webhook = self._state.webhook
        if not webhook.url:
            return
        waiting = [each for each in self._state.updates.numbered() if each[0] not in self._in_flight]
        free = max(webhook.max_connections - len(self._in_flight), 0)
        for number, update in self._state.faults.disturb(waiting[:free]):
            # A duplicate is posted once more, on its own.
            ticket = -number if number in self._in_flight else number
            self._in_flight[ticket] = asyncio.create_task(self._deliver(client, update, ticket))

    async def _deliver(self, client: httpx.AsyncClient, update: Any, ticket: int) -> None:
        wait = _FIRST_RETRY_S
        try:
            while self._state.webhook.url:
                if await self._post(client, self._state.webhook, update):
                    self._state.updates.remove(abs(ticket))
                    self._state.fetched(update)
                    return
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_RETRY_S)
        finally:
            self._in_flight.pop(ticket, None)

    async def _post(self, client: httpx.AsyncClient, webhook: Webhook, update: Any) -> bool:
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
