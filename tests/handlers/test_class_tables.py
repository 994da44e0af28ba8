"""A group's table is one message, whatever its number."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.course.numpy_training import TrainingSettings, initial_network
from bot.course.own_network import OwnNetwork, packed
from bot.course.recorded_runs import Epoch
from bot.handlers import class_tables
from bot.handlers.class_tables import ClassTableHandlers
from bot.replies.callback_data.actions import TrainJoin
from bot.replies.texts import Language
from bot.storage.class_tables import Classmate, ClassTableId, ClassTableMessage, Reached
from bot.storage.storage import Storage
from tests.handlers.given import given

GROUP, ANN = -7, 7


class Group:
    """A group in which the bot writes, and the store's record of its table."""

    chat_id, message_thread_id, is_topic_message = GROUP, None, False
    chat, from_user = SimpleNamespace(type="group"), None
    message_id = 1

    def __init__(self, earlier: int | None, sent: int) -> None:
        self.earlier = earlier
        self.sent = sent
        self.deleted: list[int] = []
        self.shown: list[int] = []
        self.text = ""

    def get_bot(self) -> Any:
        return self

    async def delete_message(self, chat_id: int, message_id: int) -> None:
        assert chat_id == GROUP
        self.deleted.append(message_id)

    async def reply_text(self, text: str, **fields: Any) -> Any:
        self.text = text
        return SimpleNamespace(message_id=self.sent)

    def of_chat(self, chat_id: int, thread_id: int) -> ClassTableMessage | None:
        if self.earlier is None:
            return None
        return ClassTableMessage(ClassTableId(1), chat_id, self.earlier, "en", (Classmate("Ann", None),))

    def show(self, chat_id: int, thread_id: int, message_id: int, language: str) -> None:
        self.shown.append(message_id)

    async def of(self, chat: Any, user: Any) -> Language:
        return Language.EN

    async def run(self, function: Any, *arguments: Any) -> Any:
        return function(*arguments)


@pytest.mark.parametrize(("earlier", "deleted"), [(None, []), (5, [5]), (9, [])])
async def test_the_message_that_showed_the_table_before_goes(earlier: int | None, deleted: list[int]) -> None:
    """A local server begins to count anew, so the earlier number may be that of the new message."""
    group = Group(earlier, sent=9)
    storage = SimpleNamespace(classes=group, run=group.run)
    handlers = given(ClassTableHandlers, languages=group, storage=storage)
    await handlers.show_table(group)  # type: ignore[arg-type]
    assert group.deleted == deleted
    assert group.shown == [9]
    assert ("Ann" in group.text) == (earlier is not None)


@pytest.mark.parametrize("weights", ["as trained", "damaged", None])
async def test_who_has_trained_before_joining_stands_in_the_table_with_that(
    storage: Storage, weights: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_tables, "debounce", lambda *_: None)
    network = initial_network(8, np.random.default_rng(1))
    trained = OwnNetwork(TrainingSettings(neurons=8), network, (Epoch(1, 0.5, 0.81, 0.6, 0.78),))
    storage.classes.show(GROUP, 0, 9, "en")
    if weights is not None:
        kept = packed(network) if weights == "as trained" else b"abc"
        storage.networks.keep(ANN, kept, trained.record)
    urls: list[str] = []

    async def answer(*_: Any, url: str) -> None:
        urls.append(url)

    bot = SimpleNamespace(username="a_bot")
    tap = SimpleNamespace(
        message=SimpleNamespace(chat_id=GROUP, message_id=9, get_bot=lambda: bot),
        user_id=ANN,
        query=SimpleNamespace(from_user=SimpleNamespace(first_name="Ann")),
        answer=answer,
    )
    handlers = given(ClassTableHandlers, storage=storage, debouncer=None)
    await handlers.join(tap, TrainJoin())  # type: ignore[arg-type]
    table = storage.classes.of_chat(GROUP, 0)
    assert table is not None
    reached = Reached(8, 1, True, 0.81, 0.78) if weights == "as trained" else None
    assert table.rows == (Classmate("Ann", reached),)
    assert urls == ["https://t.me/a_bot?start=train"]
