"""What a bot may send, and what Telegram would refuse."""

import asyncio
import json
from typing import Any

import pytest

from telegram_playground import Chat, Playground
from tests.telegram_playground.conftest import Caller
from tests.telegram_playground.pictures import picture


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


async def test_text_is_limited_after_parsing(call: Caller, chat: Chat) -> None:
    send = {"chat_id": chat.id}
    assert await call.refused("sendMessage", **send) == "Bad Request: message text is empty"
    assert await call.refused("sendMessage", **send, text=" \n") == "Bad Request: message text is empty"
    assert await call.refused("sendMessage", **send, text="<b></b>", parse_mode="HTML") == (
        "Bad Request: message text is empty"
    )
    assert await call.refused("sendMessage", **send, text="長" * 4097) == "Bad Request: message is too long"
    message = await call.result("sendMessage", **send, text=f"<b>{'長' * 4096}</b>", parse_mode="HTML")
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]
    assert isinstance(message["date"], int)


async def test_captions_are_limited_after_parsing(call: Caller, chat: Chat) -> None:
    async def send(caption: str) -> dict[str, Any]:
        return await call(
            "sendPhoto", {"photo": ("a.jpg", picture(50, 50))}, chat_id=chat.id, caption=caption, parse_mode="HTML"
        )

    assert (await send(f"<i>{'說' * 1024}</i>"))["ok"]
    assert (await send("說" * 1025))["description"] == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("<b>a", "HTML", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "HTML", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", "HTML", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("1 < 2", "HTML", 'Unsupported start tag "" at byte offset 2'),
        ("你<br>", "HTML", 'Unsupported start tag "br" at byte offset 3'),
        ("<b", "HTML", "Unclosed start tag at byte offset 0"),
        ('<span class="x">a</span>', "HTML", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "92.1 %",
            "MarkdownV2",
            "Character '.' is reserved and must be escaped with the preceding '\\' at byte offset 2",
        ),
        ("*a", "MarkdownV2", "Can't find end of the entity starting at byte offset 2"),
    ],
)
async def test_broken_markup_is_refused_in_telegrams_words(
    call: Caller, chat: Chat, text: str, mode: str, reason: str
) -> None:
    assert await call.refused("sendMessage", chat_id=chat.id, text=text, parse_mode=mode) == (
        f"Bad Request: can't parse entities: {reason}"
    )


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard(text="a"), "Text buttons are unallowed in the inline keyboard"),
        (keyboard(callback_data="a"), 'Can\'t find field "text"'),
        (keyboard(text=" ", callback_data="a"), "non-empty"),
        (keyboard(text="a", callback_data="b", url="https://a.example"), "Exactly one"),
        (keyboard(text="a", callback_data=""), "BUTTON_DATA_INVALID"),
        (keyboard(text="a", callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (keyboard(text="a", callback_data="圖" * 22), "BUTTON_DATA_INVALID"),
        (keyboard(text="a", url="javascript:alert(1)"), "Unsupported URL protocol"),
        ({"inline_keyboard": [{"text": "a", "callback_data": "b"}]}, "Array"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "b"}] * 9]}, "BUTTONS_IN_ROW"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101}, "too long"),
        ({"remove_keyboard": False}, "object expected as reply markup"),
        ([], "object expected as reply markup"),
    ],
)
async def test_broken_keyboards_are_refused(call: Caller, chat: Chat, markup: Any, reason: str) -> None:
    assert reason in await call.refused("sendMessage", chat_id=chat.id, text="a", reply_markup=markup)


async def test_unreadable_keyboard_json_is_refused(call: Caller, chat: Chat) -> None:
    refusal = await call.refused("sendMessage", chat_id=chat.id, text="a", reply_markup="{")
    assert refusal == "Bad Request: can't parse reply markup JSON object"


async def test_longest_callback_data_passes(call: Caller, chat: Chat) -> None:
    markup = keyboard(text="a", callback_data="x" * 64)
    assert (await call.result("sendMessage", chat_id=chat.id, text="a", reply_markup=markup))["reply_markup"] == markup


async def test_replies_need_their_message_unless_told_otherwise(
    playground: Playground, call: Caller, chat: Chat
) -> None:
    first = playground.messages(chat)[0]
    answer = await call.result("sendMessage", chat_id=chat.id, text="a", reply_parameters={"message_id": first.id})
    assert answer["reply_to_message"]["text"] == "/start"
    gone = {"message_id": 999}
    assert await call.refused("sendMessage", chat_id=chat.id, text="a", reply_parameters=gone) == (
        "Bad Request: message to be replied not found"
    )
    gone["allow_sending_without_reply"] = True
    assert "reply_to_message" not in await call.result("sendMessage", chat_id=chat.id, text="a", reply_parameters=gone)


