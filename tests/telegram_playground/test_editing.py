"""Editing, deleting and reacting."""

from typing import Any

import pytest

from telegram_playground import Chat, Playground
from tests.telegram_playground.conftest import Caller
from tests.telegram_playground.pictures import picture

BUTTON = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}


@pytest.fixture
async def sent(call: Caller, chat: Chat) -> dict[str, Any]:
    """Where the bot's text message with a button is."""
    message = await call.result("sendMessage", chat_id=chat.id, text="one", reply_markup=BUTTON)
    return {"chat_id": chat.id, "message_id": message["message_id"]}


@pytest.fixture
async def pictured(call: Caller, chat: Chat) -> dict[str, Any]:
    """Where the bot's photo is."""
    message = await call.result("sendPhoto", {"photo": ("a.jpg", picture())}, chat_id=chat.id, caption="one")
    return {"chat_id": chat.id, "message_id": message["message_id"]}


async def test_text_and_buttons_change(call: Caller, sent: dict[str, Any]) -> None:
    edited = await call.result("editMessageText", **sent, text="two")
    assert edited["text"] == "two"
    assert edited["edit_date"]
    assert "reply_markup" not in edited
    assert (await call.result("editMessageReplyMarkup", **sent, reply_markup=BUTTON))["reply_markup"] == BUTTON


async def test_an_edit_has_to_change_something(call: Caller, sent: dict[str, Any], pictured: dict[str, Any]) -> None:
    assert "message is not modified" in await call.refused("editMessageText", **sent, text="one", reply_markup=BUTTON)
    assert "message is not modified" in await call.refused("editMessageReplyMarkup", **sent, reply_markup=BUTTON)
    assert "message is not modified" in await call.refused("editMessageCaption", **pictured, caption="one")
    assert (await call.result("editMessageText", **sent, text="one"))["text"] == "one"


async def test_only_the_bots_own_messages_of_the_right_kind(
    playground: Playground, call: Caller, chat: Chat, sent: dict[str, Any], pictured: dict[str, Any]
) -> None:
    first = {"chat_id": chat.id, "message_id": playground.messages(chat)[0].id}
    assert await call.refused("editMessageText", **first, text="a") == "Bad Request: message can't be edited"
    assert await call.refused("editMessageText", chat_id=chat.id, message_id=999, text="a") == (
        "Bad Request: message to edit not found"
    )
    assert await call.refused("editMessageText", chat_id=chat.id, text="a") == (
        "Bad Request: message identifier is not specified"
    )
    assert await call.refused("editMessageText", **pictured, text="a") == (
        "Bad Request: there is no text in the message to edit"
    )
    assert await call.refused("editMessageCaption", **sent, caption="a") == (
        "Bad Request: there is no caption in the message to edit"
    )


async def test_a_picture_can_be_exchanged(call: Caller, pictured: dict[str, Any]) -> None:
    media = {"type": "photo", "media": "attach://new", "caption": "<b>two</b>", "parse_mode": "HTML"}
    edited = await call.result("editMessageMedia", {"new": ("b.jpg", picture(300, 200))}, **pictured, media=media)
    assert edited["photo"][-1]["width"] == 300
    assert edited["caption_entities"][0]["type"] == "bold"
    same = {"type": "photo", "media": edited["photo"][0]["file_id"], "caption": "<b>two</b>", "parse_mode": "HTML"}
    assert "message is not modified" in await call.refused("editMessageMedia", **pictured, media=same)
    broken = {"new": ("b.jpg", b"x")}
    assert "IMAGE_PROCESS_FAILED" in await call.refused("editMessageMedia", broken, **pictured, media=media)


async def test_messages_are_deleted_once(call: Caller, sent: dict[str, Any]) -> None:
    assert await call.result("deleteMessage", **sent) is True
    assert await call.refused("deleteMessage", **sent) == "Bad Request: message to delete not found"
    assert await call.refused("editMessageText", **sent, text="a") == "Bad Request: message to edit not found"


async def test_in_groups_others_messages_cannot_be_deleted(playground: Playground, call: Caller) -> None:
    group = playground.group("G", [playground.person()])
    message = await playground.send_text(group, "mine")
    assert await call.refused("deleteMessage", chat_id=group.id, message_id=message.id) == (
        "Bad Request: message can't be deleted"
    )


async def test_reactions_are_telegrams_emoji(playground: Playground, call: Caller, chat: Chat) -> None:
    message = playground.messages(chat)[0]
    where = {"chat_id": chat.id, "message_id": message.id}
    assert await call.result("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "👀"}]) is True
    assert list(message.reactions.values()) == [["👀"]]
    for wrong in ("👚", "✅", "x"):
        assert await call.refused("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": wrong}]) == (
            "Bad Request: REACTION_INVALID"
        )
    two = [{"type": "emoji", "emoji": "👀"}, {"type": "emoji", "emoji": "👍"}]
    assert await call.refused("setMessageReaction", **where, reaction=two) == "Bad Request: REACTIONS_TOO_MANY"
    assert await call.result("setMessageReaction", **where, reaction=[]) is True
    assert not message.reactions
    assert "not found" in await call.refused("setMessageReaction", chat_id=chat.id, message_id=999, reaction=[])


async def test_the_known_emoji_are_those_of_the_bot_api() -> None:
    from telegram.constants import ReactionEmoji

    from telegram_playground.checks import REACTIONS

    assert {emoji.value.replace("\ufe0f", "") for emoji in ReactionEmoji} == set(REACTIONS)
