"""Inline queries: somebody writes the bot's name in a chat, and sends what it offers."""

from functools import partial
from types import ModuleType
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from telegram_playground import Chat, Playground
from tests.telegram_playground.conftest import Caller
from tests.telegram_playground.pictures import picture

ARTICLE = {"type": "article", "id": "1", "title": "A shirt", "input_message_content": {"message_text": "<b>x</b>"}}


async def photo_id(call: Caller, chat: Chat) -> str:
    sent = await call.result("sendPhoto", files={"photo": ("a.jpg", picture())}, chat_id=chat.id)
    return str(sent["photo"][-1]["file_id"])


async def test_the_bot_says_that_it_takes_them(playground: Playground, call: Caller) -> None:
    assert (await call.result("getMe"))["supports_inline_queries"] is True
    playground.state.inline_mode = False
    assert (await call.result("getMe"))["supports_inline_queries"] is False


async def test_what_is_asked_reaches_the_bot(
    aiogram: ModuleType, playground: Playground, call: Caller, chat: Chat
) -> None:
    await call.result("getUpdates", offset=-1)
    group = playground.supergroup("Group", [chat.owner])
    for where, kind in ((chat, "sender"), (group, "supergroup")):
        query = playground.ask_inline(where, "42")
        update = aiogram.types.Update.model_validate((await call.result("getUpdates", offset=-1))[-1])
        assert isinstance(update.inline_query, aiogram.types.InlineQuery)
        assert update.inline_query.id == query.id
        assert (update.inline_query.query, update.inline_query.chat_type) == ("42", kind)
        assert update.inline_query.from_user.id == chat.owner.id


async def test_a_photo_that_is_chosen_is_sent_in_the_persons_name(
    playground: Playground, call: Caller, chat: Chat
) -> None:
    group = playground.supergroup("Group", [chat.owner])
    query = playground.ask_inline(group, "42")
    file_id = await photo_id(call, chat)
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "v1:a"}]]}
    result = {"type": "photo", "id": "p", "photo_file_id": file_id, "caption": "<b>x</b>", "parse_mode": "HTML"}
    await call.result(
        "answerInlineQuery", inline_query_id=query.id, results=[result | {"reply_markup": markup}], is_personal="true"
    )
    sent = await playground.send_inline(query, "p")
    assert (sent.chat, sent.sender, sent.text) == (group, chat.owner, "x")
    update = (await call.result("getUpdates", offset=-1))[-1]
    assert update["message"]["via_bot"]["id"] == playground.state.bot.id
    await playground.tap(sent, "a")
    tapped = (await call.result("getUpdates", offset=-1))[-1]["callback_query"]
    assert tapped["inline_message_id"]
    assert "message" not in tapped
    with pytest.raises(LookupError):
        await playground.send_inline(query, "another")


async def test_what_telegram_would_refuse_is_refused(playground: Playground, call: Caller, chat: Chat) -> None:
    query = playground.ask_inline(chat, "")
    photo = {"type": "photo", "id": "p", "photo_url": "https://example.org/a.jpg", "thumbnail_url": "https://e.org/a"}
    for results, reason in (
        ([ARTICLE, ARTICLE], "RESULT_ID_DUPLICATE"),
        ([ARTICLE | {"id": "a" * 65}], "RESULT_ID_INVALID"),
        ([ARTICLE | {"id": str(number)} for number in range(51)], "RESULTS_TOO_MUCH"),
        ([ARTICLE | {"title": ""}], "article title must be non-empty"),
        ([ARTICLE | {"type": "strange"}], "unsupported inline query result type"),
        ([ARTICLE | {"input_message_content": {}}], "message text is empty"),
        ([photo], "WEBPAGE_MEDIA_EMPTY"),
        ([photo | {"photo_file_id": "no"}], "wrong file_id"),
        ("{}", "can't parse inline query results"),
    ):
        assert reason in await call.refused("answerInlineQuery", inline_query_id=query.id, results=results)
    await call.result("answerInlineQuery", inline_query_id=query.id, results=[ARTICLE])
    assert "query is too old" in await call.refused("answerInlineQuery", inline_query_id=query.id, results=[ARTICLE])


async def test_a_photo_is_fetched_from_the_mounted_page_alone(playground: Playground, call: Caller, chat: Chat) -> None:
    asked: list[str] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        kind = "image/jpeg" if scope["path"].endswith(".jpg") else "text/plain"
        await Response(picture(), media_type=kind)(scope, receive, send)

    def offered(name: str) -> dict[str, Any]:
        address = f"{playground.web_app_url}{name}"
        return {"type": "photo", "id": "p", "photo_url": address, "thumbnail_url": address, "caption": "x"}

    query = playground.ask_inline(chat, "")
    refused = partial(call.refused, "answerInlineQuery", inline_query_id=query.id)
    assert "WEBPAGE_CURL_FAILED" in await refused(results=[offered("a.jpg")]), "nothing is mounted yet"
    playground.mount(page)
    assert "WEBPAGE_MEDIA_EMPTY" in await refused(results=[offered("a.txt")])
    assert "thumbnail" in await refused(results=[offered("a.jpg") | {"thumbnail_url": ""}])
    elsewhere = playground.url + "/chat/state"
    assert "WEBPAGE_MEDIA_EMPTY" in await refused(results=[offered("a.jpg") | {"photo_url": elsewhere}])
    await call.result("answerInlineQuery", inline_query_id=query.id, results=[offered("a.jpg")])
    sent = await playground.send_inline(query, "p")
    assert (sent.is_photo, sent.text) == (True, "x")
    assert [path.rpartition("/")[2] for path in asked] == ["a.txt", "a.jpg"]
