"""How requests travel: wire formats, tokens, files, and who is let in."""

import asyncio
import logging
import mimetypes
from collections.abc import AsyncIterator

import httpx
import pytest

from telegram_playground import Chat, Playground
from tests.telegram_playground.conftest import Caller
from tests.telegram_playground.pictures import picture


async def test_a_method_takes_every_wire_format(playground: Playground, client: httpx.AsyncClient, chat: Chat) -> None:
    url = f"{playground.api_url}/bot{playground.token}/sendMessage"
    values = {"chat_id": str(chat.id), "text": "你好"}
    answers = [
        await client.get(url, params=values),
        await client.post(url, data=values),
        await client.post(url, json={**values, "chat_id": chat.id}),
        await client.post(url, data=values, files={"unused": ("a.txt", b"x")}),
    ]
    assert [answer.json()["result"]["text"] for answer in answers] == ["你好"] * 4


async def test_method_names_may_be_written_in_any_case(call: Caller) -> None:
    assert (await call.result("GETME"))["is_bot"] is True


async def test_wrong_token_is_401_and_unknown_method_404(playground: Playground, call: Caller) -> None:
    assert await call.refused("sendNothing") == "Not Found"
    for token in ("1:wrong", playground.token + "x"):
        answer = await call.client.get(f"{playground.api_url}/bot{token}/getMe")
        assert answer.status_code == 401
        assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_token_may_come_percent_encoded(playground: Playground, client: httpx.AsyncClient) -> None:
    token = playground.token.replace(":", "%3A")
    assert (await client.get(f"{playground.api_url}/bot{token}/getMe")).json()["ok"]


async def test_broken_bodies_are_refused(playground: Playground, client: httpx.AsyncClient) -> None:
    url = f"{playground.api_url}/bot{playground.token}/sendMessage"
    for content_type, body in [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("multipart/form-data; boundary=x", b"nothing"),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n"),
        ("image/png", b"x"),
    ]:
        answer = await client.post(url, content=body, headers={"Content-Type": content_type})
        assert answer.status_code == 400, (content_type, body)


async def test_files_come_back_whole_under_a_path_that_is_not_on_disk(
    playground: Playground, call: Caller, chat: Chat
) -> None:
    message = await playground.send_document(chat, b"1234567890", name="照片 1.heic")
    assert message.body["document"]["mime_type"] == "image/heic"
    file = await call.result("getFile", file_id=message.body["document"]["file_id"])
    assert file["file_size"] == 10
    url = f"{playground.api_url}/file/bot{playground.token.replace(':', '%3A')}/{file['file_path']}"
    assert (await call.client.get(url)).content == b"1234567890"
    assert (await call.client.get(url + "x")).status_code == 404
    assert await call.refused("getFile", file_id="unknown") == (
        "Bad Request: wrong file_id or the file is temporarily unavailable"
    )


async def test_files_over_20_mb_cannot_be_fetched(playground: Playground, call: Caller, chat: Chat) -> None:
    message = await playground.send_document(chat, bytes(20 * 1024 * 1024 + 1), name="big.jpg")
    assert await call.refused("getFile", file_id=message.body["document"]["file_id"]) == (
        "Bad Request: file is too big"
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8081"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_foreign_hosts_and_origins_are_refused(
    playground: Playground, client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    for path in ("/", "/chat/state", f"/bot{playground.token}/getMe"):
        answer = await client.get(playground.url + path, headers=headers)
        assert answer.status_code == 403, path
    assert (await client.post(playground.url + "/chat/send", headers=headers, json={})).status_code == 403


async def test_the_page_may_be_opened_from_a_link(playground: Playground, client: httpx.AsyncClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert (await client.get(playground.url + "/", headers=headers)).status_code == 200
    assert (await client.get(playground.url + "/chat/state", headers=headers)).status_code == 403


async def test_the_page_is_kept_to_itself(playground: Playground, client: httpx.AsyncClient) -> None:
    headers = (await client.get(playground.url)).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


async def test_the_pages_files_have_the_types_that_browsers_insist_on(
    playground: Playground, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mimetypes.types_map, ".js", "text/plain")  # some Windows machines
    script = await client.get(playground.url + "/page/main.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cache-control"] == "no-cache"
    again = await client.get(playground.url + "/page/main.js", headers={"If-None-Match": script.headers["etag"]})
    assert again.status_code == 304
    assert (await client.get(playground.url + "/page/../page_api.py")).status_code == 404
    assert (await client.get(playground.url + "/page/%2e%2e/page_api.py")).status_code == 404


async def test_bodies_are_limited(playground: Playground, client: httpx.AsyncClient) -> None:
    async def much() -> AsyncIterator[bytes]:
        for _ in range(52):
            yield bytes(1024 * 1024)

    url = f"{playground.api_url}/bot{playground.token}/sendDocument"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post(url, content=much(), headers=headers)
    assert answer.status_code == 413
    answer = await client.post(
        playground.url + "/chat/send", content=bytes(70_000), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413


def test_only_the_loopback_is_served() -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        Playground(host="0.0.0.0")


async def test_a_bot_that_dies_in_the_middle_of_a_request_is_no_error(
    playground: Playground, call: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", playground.port)
    head = f"POST /bot{playground.token}/sendMessage HTTP/1.1\r\nHost: 127.0.0.1:{playground.port}\r\n"
    writer.write(f"{head}Content-Length: 1000\r\n\r\nhalf".encode())
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()
    await writer.wait_closed()
    await reader.read()
    await call.result("getMe")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_taken_port_is_an_error(playground: Playground) -> None:
    with pytest.raises(OSError, match="in use"):
        await Playground(port=playground.port).start()


async def test_stopped_it_refuses_and_started_again_it_remembers(
    playground: Playground, call: Caller, chat: Chat
) -> None:
    port = playground.port
    await playground.stop()
    with pytest.raises(httpx.ConnectError):
        await call("getMe")
    await playground.start()
    assert playground.port == port
    assert (await call.result("sendMessage", chat_id=chat.id, text="still here"))["message_id"] == 2


async def test_requests_are_noted_with_their_files(playground: Playground, call: Caller, chat: Chat) -> None:
    await call.result(
        "sendPhoto",
        {"part": ("a.jpg", picture())},
        chat_id=chat.id,
        photo="attach://part",
        reply_markup={"inline_keyboard": []},
    )
    request = playground.requests.of("sendphoto")[0]
    assert request.params["reply_markup"] == {"inline_keyboard": []}
    assert request.files["part"].filename == "a.jpg"
    assert request.status == 200
    assert request.response["result"]["photo"]


async def test_memory_is_bounded(client: httpx.AsyncClient) -> None:
    async with Playground(port=0, file_budget=100_000) as playground:
        chat = playground.private(playground.person())
        first = await playground.send_document(chat, bytes(60_000))
        await playground.send_document(chat, bytes(60_000))
        call = Caller(playground, client)
        assert "wrong file_id" in await call.refused("getFile", file_id=first.body["document"]["file_id"])
        for number in range(450):
            await playground.send_text(chat, str(number))
        assert len(playground.messages(chat)) == 400
