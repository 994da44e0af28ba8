"""Faults happen when they are ordered, and only then."""

import asyncio
import time

import httpx
import pytest

from telegram_playground import Chat, Playground
from telegram_playground.faults import DOWNLOAD
from tests.telegram_playground.conftest import Caller
from tests.waiting import until


async def test_flood_control_strikes_one_chat_once(playground: Playground, call: Caller, chat: Chat) -> None:
    other = playground.private(playground.person())
    await playground.send_text(other, "/start")
    playground.faults.flood("sendMessage", chat_id=chat.id, retry_after=3)
    assert (await call("sendMessage", chat_id=other.id, text="a"))["ok"]
    assert await call("sendMessage", chat_id=chat.id, text="a") == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert (await call("sendMessage", chat_id=chat.id, text="a"))["ok"]
    assert playground.faults.struck == 1


async def test_server_errors_have_their_status(playground: Playground, call: Caller) -> None:
    playground.faults.error(502, "getMe")
    assert (await call("getMe"))["error_code"] == 502
    playground.faults.error(500)
    assert (await call("getMe"))["description"] == "Internal Server Error"
    assert (await call("getMe"))["ok"]


async def test_connections_are_cut_before_or_after_the_work(playground: Playground, call: Caller, chat: Chat) -> None:
    playground.faults.cut("sendMessage")
    with pytest.raises(httpx.RemoteProtocolError):
        await call("sendMessage", chat_id=chat.id, text="a")
    assert playground.from_bot(chat) == []
    playground.faults.cut("sendMessage", after=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await call("sendMessage", chat_id=chat.id, text="a")
    assert len(playground.from_bot(chat)) == 1


async def test_it_is_noted_which_answers_nobody_got(playground: Playground, call: Caller, chat: Chat) -> None:
    seen = []
    playground.requests.observers.append(seen.append)
    await call("sendMessage", chat_id=chat.id, text="a")
    playground.faults.cut("sendMessage", after=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await call("sendMessage", chat_id=chat.id, text="b")
    held = playground.faults.hold("sendMessage")
    async with httpx.AsyncClient(timeout=30) as hasty:
        asking = asyncio.create_task(
            hasty.post(
                f"{playground.api_url}/bot{playground.token}/sendMessage", data={"chat_id": chat.id, "text": "c"}
            )
        )
        await until(lambda: playground.faults.struck == 2)
        asking.cancel()
        await asyncio.wait([asking])
    await call.client.get(playground.url)  # this comes after the end of that connection
    held.release()
    await until(lambda: len(seen) == 3)
    assert [(each.status, each.response["result"]["text"]) for each in seen] == [(200, "a"), (0, "b"), (0, "c")]
    assert {each.host for each in seen} == {"127.0.0.1"}


async def test_answers_are_held_back(playground: Playground, call: Caller) -> None:
    playground.faults.delay(0.3, "getMe")
    begun = time.monotonic()
    await call("getMe")
    assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize("end", ["release", "clear"])
async def test_answers_are_held_until_they_are_released(
    playground: Playground, call: Caller, chat: Chat, end: str
) -> None:
    other = playground.private(playground.person())
    await playground.send_text(other, "/start")
    held = playground.faults.hold("sendMessage", chat_id=chat.id)
    asking = [asyncio.create_task(call("sendMessage", chat_id=chat.id, text=text)) for text in "ab"]
    await until(lambda: len(playground.requests.of("sendMessage")) == 2)
    assert (await call("sendMessage", chat_id=other.id, text="c"))["ok"]
    assert playground.from_bot(chat) == []
    if end == "release":
        held.release()
    else:
        playground.faults.clear()
    assert all(answer["ok"] for answer in await asyncio.gather(*asking))
    assert (await call("sendMessage", chat_id=chat.id, text="d"))["ok"]
    assert sorted(message.text for message in playground.from_bot(chat)) == ["a", "b", "d"]


async def test_a_download_is_held(playground: Playground, call: Caller, chat: Chat) -> None:
    message = await playground.send_document(chat, bytes(1000))
    file = await call.result("getFile", file_id=message.body["document"]["file_id"])
    held = playground.faults.hold(DOWNLOAD)
    url = f"{playground.api_url}/file/bot{playground.token}/{file['file_path']}"
    fetching = asyncio.create_task(call.client.get(url))
    await until(lambda: playground.faults.struck)
    assert not fetching.done()
    held.release()
    assert len((await fetching).content) == 1000


@pytest.mark.parametrize("honest", [True, False])
async def test_downloads_are_truncated(playground: Playground, call: Caller, chat: Chat, honest: bool) -> None:
    message = await playground.send_document(chat, bytes(1000))
    file = await call.result("getFile", file_id=message.body["document"]["file_id"])
    url = f"{playground.api_url}/file/bot{playground.token}/{file['file_path']}"
    playground.faults.truncate_files(keep=0.25, honest=honest)
    if honest:
        with pytest.raises(httpx.RemoteProtocolError):
            await call.client.get(url)
    else:
        assert len((await call.client.get(url)).content) == 250
    assert len((await call.client.get(url)).content) == 1000


async def test_updates_are_duplicated_and_reordered(playground: Playground, call: Caller, chat: Chat) -> None:
    for number in range(5):
        await playground.send_text(chat, str(number))
    playground.faults.duplicate_updates = 1.0
    playground.faults.reorder_updates = True
    updates = await call.result("getUpdates")
    ids = [update["update_id"] for update in updates]
    assert len(ids) == 12
    assert len(set(ids)) == 6
    assert ids != sorted(ids)
    playground.faults.clear()
    assert len(await call.result("getUpdates")) == 6


async def test_polling_is_spared_by_general_faults(playground: Playground, call: Caller) -> None:
    playground.faults.flood()
    assert (await call("getUpdates"))["ok"]
    playground.faults.error(502, "getUpdates")
    assert (await call("getUpdates"))["error_code"] == 502


async def test_a_rate_strikes_about_as_often(playground: Playground, call: Caller) -> None:
    playground.faults.error(500, "getMe", rate=0.5, times=None)
    failed = [not (await call("getMe"))["ok"] for _ in range(60)]
    assert 10 < sum(failed) < 50


async def test_a_page_may_stand_in_the_place_of_an_answer(playground: Playground, call: Caller) -> None:
    playground.faults.page(b"<html>Log in to the hotel</html>", "getMe", status=200)
    answer = await call.client.get(f"{playground.api_url}/bot{playground.token}/getMe")
    assert (answer.status_code, answer.text) == (200, "<html>Log in to the hotel</html>")
    assert answer.headers["content-type"].startswith("text/html")
    assert (await call("getMe"))["ok"]