async def test_bots_write_only_where_they_may(playground: Playground, call: Caller, chat: Chat) -> None:
    silent = playground.private(playground.person("Bo"))
    for unknown in (silent.id, 1, "nobody", -5):
        assert await call.refused("sendMessage", chat_id=unknown, text="a") == "Bad Request: chat not found"
    assert await call.refused("sendMessage", text="a") == "Bad Request: chat_id is empty"
    playground.block(chat)
    assert await call.refused("sendMessage", chat_id=chat.id, text="a") == "Forbidden: bot was blocked by the user"
    playground.block(chat, blocked=False)
    assert (await call("sendMessage", chat_id=chat.id, text="a"))["ok"]


async def test_topics_are_kept(playground: Playground, call: Caller) -> None:
    ann = playground.person()
    forum = playground.supergroup("F", [ann], topics=["A", "B"])
    asked = await playground.send_text(forum, "a", topic=2)
    answer = await call.result("sendMessage", chat_id=forum.id, text="b", reply_parameters={"message_id": asked.id})
    assert answer["message_thread_id"] == 2
    assert answer["chat"]["is_forum"] is True
    assert await call.refused("sendMessage", chat_id=forum.id, text="b", message_thread_id=77) == (
        "Bad Request: message thread not found"
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (picture()[:600], "IMAGE_PROCESS_FAILED"),
        (b"", "file must be non-empty"),
        (picture(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (picture(6000, 4001), "PHOTO_INVALID_DIMENSIONS"),
        (picture(64, 64, kind="PNG") + bytes(10 * 1024 * 1024), "too big for a photo"),
    ],
    ids=["text", "truncated", "empty", "too long", "too large", "too heavy"],
)
async def test_pictures_that_telegram_cannot_take_are_refused(
    call: Caller, chat: Chat, data: bytes, reason: str
) -> None:
    refusal = await call.refused("sendPhoto", {"photo": ("a.jpg", data)}, chat_id=chat.id)
    assert reason in refusal


async def test_a_photo_comes_in_sizes_and_can_be_sent_again_by_its_id(call: Caller, chat: Chat) -> None:
    message = await call.result("sendPhoto", {"photo": ("a.png", picture(2000, 1000, kind="PNG"))}, chat_id=chat.id)
    assert [(size["width"], size["height"]) for size in message["photo"]] == [
        (90, 45),
        (320, 160),
        (800, 400),
        (1280, 640),
    ]
    again = await call.result("sendPhoto", chat_id=chat.id, photo=message["photo"][-1]["file_id"])
    assert again["photo"] == message["photo"]
    assert "can't find uploaded file" in await call.refused("sendPhoto", chat_id=chat.id, photo="attach://x")
    assert "wrong file_id" in await call.refused("sendPhoto", chat_id=chat.id, photo="unknown")
    assert "there is no photo" in await call.refused("sendPhoto", chat_id=chat.id)


async def test_albums_have_two_to_ten(call: Caller, chat: Chat) -> None:
    files = {f"p{n}": (f"{n}.jpg", picture(40, 40)) for n in range(11)}
    media = [{"type": "photo", "media": f"attach://p{n}", "caption": str(n)} for n in range(11)]
    sent = await call.result("sendMediaGroup", files, chat_id=chat.id, media=media[:10])
    assert [message["caption"] for message in sent] == [str(n) for n in range(10)]
    assert len({message["media_group_id"] for message in sent}) == 1
    for wrong in (media, media[:1]):
        assert "2-10" in await call.refused("sendMediaGroup", files, chat_id=chat.id, media=wrong)
    mixed = [media[0], {"type": "document", "media": "attach://p1"}]
    assert "can't be mixed" in await call.refused("sendMediaGroup", files, chat_id=chat.id, media=mixed)


async def test_chat_actions_are_known_ones(playground: Playground, call: Caller, chat: Chat) -> None:
    assert await call.result("sendChatAction", chat_id=chat.id, action="upload_photo") is True
    assert chat.typing[0] == "upload_photo"
    await call.result("sendMessage", chat_id=chat.id, text="done")
    assert chat.typing[0] == ""
    assert await call.refused("sendChatAction", chat_id=chat.id, action="thinking") == (
        "Bad Request: wrong parameter action in request"
    )


async def test_the_message_is_gone_when_the_picture_is_ready(playground: Playground, call: Caller, chat: Chat) -> None:
    first = playground.messages(chat)[0]
    sending = asyncio.create_task(
        call(
            "sendPhoto",
            {"photo": ("a.jpg", picture(4000, 3000))},
            chat_id=chat.id,
            reply_parameters={"message_id": first.id},
        )
    )
    await playground.delete(first)
    assert (await sending)["description"] == "Bad Request: message to be replied not found"


async def test_json_bodies_carry_nested_objects(playground: Playground, call: Caller, chat: Chat) -> None:
    url = f"{playground.api_url}/bot{playground.token}/sendMessage"
    body = {"chat_id": chat.id, "text": "a", "reply_markup": keyboard(text="a", callback_data="b")}
    answer = (
        await call.client.post(url, content=json.dumps(body), headers={"Content-Type": "application/json"})
    ).json()
    assert answer["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "b"
