import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Chat, Message, User

from bot.handlers.basics import BasicHandlers
from bot.replies.callback_data import parse
from bot.replies.callback_data.actions import Forget
from bot.replies.messages import forget_text, forgotten_text
from bot.replies.texts import Language, texts
from bot.storage.errors import StoreUnavailable
from bot.storage.types import Forgotten
from tests.handlers.given import given

ANN = User(2, "Ann", False)


class Person:
    """What the store has of Ann, what was said to her, and what the bot remembers of her chat."""

    def __init__(self, language: Language, stored: Forgotten, *, away: bool = False) -> None:
        self.language, self.stored, self.away = language, stored, away
        self.said: list[tuple[str, Any]] = []
        self.toasts: list[str | None] = []
        self.training: object = None
        self.remembered = {"languages", "course_places", "recent_photos"}
        self.handlers = given(
            BasicHandlers,
            class_tables=SimpleNamespace(joined_by=self._no_tables, refresh_without=self._no_tables),
            storage=SimpleNamespace(
                corrections=SimpleNamespace(stored=self._stored, forget=self._forget), run=self._run
            ),
            languages=SimpleNamespace(of=self._of, forget=lambda _: self.remembered.discard("languages")),
            course_places=SimpleNamespace(forget=lambda _: self.remembered.discard("course_places")),
            recent_photos=SimpleNamespace(forget=lambda _: self.remembered.discard("recent_photos")),
            training=SimpleNamespace(of=lambda user: self.training if user == ANN.id else None, cancel=self._cancel),
        )
        self.message = Message(
            5, datetime.datetime.now(datetime.UTC), Chat(2, Chat.PRIVATE), from_user=ANN, text="/forget"
        )
        self.message.set_bot(
            SimpleNamespace(send_message=self._say, edit_message_text=self._say, edit_message_reply_markup=self._say)
        )  # type: ignore[arg-type]
        self.tap: Any = SimpleNamespace(
            message=self.message, user_id=ANN.id, language=language, texts=texts(language), answer=self._answer
        )

    async def _run(self, function: Any, *arguments: Any) -> Any:
        if self.away:
            raise StoreUnavailable("away")
        return function(*arguments)

    async def _no_tables(self, *_: Any) -> tuple[()]:
        return tuple(await self._run(tuple))

    def _stored(self, user: int) -> Forgotten:
        assert user == ANN.id
        return self.stored

    def _forget(self, user: int) -> Forgotten:
        stored, self.stored = self._stored(user), Forgotten(0, 0)
        return stored

    def _cancel(self, training: object) -> None:
        assert training is self.training
        self.training = None

    async def _of(self, *_: Any) -> Language:
        return self.language

    async def _say(self, *_: Any, text: str = "", reply_markup: Any = None, **__: Any) -> None:
        self.said.append((text, reply_markup))

    async def _answer(self, toast: str | None = None, **_: Any) -> None:
        self.toasts.append(toast)


@pytest.mark.parametrize("language", list(Language))
async def test_it_asks_first_and_deletes_nothing(language: Language) -> None:
    person = Person(language, Forgotten(5, 3))
    await person.handlers.forget(person.message)
    ((text, keyboard),) = person.said
    assert text == forget_text(5, 3, language)
    buttons = [button for row in keyboard.inline_keyboard for button in row]
    assert [parse(button.callback_data) for button in buttons] == [Forget(True), Forget(False)]
    assert person.stored == Forgotten(5, 3)
    assert len(person.remembered) == 3


@pytest.mark.parametrize("language", list(Language))
async def test_a_yes_deletes_everything_and_counts_it(language: Language) -> None:
    person = Person(language, Forgotten(5, 3))
    await person.handlers.forget_if_sure(person.tap, Forget(True))
    assert person.said == [(forgotten_text(5, 3, language), None)]
    assert person.stored == Forgotten(0, 0)
    assert person.remembered == set()


async def test_a_training_under_way_is_cancelled_or_its_network_would_be_kept() -> None:
    person = Person(Language.EN, Forgotten(0, 0))
    person.training = "a training"
    await person.handlers.forget(person.message)
    await person.handlers.forget_if_sure(person.tap, Forget(True))
    assert [text for text, _ in person.said] == [forget_text(1, 0, Language.EN), forgotten_text(1, 0, Language.EN)]
    assert person.training is None


async def test_a_second_yes_leaves_what_the_first_one_said() -> None:
    person = Person(Language.EN, Forgotten(0, 0))
    await person.handlers.forget_if_sure(person.tap, Forget(True))
    assert person.said == [("", None)], "only the buttons go"
    assert person.toasts == [texts(Language.EN).corrections.nothing_to_forget]


async def test_a_no_deletes_nothing() -> None:
    person = Person(Language.EN, Forgotten(5, 3))
    await person.handlers.forget_if_sure(person.tap, Forget(False))
    assert person.said == [(texts(Language.EN).corrections.not_forgotten, None)]
    assert person.stored == Forgotten(5, 3)
    assert len(person.remembered) == 3


async def test_where_there_is_nothing_nothing_is_asked() -> None:
    person = Person(Language.EN, Forgotten(0, 0))
    await person.handlers.forget(person.message)
    assert person.said == [(texts(Language.EN).corrections.nothing_to_forget, None)]
    assert person.remembered == set()


async def test_while_the_store_is_away_neither_pretends_to_have_deleted() -> None:
    person = Person(Language.EN, Forgotten(5, 3), away=True)
    await person.handlers.forget(person.message)
    await person.handlers.forget_if_sure(person.tap, Forget(True))
    away = texts(Language.EN).faults.store_away
    assert [text for text, _ in person.said] == [away]
    assert person.toasts == [away]
    assert len(person.remembered) == 3
