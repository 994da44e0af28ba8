"""What stands between the bot and Telegram is not taken for Telegram."""

import importlib.util
import json
import sys
from collections.abc import AsyncIterator
from itertools import product

import pytest
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter

from bot.updates.bot_api import BotApiRequest, NotTheBotApi, UpdatesBot
from telegram_playground import Playground
from tests.conftest import needs

PAGE = b"<!doctype html><title>Please log in</title>"


@pytest.fixture
async def server() -> AsyncIterator[Playground]:
    async with Playground(port=0) as server:
        yield server


@pytest.fixture
async def bot(server: Playground) -> AsyncIterator[UpdatesBot]:
    requests = [BotApiRequest(httpx_kwargs={"trust_env": False, "verify": False}) for _ in range(2)]  # it is http
    bot = UpdatesBot(
        server.token, base_url=f"{server.api_url}/bot", request=requests[0], get_updates_request=requests[1]
    )
    async with bot:
        yield bot


@pytest.mark.parametrize(
    "body",
    [
        PAGE,
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"ok": true}',
        b'{"ok": false}',
        b'{"ok": 1, "result": true, "description": "x"}',
        b'{"ok": false, "description": 5}',
        b'{"ok": false, "description": "x", "parameters": []}',
        b'{"ok": false, "description": "x", "parameters": {"retry_after": "soon"}}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
    ids=range(13),
)
async def test_only_the_bot_api_is_believed(server: Playground, bot: UpdatesBot, body: bytes) -> None:
    calls = (("getMe", bot.get_me), ("getUpdates", lambda: updates(bot)))
    for status, (method, call) in product((200, 302, 400, 401, 403, 404, 409, 429, 502), calls):
        server.faults.page(body, method, status=status)
        with pytest.raises(NotTheBotApi) as error:
            await call()
        assert "log in" not in str(error.value), (status, method)
        await call()


async def test_the_bot_apis_own_refusals_are_what_they_were(server: Playground, bot: UpdatesBot) -> None:
    for status, kind in ((400, BadRequest), (401, InvalidToken), (404, InvalidToken), (409, Conflict)):
        server.faults.error(status, "getMe")
        with pytest.raises(kind) as error:
            await bot.get_me()
        assert not isinstance(error.value, NotTheBotApi)
    server.faults.flood("getMe", retry_after=7)
    with pytest.raises(RetryAfter):
        await bot.get_me()


@pytest.mark.parametrize("result", [None, True, {}, "updates", 5])
async def test_updates_come_as_a_list(server: Playground, bot: UpdatesBot, result: object) -> None:
    server.faults.page(json.dumps({"ok": True, "result": result}).encode(), "getUpdates")
    with pytest.raises(NotTheBotApi):
        await updates(bot)


async def test_updates_come_as_they_are(server: Playground, bot: UpdatesBot) -> None:
    number = server.deliver_raw({"message": 5})
    server.deliver_raw("odd")
    assert await updates(bot) == [{"message": 5, "update_id": number}, "odd"]


async def test_a_request_looks_for_no_module_on_the_disk(bot: UpdatesBot, monkeypatch: pytest.MonkeyPatch) -> None:
    needs(importlib.util.find_spec("sniffio"), "make install")
    await bot.get_me()
    sought: list[str] = []

    class Finder:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            sought.append(name)

    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])
    await bot.get_me()
    assert sought == []


async def updates(bot: UpdatesBot) -> list[object]:
    return await bot.get_raw_updates(offset=0, limit=100, timeout=0, allowed_updates=("message",))
