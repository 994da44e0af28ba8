import datetime
from types import SimpleNamespace

import pytest
from telegram import Chat, Message

from bot.handlers import links


def message(text: str | None) -> Message:
    made = Message(5, datetime.datetime.now(datetime.UTC), Chat(2, Chat.PRIVATE), text=text)
    made.set_bot(SimpleNamespace(username="our_bot"))  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/learn 9", "9"),
        ("/learn@our_bot  9 ", "9"),
        ("/gallery ankle boot", "ankle boot"),
        ("/start learn_9", "9"),
        ("/start@our_bot learn_9", "9"),
        ("/start gallery_ankle_boot", "ankle_boot"),
        ("/start learn", ""),
        ("/start learn 9", "learn 9"),
        ("/learn", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_command_and_a_link_ask_the_same(text: str | None, asked: str) -> None:
    assert links.asked_for(message(text)) == asked


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("/start learn_9", "learn"),
        ("/start learn", "learn"),
        ("/start LEARN_9", "learn"),
        ("/start learned", "start"),
        ("/start", "start"),
        ("/start learn 9", "start"),
        ("/start learn_九", "start"),
        ("/start learn_" + "9" * 58, "learn"),
        ("/start learn_" + "9" * 59, "start"),
    ],
)
async def test_what_nobody_knows_is_start(text: str, done: str) -> None:
    did: list[str] = []

    async def learn(*_: object) -> None:
        did.append("learn")

    async def start(*_: object) -> None:
        did.append("start")

    await links.follow({"learn": learn}, start, message(text))
    assert did == [done]


def test_a_link_leads_into_the_private_chat() -> None:
    assert links.link_to(message(""), "learn_9") == "https://t.me/our_bot?start=learn_9"
    assert links.link_to(message("")) == "https://t.me/our_bot"
