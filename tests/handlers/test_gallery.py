import asyncio
import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from telegram import CallbackQuery, Chat, Message, User

from bot.datasets import Split, TestImages
from bot.handlers import gallery
from bot.handlers.errors import ErrorReporter
from bot.handlers.sending import Picture
from bot.handlers.taps import Tap
from bot.jobs.measuring import Measurement
from bot.replies.callback_data.actions import NewGallery
from bot.replies.callback_data.gallery import GalleryChoice
from bot.replies.texts import Language
from tests.handlers.given import given

ANN = User(2, "Ann", False)
LABELS = np.arange(100, dtype=np.uint8) % 10
TEST = TestImages.all_of(Split(np.zeros((100, 28, 28), np.uint8), LABELS))


class Measuring:
    """Knows what the model gets wrong when the test says so."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.done = 0.42

    def knows_live(self, _: Any) -> bool:
        return self.ready.is_set()

    async def known(self) -> Measurement:
        await self.ready.wait()
        predicted = np.where(np.arange(100) < 30, (LABELS + 1) % 10, LABELS).astype(np.uint8)
        return Measurement("ab" * 32, None, TEST, predicted, (), datetime.timedelta())


class Bench:
    """A tap, what it was answered, and what was shown."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.measuring, self.tasks = Measuring(), list[Any]()
        self.toasts: list[str | None] = []
        self.shown: list[Any] = []
        self.handlers = given(
            gallery.GalleryHandlers,
            page_url=None,
            measuring=self.measuring,
            test_set=SimpleNamespace(images=self._images),
            detached_tasks=SimpleNamespace(start=self.tasks.append),
            models=SimpleNamespace(live=lambda: SimpleNamespace(version="v")),
            errors=given(ErrorReporter),
        )
        message = Message(5, datetime.datetime.now(datetime.UTC), Chat(2, Chat.PRIVATE), from_user=ANN)
        query = CallbackQuery("1", ANN, "c", message=message)
        query.set_bot(SimpleNamespace(answer_callback_query=self._answer))  # type: ignore[arg-type]
        message.set_bot(SimpleNamespace(send_chat_action=self._nothing))  # type: ignore[arg-type]
        self.tap = Tap(query, message, Language.EN)
        monkeypatch.setattr(gallery.GalleryHandlers, "sheet", self._sheet)
        monkeypatch.setattr(gallery, "reply_photo", self._show)
        monkeypatch.setattr(gallery, "reply_text", self._show)

    async def _images(self) -> TestImages:
        return TEST

    async def _answer(self, *_: Any, text: str | None = None, **__: Any) -> None:
        self.toasts.append(text)

    async def _nothing(self, *_: Any, **__: Any) -> None:
        pass

    async def _sheet(self, shown: Any, _: Any, *, found: int) -> Picture:
        return Picture(shown, str(found))

    async def _show(self, _: Any, shown: Any, *__: Any) -> None:
        self.shown.append(shown)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


async def test_a_tap_for_wrong_ones_is_answered_and_done_with_before_they_are_known(bench: Bench) -> None:
    await bench.handlers.another(bench.tap, NewGallery(GalleryChoice(True)))
    assert bench.toasts == ["Looking for the images that the model gets wrong (42%); they will appear here."]
    assert bench.shown == []
    bench.measuring.ready.set()
    for task in bench.tasks:
        await task
    (sheet,) = bench.shown
    assert sheet.caption == "30"
    assert set(sheet.image.images) <= set(range(30))


@pytest.mark.parametrize(
    ("choice", "fitting"),
    [
        (GalleryChoice(), set(range(100))),
        (GalleryChoice(actual=3), set(range(3, 100, 10))),
        (GalleryChoice(True), set(range(30))),
        (GalleryChoice(True, 3), {3, 13, 23}),
        (GalleryChoice(True, 3, 4), {3, 13, 23}),
    ],
)
async def test_a_sheet_is_chosen_from_what_fits(bench: Bench, choice: GalleryChoice, fitting: set[int]) -> None:
    bench.measuring.ready.set()
    await bench.handlers.another(bench.tap, NewGallery(choice))
    (sheet,) = bench.shown
    assert sheet.caption == str(len(fitting))
    assert set(sheet.image.images) <= fitting
    assert len(sheet.image.images) == min(25, len(fitting))
    assert sheet.image.choice == choice
    assert bench.toasts == [None]


async def test_where_nothing_fits_that_is_said(bench: Bench) -> None:
    bench.measuring.ready.set()
    await bench.handlers.another(bench.tap, NewGallery(GalleryChoice(True, 3, 5)))
    assert bench.shown == [bench.tap.texts.test_images.gallery_none]
