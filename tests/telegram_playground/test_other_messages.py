"""What people send beside texts, photos and files."""

import io
from types import ModuleType

import pytest
from PIL import Image

from telegram_playground import Chat, Playground
from telegram_playground.other_messages import OTHER_MESSAGES
from tests.telegram_playground.conftest import Caller
from tests.telegram_playground.pictures import picture


@pytest.mark.parametrize("kind", OTHER_MESSAGES)
async def test_each_kind_arrives_as_telegram_sends_it(
    aiogram: ModuleType, playground: Playground, call: Caller, chat: Chat, kind: str
) -> None:
    before = await playground.send_text(chat, "before")
    await playground.send_other(chat, kind, reply_to=before)
    (update,) = (await call.result("getUpdates", offset=-1))[-1:]
    message = aiogram.types.Update.model_validate(update).message
    assert message is not None
    assert getattr(message, kind) is not None
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "before"


async def test_a_sticker_is_a_picture(playground: Playground, chat: Chat) -> None:
    sticker = await playground.send_other(chat, "sticker")
    stored = playground.state.files.get(sticker.body["sticker"]["file_id"])
    with Image.open(io.BytesIO(stored.data)) as image:
        assert (image.format, image.size) == ("WEBP", (512, 512))
        assert image.getpixel((2, 2))[3] == 0


async def test_the_still_of_a_live_photo_can_be_fetched(playground: Playground, call: Caller, chat: Chat) -> None:
    live = await playground.send_live_photo(chat, picture(640, 480))
    largest = live.body["live_photo"]["photo"][-1]
    assert (largest["width"], largest["height"]) == (640, 480)
    assert (await call.result("getFile", file_id=largest["file_id"]))["file_path"]


async def test_a_poll_of_a_person_can_be_voted_in(
    aiogram: ModuleType, playground: Playground, call: Caller, chat: Chat
) -> None:
    asked = await playground.send_poll(chat, "Which?", ["a", "b"])
    message = aiogram.types.Update.model_validate((await call.result("getUpdates", offset=-1))[-1]).message
    assert message is not None
    assert message.poll is not None
    assert [option.text for option in message.poll.options] == ["a", "b"]
    await playground.vote(asked, "b")
    assert asked.body["poll"]["total_voter_count"] == 1
