"""Taps on buttons."""

import pytest

from telegram_playground import Chat, Playground
from telegram_playground.chats import Message
from tests.telegram_playground.conftest import Caller

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def message(playground: Playground, call: Caller, chat: Chat) -> Message:
    rows = [[{"text": "對", "callback_data": "v1:right"}, {"text": "說明", "url": "https://a.example"}]]
    await call.result("sendMessage", chat_id=chat.id, text="a", reply_markup={"inline_keyboard": rows})
    return playground.from_bot(chat)[-1]


async def test_a_tap_reaches_the_bot_and_its_answer_the_person(
    playground: Playground, call: Caller, message: Message
) -> None:
    tap = await playground.tap(message, "對")
    query = (await call.result("getUpdates"))[-1]["callback_query"]
    assert query["data"] == "v1:right"
    assert query["message"]["text"] == "a"
    assert await call.result("answerCallbackQuery", callback_query_id=query["id"], text="謝謝", show_alert=True) is True
    assert await playground.answer_of(tap) == {"text": "謝謝", "show_alert": True, "url": ""}


async def test_a_query_is_answered_once_and_in_time(playground: Playground, call: Caller, message: Message) -> None:
    tap = await playground.tap(message, "v1:right")
    assert (await call("answerCallbackQuery", callback_query_id=tap.id))["ok"]
    assert await call.refused("answerCallbackQuery", callback_query_id=tap.id) == TOO_OLD
    assert await call.refused("answerCallbackQuery", callback_query_id="1") == TOO_OLD
    late = await playground.tap(message, "對", expired=True)
    assert await call.refused("answerCallbackQuery", callback_query_id=late.id) == TOO_OLD
    playground.faults.callback_lifetime_s = 0
    later = await playground.tap(message, "對")
    assert await call.refused("answerCallbackQuery", callback_query_id=later.id) == TOO_OLD


async def test_toasts_are_limited(playground: Playground, call: Caller, message: Message) -> None:
    tap = await playground.tap(message, "對")
    assert await call.refused("answerCallbackQuery", callback_query_id=tap.id, text="好" * 201) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert (await call("answerCallbackQuery", callback_query_id=tap.id, text="好" * 200))["ok"]


async def test_one_taps_only_what_is_there(playground: Playground, call: Caller, message: Message) -> None:
    with pytest.raises(LookupError):
        await playground.tap(message, "v1:other")
    with pytest.raises(LookupError):
        await playground.tap(message, "說明")
    await playground.tap(message, "v1:other", forged=True)
    assert (await call.result("getUpdates"))[-1]["callback_query"]["data"] == "v1:other"
