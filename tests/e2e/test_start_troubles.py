"""What answers the first calls instead of Telegram, and who else holds the token: the bot waits, and says so."""

import asyncio
import itertools
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from telegram_playground import Chat, Message, Playground
from telegram_playground.playground import PATIENCE_S
from tests.e2e.conftest import ADMIN_ID
from tests.e2e.running import BRISK_BOT, environment_for, running, start, until
from tests.e2e.test_webhook import Stage, stage

__all__ = ["stage"]

LOGIN_PAGE = b"<!DOCTYPE html><html><body>Welcome to the hotel</body></html>"
SOMEBODY = "SOMEBODY"


def arrange(server: Playground, trouble: str, method: str, times: int = 3) -> None:
    if trouble == "page":
        server.faults.page(LOGIN_PAGE, method, times=times)
    elif trouble == "page 404":
        server.faults.page(LOGIN_PAGE, method, status=404, times=times)
    elif trouble == "page 403":
        server.faults.page(LOGIN_PAGE, method, status=403, times=times)
    elif trouble == "json":
        server.faults.page(json.dumps({"error": "who are you?"}).encode(), method, times=times)
    elif trouble == "429":
        server.faults.flood(method, retry_after=2, times=1)
    else:
        server.faults.error(int(trouble), method, times=times)


@pytest.mark.parametrize("trouble", ["400", "403", "404", "429", "page", "page 403", "page 404", "json"])
async def test_whatever_answers_the_first_call_is_waited_for(
    server: Playground, tmp_path: Path, places: dict[str, str], trouble: str
) -> None:
    arrange(server, trouble, "getMe")
    arrange(server, trouble, "deleteWebhook", times=1)
    arrange(server, trouble, "getUpdates", times=1)
    ann = server.private(server.person("Ann"))
    async with running(server, tmp_path, **places, LOG_LEVEL="INFO") as bot:
        await server.next_from_bot(await server.send_text(ann, "/help"))
        assert shortest_pause(server, "getMe") >= 0.4
        assert "getMe failed" in bot.text or "getMe has to wait" in bot.text  # as Telegram asked
        assert "hotel" not in bot.text


async def test_a_wait_longer_than_any_answer_is_worth_is_waited_at_the_start(
    server: Playground, tmp_path: Path, places: dict[str, str]
) -> None:
    server.faults.flood("getMe", retry_after=3000)
    bot = await start([], environment_for(server, tmp_path, **places, LOG_LEVEL="INFO"), tmp_path)
    await until(lambda: "3000 s (429" in bot.text, bot)
    await asyncio.sleep(3)
    assert len(server.requests.of("getMe")) == 1
    began = time.monotonic()
    assert await bot.stop() == 0
    assert time.monotonic() - began < 60, "of the 3000 seconds that were asked for"
    assert "Traceback" not in bot.text


async def test_a_token_that_worked_may_be_refused_for_a_while(
    server: Playground, tmp_path: Path, places: dict[str, str]
) -> None:
    ann = server.private(server.person("Ann"))
    server.faults.error(401, "deleteWebhook", times=2)
    async with running(server, tmp_path, **places):
        await server.next_from_bot(await server.send_text(ann, "/help"))
        server.faults.error(401, "getUpdates", times=2)
        server.faults.error(404, "getUpdates", times=1)
        await server.next_from_bot(await server.send_text(ann, "/help"))


async def test_one_unreadable_update_stops_nobody(
    server: Playground, inbox: Chat, tmp_path: Path, places: dict[str, str]
) -> None:
    ann = server.private(server.person("Ann"))
    started = await server.send_text(inbox, "/start")
    odd = server.deliver_raw(unreadable())
    async with running(server, tmp_path, **places) as bot:
        await server.next_from_bot(started)
        for content in (unreadable(), {"message": {"text": SOMEBODY}}, {"callback_query": {"id": 5}}):
            server.deliver_raw(content)
        server.deliver_raw([SOMEBODY])
        server.deliver_raw({"message": {"text": SOMEBODY}}, numbered=False)
        await server.next_from_bot(await server.send_text(ann, "/help"))
        await server.wait_for(lambda: notices(server, inbox, "UnreadableUpdate"))
        async with asyncio.timeout(PATIENCE_S):
            while server.state.updates.pending():
                await server.state.updates.changed()
        assert f"update {odd} cannot be read" in bot.text
        assert SOMEBODY not in bot.text
    assert len(notices(server, inbox, "UnreadableUpdate")) == 1


