import asyncio
import contextlib
import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Chat, Message, PhotoSize, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.handlers import photo_answers, photos
from bot.handlers.errors import ErrorReporter
from bot.handlers.reactions import Reactions
from bot.handlers.sending import Picture
from bot.jobs.detached_tasks import DetachedTasks
from bot.replies.texts import Language
from bot.vision.labels import CLASS_COUNT
from bot.vision.photo import PhotoError, PhotoProblem
from bot.vision.prediction import Prediction, Verdict
from tests.handlers.given import given

ANN = User(2, "Ann", False)
GROUP = Chat(-100_1, ChatType.SUPERGROUP)
PHOTO = (PhotoSize("file", "unique", 640, 480),)
CARD = Picture(b"", "words")
SEEN_AFTER_S = 0.05


class Sent:
    """What the bot sent about Ann's photo."""

    def __init__(self, chat: Chat, refuses: bool = False) -> None:
        self.calls: list[str] = []
        self.refuses = refuses
        self.message = Message(5, datetime.datetime.now(datetime.UTC), chat, from_user=ANN, photo=PHOTO)
        bot: Any = SimpleNamespace(
            send_photo=self._photo, send_message=self._words, set_message_reaction=self._reaction
        )
        self.message.set_bot(bot)
        self.eyes_may_go = asyncio.Event()
        self.eyes_may_go.set()
        self.tasks = DetachedTasks()
        self.reactions = Reactions(self.tasks, SEEN_AFTER_S)

    async def _photo(self, *_: Any, **__: Any) -> Message:
        if self.refuses:
            raise TelegramError("no")
        self.calls.append("card")
        return self.message

    async def _words(self, *_: Any, **__: Any) -> Message:
        self.calls.append("words")
        return self.message

    async def _reaction(self, *_: Any, reaction: str | None, **__: Any) -> None:
        if reaction == "👀":
            await self.eyes_may_go.wait()
        self.calls.append("no reaction" if reaction is None else reaction)

    async def finish(self) -> list[str]:
        await self.tasks.drain()
        return self.calls


def prediction(verdict: Verdict, *, likely: bool = False) -> Prediction:
    return Prediction((1 / CLASS_COUNT,) * CLASS_COUNT, verdict, likely=likely)


SURE, NOTHING = prediction(Verdict.SURE), prediction(Verdict.NO_GARMENT)
LIKELY, UNSURE = prediction(Verdict.UNSURE, likely=True), prediction(Verdict.UNSURE)


@pytest.mark.parametrize(
    ("predictions", "reaction"),
    [
        ([SURE], "👌"),
        ([LIKELY], "👌"),
        ([NOTHING], "👌"),
        ([UNSURE], "🤔"),
        ([SURE, UNSURE, NOTHING], "🤔"),
        ([SURE, SURE], "👌"),
    ],
)
async def test_the_reaction_changes_once_the_answer_is_there(predictions: list[Prediction], reaction: str) -> None:
    sent = Sent(Chat(ANN.id, ChatType.PRIVATE))
    await photo_answers.quote_and_react(sent.reactions, sent.message, CARD, predictions)
    assert await sent.finish() == ["card", reaction]


async def test_what_could_not_be_sent_changes_nothing() -> None:
    sent = Sent(Chat(ANN.id, ChatType.PRIVATE), refuses=True)
    with pytest.raises(TelegramError):
        await photo_answers.quote_and_react(sent.reactions, sent.message, CARD, [SURE])
    assert await sent.finish() == []


@pytest.mark.parametrize(("asker", "calls"), [(ANN.id, ["card", "👌"]), (7, ["card"])])
async def test_only_the_photo_of_whoever_asked_bears_one(asker: int, calls: list[str]) -> None:
    sent = Sent(GROUP)
    metrics = SimpleNamespace(timing=lambda _: contextlib.nullcontext())
    handlers = given(
        photos.PhotoHandlers,
        statistics=SimpleNamespace(metrics=metrics, photo_answered=lambda *_: None),
        detached_tasks=sent.tasks,
        reactions=sent.reactions,
        errors=given(ErrorReporter),
    )
    await handlers.answer(sent.message, CARD, SURE, asker, 0.0)
    assert await sent.finish() == calls


async def test_what_cannot_be_read_is_not_looked_at_any_more() -> None:
    sent = Sent(Chat(ANN.id, ChatType.PRIVATE))
    damaged = PhotoError(PhotoProblem.DAMAGED)
    await photo_answers.reply_failure(given(ErrorReporter), sent.reactions, sent.message, damaged, Language.EN)
    assert await sent.finish() == ["words", "no reaction"]


async def test_an_answer_that_comes_soon_is_all_that_its_photo_is_told() -> None:
    sent = Sent(Chat(ANN.id, ChatType.PRIVATE))
    sent.reactions.seen(sent.message)
    await photo_answers.quote_and_react(sent.reactions, sent.message, CARD, [SURE])
    await asyncio.sleep(2 * SEEN_AFTER_S)
    assert await sent.finish() == ["card", "👌"]


async def test_a_photo_whose_answer_takes_a_while_is_called_seen_before() -> None:
    sent = Sent(Chat(ANN.id, ChatType.PRIVATE))
    sent.reactions.seen(sent.message)
    await asyncio.sleep(2 * SEEN_AFTER_S)
    await photo_answers.quote_and_react(sent.reactions, sent.message, CARD, [UNSURE])
    assert await sent.finish() == ["👀", "card", "🤔"]


async def test_eyes_that_are_late_do_not_stay() -> None:
    sent = Sent(Chat(ANN.id, ChatType.PRIVATE))
    sent.eyes_may_go.clear()
    sent.reactions.seen(sent.message)
    await asyncio.sleep(2 * SEEN_AFTER_S)
    sent.reactions.change(sent.message, None)
    await asyncio.sleep(SEEN_AFTER_S)
    assert sent.calls == []
    sent.eyes_may_go.set()
    assert await sent.finish() == ["👀", "no reaction"]
