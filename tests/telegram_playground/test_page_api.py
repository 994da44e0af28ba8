"""What the page asks of the server, by plain HTTP."""

import json
from typing import Any

import httpx
import pytest

from telegram_playground import Playground
from telegram_playground.page_api import MAX_FILE_BYTES, MAX_FILES
from tests.telegram_playground.conftest import Caller
from tests.telegram_playground.pictures import picture


class Visitor:
    """A browser without a screen."""

    def __init__(self, playground: Playground, client: httpx.AsyncClient) -> None:
        self.url = playground.url
        self.client = client

    async def state(self, **headers: str) -> dict[str, Any]:
        return (await self.client.get(self.url + "/chat/state", headers=headers)).json()

    async def post(self, what: str, **data: Any) -> tuple[int, dict[str, Any]]:
        response = await self.client.post(f"{self.url}/chat/{what}", json=data)
        return response.status_code, response.json()

    async def upload(self, *files: tuple[str, bytes], **fields: Any) -> tuple[int, dict[str, Any]]:
        parts = [("files", (name, data, "image/jpeg")) for name, data in files]
        response = await self.client.post(f"{self.url}/chat/upload", data=fields, files=parts)
        return response.status_code, response.json()


@pytest.fixture
def visitor(playground: Playground, client: httpx.AsyncClient) -> Visitor:
    return Visitor(playground, client)


@pytest.fixture
async def chat_id(visitor: Visitor) -> int:
    return int((await visitor.state())["chats"][0]["id"])


async def test_what_is_said_comes_back_as_runs_and_never_as_markup(
    visitor: Visitor, chat_id: int, call: Caller
) -> None:
    assert (await visitor.post("send", chat=chat_id, text="<b>x</b>", nonce="n1"))[0] == 200
    await call.result("sendMessage", chat_id=chat_id, text="<b>a</b> &lt;script&gt;", parse_mode="HTML")
    asked, answer = (await visitor.state())["chats"][0]["messages"]
    assert asked["runs"] == [{"text": "<b>x</b>", "styles": []}]
    assert asked["nonce"] == "n1"
    assert answer["runs"] == [{"text": "a", "styles": ["bold"]}, {"text": " <script>", "styles": []}]


async def test_the_bot_gets_what_the_visitor_does(visitor: Visitor, chat_id: int, call: Caller) -> None:
    await visitor.post("send", chat=chat_id, text="/start")
    await visitor.upload(("a.jpg", picture()), ("b.jpg", picture()), chat=chat_id, caption="two")
    await visitor.upload(("大衣.heic", b"x"), chat=chat_id, as_file="1")
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "v1:a"}]]}
    sent = await call.result("sendMessage", chat_id=chat_id, text="b", reply_markup=markup)
    assert (await visitor.post("tap", chat=chat_id, message=sent["message_id"], data="v1:a"))[0] == 200
    assert (await visitor.post("tap", chat=chat_id, message=sent["message_id"], data="v1:b"))[0] == 400
    assert (await visitor.post("tap", chat=chat_id, message=999, data="v1:a"))[0] == 400
    updates = await call.result("getUpdates")
    messages = [update["message"] for update in updates[:-1]]
    assert messages[0]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert messages[1]["media_group_id"] == messages[2]["media_group_id"]
    assert messages[1]["caption"] == "two"
    assert messages[3]["document"]["file_name"] == "大衣.heic"
    assert updates[-1]["callback_query"]["data"] == "v1:a"


async def test_pictures_are_shown_and_other_files_only_downloaded(
    playground: Playground, visitor: Visitor, chat_id: int
) -> None:
    await visitor.upload(("a.jpg", picture()), chat=chat_id)
    await visitor.upload(
        ("evil.svg", b"<svg onload='alert(1)'/>"), ("evil.html", b"<script>"), chat=chat_id, as_file="1"
    )
    photo, svg, page = (await visitor.state())["chats"][0]["messages"]
    shown = await visitor.client.get(playground.url + photo["photo"]["src"])
    assert shown.headers["content-type"] == "image/jpeg"
    for hidden in (svg, page):
        answer = await visitor.client.get(playground.url + hidden["document"]["src"])
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment"
        assert hidden["document"]["image"] is False
    assert (await visitor.client.get(playground.url + "/chat/files/unknown")).status_code == 404


async def test_uploads_are_limited(visitor: Visitor, chat_id: int) -> None:
    small = ("a.jpg", picture(20, 20))
    assert (await visitor.upload(*[small] * (MAX_FILES + 1), chat=chat_id))[0] == 400
    assert (await visitor.upload(("a.bin", bytes(MAX_FILE_BYTES + 1)), chat=chat_id, as_file="1"))[0] == 413
    status, answer = await visitor.upload(("a.jpg", b"no picture"), chat=chat_id)
    assert (status, answer["description"]) == (400, "Bad Request: IMAGE_PROCESS_FAILED")
    assert (await visitor.state())["chats"][0]["messages"] == []


async def test_nonsense_is_refused(visitor: Visitor, chat_id: int, playground: Playground) -> None:
    assert (await visitor.post("send", chat=chat_id, text=" "))[0] == 400
    assert (await visitor.post("send", chat=chat_id, text="x" * 4097))[0] == 400
    assert (await visitor.post("send", chat=12345, text="a"))[0] == 400
    assert (await visitor.post("language", code="zh-hans"))[0] == 400
    form = await visitor.client.post(playground.url + "/chat/send", data={"chat": chat_id, "text": "a"})
    assert form.status_code == 400
    other = playground.private(playground.person("Somebody else"))
    await playground.send_text(other, "not for you")
    assert (await visitor.post("send", chat=other.id, text="a"))[0] == 400
    assert "not for you" not in json.dumps(await visitor.state())


async def test_the_group_friend_may_speak(visitor: Visitor, call: Caller) -> None:
    group = (await visitor.state())["chats"][1]
    await visitor.post("send", chat=group["id"], text="hi", **{"as": group["members"][1]["id"]})
    assert (await call.result("getUpdates"))[0]["message"]["from"]["first_name"] == "小美"


async def test_the_first_browser_sets_the_language(visitor: Visitor) -> None:
    state = await visitor.state(**{"Accept-Language": "en-GB,en"})
    assert state["language"] == "en"
    assert state["chats"][1]["title"] == "Wardrobe club"


async def test_events_follow_and_catch_up(playground: Playground, visitor: Visitor, chat_id: int) -> None:
    number = (await visitor.state())["number"]
    await visitor.post("send", chat=chat_id, text="one")

    async def events(after: str, wanted: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        async with visitor.client.stream("GET", f"{playground.url}/chat/events?after={after}") as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    found.append(json.loads(line[6:]))
                if len(found) == wanted:
                    break
        return found

    hello, message = await events(str(number), 2)
    assert hello["kind"] == "hello"
    assert (message["kind"], message["runs"][0]["text"]) == ("message", "one")
    assert (await events("99999", 2))[1]["kind"] == "reset"


async def test_an_emptied_chat_is_empty(visitor: Visitor, chat_id: int) -> None:
    await visitor.post("send", chat=chat_id, text="one")
    assert (await visitor.post("clear", chat=chat_id))[0] == 200
    assert (await visitor.state())["chats"][0]["messages"] == []
