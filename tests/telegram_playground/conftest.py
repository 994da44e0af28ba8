"""A running playground, and a bot's view of it by plain HTTP."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from telegram_playground import Chat, Playground


class Caller:
    """Calls Bot API methods as a bot does, and returns Telegram's answer."""

    def __init__(self, playground: Playground, client: httpx.AsyncClient) -> None:
        self.playground = playground
        self.client = client

    async def __call__(self, method: str, files: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
        data = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        url = f"{self.playground.api_url}/bot{self.playground.token}/{method}"
        response = await self.client.post(url, data=data, files=files)
        payload: dict[str, Any] = response.json()
        assert payload["ok"] is response.is_success
        return payload

    async def refused(self, method: str, files: dict[str, Any] | None = None, **params: Any) -> str:
        """The description of an error."""
        payload = await self(method, files, **params)
        assert not payload["ok"], payload
        return str(payload["description"])

    async def result(self, method: str, files: dict[str, Any] | None = None, **params: Any) -> Any:
        """The result of a success."""
        payload = await self(method, files, **params)
        assert payload["ok"], payload
        return payload["result"]


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with Playground(port=0) as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=30, verify=False) as client:
        yield client


@pytest.fixture
def call(playground: Playground, client: httpx.AsyncClient) -> Caller:
    return Caller(playground, client)


@pytest.fixture
async def chat(playground: Playground) -> Chat:
    """A private chat in which somebody has written /start."""
    chat = playground.private(playground.person("Ann", language_code="zh-hant"))
    await playground.send_text(chat, "/start")
    return chat
