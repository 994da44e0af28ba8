"""The bot's menus and descriptions."""

import pytest

from telegram_playground import Chat, Playground
from tests.telegram_playground.conftest import Caller
from tests.telegram_playground.pictures import picture

MENU = [{"command": "start", "description": "開始"}]
ENGLISH = [{"command": "start", "description": "Start"}]


@pytest.mark.parametrize("code", ["zh-hant", "zh-Hant", "zht", "ZH", "xx", "e"])
@pytest.mark.parametrize(
    ("method", "values"),
    [
        ("setMyCommands", {"commands": MENU}),
        ("setMyDescription", {"description": "a"}),
        ("setMyShortDescription", {"short_description": "a"}),
        ("setMyName", {"name": "a"}),
    ],
)
async def test_language_codes_have_two_letters(call: Caller, method: str, values: dict, code: str) -> None:
    assert await call.refused(method, **values, language_code=code) == ("Bad Request: invalid language code specified")
    assert await call.result(method, **values, language_code="zh") is True
    assert await call.result(method, **values, language_code="") is True


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([{"command": "Start", "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a-b", "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "x" * 33, "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a", "description": " "}], "command description must be non-empty"),
        ([{"command": "a", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        (MENU * 101, "BOT_COMMANDS_TOO_MUCH"),
        ({}, "expected an Array"),
        (["a"], "expected an Object"),
    ],
)
async def test_wrong_commands_are_refused(call: Caller, commands: object, reason: str) -> None:
    assert reason in await call.refused("setMyCommands", commands=commands)


async def test_the_menu_follows_scope_and_language(playground: Playground, call: Caller, chat: Chat) -> None:
    await call.result("setMyCommands", commands=MENU)
    await call.result("setMyCommands", commands=ENGLISH, language_code="en")
    assert await call.result("getMyCommands") == MENU
    assert await call.result("getMyCommands", language_code="de") == []
    profile, person = playground.state.profile, chat.owner
    assert profile.commands_for(chat, person) == MENU
    person.language_code = "en-GB"
    assert profile.commands_for(chat, person) == ENGLISH
    own = [{"command": "own", "description": "a"}]
    await call.result("setMyCommands", commands=own, scope={"type": "chat", "chat_id": chat.id})
    assert profile.commands_for(chat, person) == own
    await call.result("deleteMyCommands", scope={"type": "chat", "chat_id": chat.id})
    assert profile.commands_for(chat, person) == ENGLISH
    assert "unsupported type" in await call.refused("setMyCommands", commands=own, scope={"type": "x"})


async def test_descriptions_are_limited_and_localised(call: Caller) -> None:
    assert "too long" in await call.refused("setMyDescription", description="字" * 513)
    assert "too long" in await call.refused("setMyShortDescription", short_description="字" * 121)
    await call.result("setMyDescription", description="字" * 512)
    await call.result("setMyDescription", description="words", language_code="en")
    assert (await call.result("getMyDescription", language_code="de"))["description"] == "字" * 512
    assert (await call.result("getMyDescription", language_code="en"))["description"] == "words"


async def test_the_menu_button_is_one_that_exists(call: Caller) -> None:
    assert await call.result("setChatMenuButton", menu_button={"type": "commands"}) is True
    assert await call.result("getChatMenuButton") == {"type": "commands"}
    assert "unsupported type" in await call.refused("setChatMenuButton", menu_button={"type": "x"})


async def test_a_bot_can_ask_about_chats(playground: Playground, call: Caller, chat: Chat) -> None:
    assert (await call.result("getChat", chat_id=chat.id))["type"] == "private"
    group = playground.group("G", [chat.owner])
    member = await call.result("getChatMember", chat_id=group.id, user_id=chat.owner.id)
    assert member["status"] == "creator"
    assert "user not found" in await call.refused("getChatMember", chat_id=group.id, user_id=5)
    assert await call.result("getChatMemberCount", chat_id=group.id) == 2


async def test_the_profile_picture_is_set_once_seen_and_taken_away(playground: Playground, call: Caller) -> None:
    me = playground.state.bot.id
    photo = {"type": "static", "photo": "attach://face"}
    assert (await call.result("getUserProfilePhotos", user_id=me))["total_count"] == 0
    await call.result("setMyProfilePhoto", files={"face": ("a.jpg", picture(640, 640))}, photo=photo)
    photos = await call.result("getUserProfilePhotos", user_id=me)
    assert photos["total_count"] == 1
    assert photos["photos"][0][-1]["width"] == 640
    await call.result("removeMyProfilePhoto")
    assert (await call.result("getUserProfilePhotos", user_id=me))["photos"] == []


async def test_a_profile_picture_that_telegram_would_refuse(call: Caller) -> None:
    broken = await call.refused(
        "setMyProfilePhoto",
        files={"face": ("a.jpg", b"no picture")},
        photo={"type": "static", "photo": "attach://face"},
    )
    assert "IMAGE_PROCESS_FAILED" in broken
    assert "uploaded" in await call.refused("setMyProfilePhoto", photo={"type": "static", "photo": "some-file-id"})
    assert "unsupported" in await call.refused("setMyProfilePhoto", photo={"type": "animated", "photo": "attach://a"})
    assert "user not found" in await call.refused("getUserProfilePhotos", user_id=7)
