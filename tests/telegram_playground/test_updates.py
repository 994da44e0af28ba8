"""Getting updates: polling, its conflicts, and the webhook."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import uvicorn
from starlette.requests import Request
from starlette.responses import Response

from telegram_playground import Chat, Playground
from tests.telegram_playground.conftest import Caller


async def test_updates_stay_until_they_are_confirmed(playground: Playground, call: Caller, chat: Chat) -> None:
    await playground.send_text(chat, "second")
    first = await call.result("getUpdates")
    assert [update["message"]["text"] for update in first] == ["/start", "second"]
    assert first == await call.result("getUpdates")
    assert await call.result("getUpdates", limit=1) == first[:1]
    assert await call.result("getUpdates", offset=first[0]["update_id"] + 1) == first[1:]
    assert await call.result("getUpdates", offset=first[1]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_the_latest(playground: Playground, call: Caller, chat: Chat) -> None:
    for text in "abc":
        await playground.send_text(chat, text)
    assert [update["message"]["text"] for update in await call.result("getUpdates", offset=-2)] == ["b", "c"]
    assert len(await call.result("getUpdates")) == 2


async def test_a_long_poll_ends_with_the_next_update(playground: Playground, call: Caller, chat: Chat) -> None:
    updates = await call.result("getUpdates")
    waiting = asyncio.create_task(call.result("getUpdates", offset=updates[-1]["update_id"] + 1, timeout=20))
    await asyncio.sleep(0.1)
    begun = time.monotonic()
    await playground.send_text(chat, "now")
    assert (await waiting)[0]["message"]["text"] == "now"
    assert time.monotonic() - begun < 10, "half of what the poll may take"


async def test_a_second_poller_ends_the_first(playground: Playground, call: Caller) -> None:
    waiting = asyncio.create_task(call("getUpdates", timeout=20))
    await asyncio.sleep(0.1)
    assert await call.result("getUpdates", timeout=0) == []
    answer = await waiting
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")


async def test_a_webhook_ends_a_poll(playground: Playground, call: Caller) -> None:
    waiting = asyncio.create_task(call("getUpdates", timeout=20))
    await asyncio.sleep(0.1)
    await call.result("setWebhook", url="http://127.0.0.1:9/telegram")
    assert (await waiting)["description"] == "Conflict: terminated by setWebhook request"
    assert (await call.refused("getUpdates")).startswith(
        "Conflict: can't use getUpdates method while webhook is active"
    )


async def test_only_wanted_kinds_arrive(playground: Playground, call: Caller, chat: Chat) -> None:
    message = await playground.send_text(chat, "one")
    await call.result("getUpdates", allowed_updates=["message"], offset=-1)
    await playground.edit(message, "two")
    updates = await call.result("getUpdates")
    assert [list(update)[1] for update in updates] == ["message"]
    await call.result("getUpdates", allowed_updates=[])
    await playground.edit(message, "three")
    assert (await call.result("getUpdates"))[-1]["edited_message"]["text"] == "three"


async def test_stopping_ends_a_poll_at_once(call: Caller) -> None:
    async with Playground(port=0) as playground:
        waiting = asyncio.create_task(Caller(playground, call.client)("getUpdates", timeout=50))
        await asyncio.sleep(0.1)
        begun = time.monotonic()
    assert time.monotonic() - begun < 25, "half of what the poll may take"
    assert (await waiting)["result"] == []


class Hook:
    """A webhook that notes what it gets and answers with the statuses it is told."""

    def __init__(self) -> None:
        self.updates: list[dict[str, object]] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.url = ""

    async def __call__(self, scope, receive, send) -> None:
        request = Request(scope, receive)
        self.updates.append(json.loads(await request.body()))
        self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token"))
        await Response(status_code=self.statuses.pop(0) if self.statuses else 200)(scope, receive, send)


@asynccontextmanager
async def hook() -> AsyncIterator[Hook]:
    app = Hook()
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None, access_log=False))
    server.capture_signals = nullcontext
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    app.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield app
    server.should_exit = True
    await task


async def test_a_webhook_gets_updates_with_its_secret(playground: Playground, call: Caller, chat: Chat) -> None:
    async with hook() as target:
        await call.result("setWebhook", url=target.url + "/telegram", secret_token="s3cret", max_connections=1)
        await playground.send_text(chat, "hello")
        await playground.wait_for(lambda: chat.read_id == 2)
        assert [update["message"]["text"] for update in target.updates] == ["/start", "hello"]
        assert set(target.secrets) == {"s3cret"}
        assert (await call("getUpdates"))["error_code"] == 409
        info = await call.result("getWebhookInfo")
        assert info["url"].endswith("/telegram")
        await call.result("deleteWebhook")
        assert await call.result("getUpdates") == []


async def test_a_failed_delivery_comes_again(playground: Playground, call: Caller, chat: Chat) -> None:
    async with hook() as target:
        target.statuses = [500, 403]
        await call.result("setWebhook", url=target.url)
        await playground.wait_for(lambda: chat.read_id == 1)
        assert len(target.updates) == 3
        assert target.updates[0] == target.updates[2]
        assert "403" in (await call.result("getWebhookInfo"))["last_error_message"]


async def test_a_webhook_can_be_spread_over_replicas(playground: Playground, call: Caller, chat: Chat) -> None:
    async with hook() as one, hook() as two:
        playground.spread_webhooks([one.url, two.url])
        await call.result("setWebhook", url="https://bot.example.com/telegram", max_connections=1)
        for number in range(3):
            await playground.send_text(chat, str(number))
        await playground.wait_for(lambda: chat.read_id == 4)
        assert len(one.updates) == len(two.updates) == 2


async def test_duplicates_reach_the_webhook(playground: Playground, call: Caller, chat: Chat) -> None:
    async with hook() as target:
        playground.faults.duplicate_updates = 1.0
        await call.result("setWebhook", url=target.url)
        await playground.wait_for(lambda: chat.read_id == 1)
        for _ in range(50):
            if len(target.updates) == 2:
                break
            await asyncio.sleep(0.02)
        assert target.updates[0] == target.updates[1]


async def test_bad_webhooks_are_refused(call: Caller) -> None:
    assert "HTTPS URL must be provided" in await call.refused("setWebhook", url="http://bot.example.com")
    assert "ports 80, 88, 443 or 8443" in await call.refused("setWebhook", url="https://bot.example.com:9000")
    assert "unallowed characters" in await call.refused("setWebhook", url="https://a.example", secret_token="a b")


async def test_an_update_of_any_form_is_delivered_and_confirmed(
    playground: Playground, call: Caller, chat: Chat
) -> None:
    odd = playground.deliver_raw({"message": {"message_id": "five"}})
    as_it_is = playground.deliver_raw({"message": []}, numbered=False)
    playground.deliver_raw("no object")
    await playground.send_text(chat, "after")
    _, *raw, after = await call.result("getUpdates")
    assert raw == [{"message": {"message_id": "five"}, "update_id": odd}, {"message": []}, "no object"]
    assert [after["update_id"] - number for number in (odd, as_it_is)] == [3, 2]
    assert await call.result("getUpdates", offset=after["update_id"]) == [after]


async def test_a_webhook_gets_updates_of_any_form(playground: Playground, call: Caller) -> None:
    async with hook() as target:
        await call.result("setWebhook", url=target.url)
        playground.deliver_raw({"message": {"chat": 5}}, numbered=False)
        playground.deliver_raw([1])
        async with asyncio.timeout(10):
            while playground.state.updates.pending():
                await playground.state.updates.changed()
    assert sorted(target.updates, key=str) == [[1], {"message": {"chat": 5}}]
