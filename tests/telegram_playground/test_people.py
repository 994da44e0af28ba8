"""What people send can be read by python-telegram-bot and by aiogram."""

import io
from types import ModuleType
from typing import Any

import pytest
import telegram
from PIL import Image

from telegram_playground import Chat, Playground
from telegram_playground.images import NotAPhoto
from tests.telegram_playground.conftest import Caller
from tests.telegram_playground.pictures import picture


@pytest.fixture
async def everything(playground: Playground, call: Caller, chat: Chat) -> list[dict[str, Any]]:
    """Updates of every kind."""
    forum = playground.supergroup("F", [chat.owner, playground.person("Bo", username="bo_1")], topics=["A"])
    photo = await playground.send_photo(chat, picture(), caption="看 /classify")
    await playground.send_text(chat, "a", reply_to=photo)
    await playground.send_document(chat, b"x", name="a.pdf")
    await playground.send_document(chat, b"x", name="a", mime="")
    await playground.send_album(forum, [picture(), picture()], caption="two", topic=1)
    for kind in ("sticker", "voice", "video", "animation", "location", "contact"):
        await playground.send_other(chat, kind)
    await playground.send_service(forum, {"new_chat_members": [playground.state.bot.api()]})
    await playground.edit(photo, "neu")
    await call.result(
        "sendMessage",
        chat_id=chat.id,
        text="b",
        reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
    )
    await playground.tap(playground.from_bot(chat)[-1], "a")
    playground.block(chat)
    return await call.result("getUpdates")


async def test_updates_are_read_by_both_libraries(
    aiogram: ModuleType, playground: Playground, everything: list[dict[str, Any]]
) -> None:
    assert len(everything) == 17
    bot = telegram.Bot(playground.token)
    for update in everything:
        parsed = telegram.Update.de_json(update, bot)
        assert parsed is not None
        assert not parsed.api_kwargs, update
        assert not parsed.effective_chat.api_kwargs
        if parsed.effective_message:
            assert not parsed.effective_message.api_kwargs
        model = aiogram.types.Update.model_validate(update)
        assert model.event_type in update


async def test_the_bots_own_answers_are_read_by_aiogram(
    aiogram: ModuleType, playground: Playground, call: Caller, chat: Chat
) -> None:
    for method, model in (("getMe", aiogram.types.User), ("getWebhookInfo", aiogram.types.WebhookInfo)):
        model.model_validate(await call.result(method))
    aiogram.types.ChatFullInfo.model_validate(await call.result("getChat", chat_id=chat.id))
    sent = await call.result("sendPhoto", {"photo": ("a.jpg", picture())}, chat_id=chat.id, caption="a")
    aiogram.types.Message.model_validate(sent)


async def test_telegram_encodes_photos_anew(playground: Playground, chat: Chat) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Camera of Ann"
    message = await playground.send_photo(chat, picture(2000, 1000, exif=exif, comment=b"secret"))
    assert [(s["width"], s["height"]) for s in message.body["photo"]] == [(45, 90), (160, 320), (400, 800), (640, 1280)]
    received = Image.open(io.BytesIO(playground.picture(message)))
    assert received.format == "JPEG"
    assert received.size == (640, 1280)
    assert not received.getexif()
    assert b"secret" not in playground.picture(message)
    small = await playground.send_photo(chat, picture(300, 200, kind="PNG"))
    assert [s["width"] for s in small.body["photo"]] == [90, 300]


async def test_what_is_no_photo_can_still_be_sent_as_it_is(playground: Playground, chat: Chat) -> None:
    with pytest.raises(NotAPhoto):
        await playground.send_photo(chat, b"hostile")
    message = await playground.send_photo(chat, b"hostile", as_it_is=True)
    assert playground.picture(message) == b"hostile"


async def test_waiting_gives_up(playground: Playground, chat: Chat) -> None:
    with pytest.raises(TimeoutError):
        await playground.answer_to(playground.messages(chat)[0], timeout=0.05)
