import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Chat, Message, User

from bot.handlers.basics import BasicHandlers
from bot.replies.texts import Language, texts
from bot.storage.errors import StoreUnavailable
from tests.handlers.given import given

ANN = User(2, "Ann", False)


class Away:
    """A store whose database is away."""

    def __init__(self) -> None:
        self.corrections = SimpleNamespace(kept=None, permission=None, forget=None)

    async def run(self, *_: Any) -> Any:
        raise StoreUnavailable("away")


@pytest.mark.parametrize("language", list(Language))
async def test_privacy_does_not_pretend_to_know_while_the_store_is_away(language: Language) -> None:
    said: list[str] = []

    async def send_message(*_: Any, text: str, **__: Any) -> None:
        said.append(text)

    async def of(*_: Any) -> Language:
        return language

    message = Message(5, datetime.datetime.now(datetime.UTC), Chat(2, Chat.PRIVATE), from_user=ANN, text="/privacy")
    message.set_bot(SimpleNamespace(send_message=send_message))  # type: ignore[arg-type]
    handlers = given(BasicHandlers, storage=Away(), languages=SimpleNamespace(of=of))
    await handlers.privacy(message)
    (text,) = said
    words = texts(language).basics
    assert words.privacy_consent_unknown in text
    assert words.privacy_consent_not_given not in text