async def test_a_webhook_set_by_another_process_is_deleted_by_the_one_that_polls(
    server: Playground, inbox: Chat, tmp_path: Path, places: dict[str, str]
) -> None:
    async with running(server, tmp_path, **places) as bot:
        await server.next_from_bot(await server.send_text(inbox, "/start"))
        await call(server, "setWebhook", url="http://127.0.0.1:9/telegram")
        await server.next_from_bot(await server.send_text(inbox, "/help"))
        await server.wait_for(lambda: notices(server, inbox, "WebhookInTheWay"))
        assert "Another process polls" not in bot.text
        assert "Another process set a webhook" in bot.text
        await server.wait_for(lambda: not server.state.webhook.url)


async def test_a_webhook_taken_away_is_set_again_and_told_of(stage: Stage) -> None:
    admin = stage.api.private(stage.api.person("Ada"))
    web = await stage.web(module=BRISK_BOT, ADMIN_IDS=str(ADMIN_ID))
    await stage.api.next_from_bot(await stage.api.send_text(admin, "/start"))
    for taken in ("deleteWebhook", "setWebhook"):
        await call(stage.api, taken, **({"url": "http://127.0.0.1:9/elsewhere"} if taken == "setWebhook" else {}))
        await until_ready_says(web, "degraded", "away")
        await stage.api.next_from_bot(await stage.api.send_text(admin, "/help"))
        assert stage.api.state.webhook.url == f"{web.url}/telegram"
        await until_ready_says(web, "ready", "ok")
    await stage.api.wait_for(lambda: notices(stage.api, admin, "WebhookTaken"))
    assert len(notices(stage.api, admin, "WebhookTaken")) == 1


@pytest.mark.parametrize("trouble", ["400", "404", "429", "page"])
async def test_a_webhook_that_cannot_be_registered_is_no_reason_to_end(stage: Stage, trouble: str) -> None:
    arrange(stage.api, trouble, "getMe", times=2)
    arrange(stage.api, trouble, "setWebhook", times=4)
    ann = stage.api.private(stage.api.person("Ann"))
    web = await stage.web()
    await stage.api.next_from_bot(await stage.api.send_text(ann, "/help"))
    await until_ready_says(web, "ready", "ok")
    assert shortest_pause(stage.api, "setWebhook") >= 0.4


async def test_a_webhook_gets_past_unreadable_updates(stage: Stage) -> None:
    await stage.web()
    ann = stage.api.private(stage.api.person("Ann"))
    for content in (unreadable(), [SOMEBODY], {"message": []}):
        stage.api.deliver_raw(content)
    await stage.api.next_from_bot(await stage.api.send_text(ann, "/help"))
    async with asyncio.timeout(PATIENCE_S):
        while stage.api.state.updates.pending():
            await stage.api.state.updates.changed()
    assert SOMEBODY not in stage.printed


def unreadable() -> dict[str, Any]:
    person = {"id": 71, "is_bot": False, "first_name": SOMEBODY}
    chat = {"id": 71, "type": "private", "first_name": SOMEBODY}
    gift = {"origin": "transfer", "gift": {"base_name": "a", "name": "b", "number": 1}}
    return {"message": {"message_id": 5, "date": 1, "chat": chat, "from": person, "unique_gift": gift}}


def shortest_pause(server: Playground, method: str) -> float:
    times = [request.at for request in server.requests.of(method)]
    return min(later - earlier for earlier, later in itertools.pairwise(times))


def notices(server: Playground, chat: Chat, kind: str) -> list[Message]:
    return [message for message in server.from_bot(chat) if kind in message.text]


async def call(server: Playground, method: str, **params: str) -> None:
    """Call a method as another process with the same token does."""
    async with httpx.AsyncClient(trust_env=False) as client:
        (await client.post(f"{server.api_url}/bot{server.token}/{method}", data=params)).raise_for_status()


async def until_ready_says(web: Any, status: str, webhook: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            said = (await web.client.get("/readyz")).json()
            if (said["status"], said["webhook"]) == (status, webhook):
                return
            await asyncio.sleep(0.2)
