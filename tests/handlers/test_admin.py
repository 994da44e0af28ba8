"""Which corrections admins look at first, and what they are told of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot.handlers.admin import AdminHandlers
from bot.jobs.executors import Executors
from bot.jobs.retrying_rate_limiter import RetryingRateLimiter
from bot.replies.texts import Language
from bot.storage.storage import Storage
from bot.storage.types import CorrectionId, NewCorrection
from bot.vision.interpreter import NoModelError
from bot.vision.labels import CLASS_NAMES_EN, COAT, DRESS, SHIRT
from tests.handlers.given import given
from tests.handlers.telegram import ANN, Telegram, message
from tests.storage.conftest import jpeg, prediction


@pytest.fixture
def storage(storage: Storage) -> Storage:
    storage.corrections.grant_consent(ANN.id, "1")
    return storage


def keep(storage: Storage, seed: int, right: int) -> CorrectionId:
    new = NewCorrection(jpeg(seed), right, prediction(COAT), "old set")
    return storage.corrections.record_correction(ANN.id, new)


async def first_shown(storage: Storage, live: str | None) -> str:
    """The caption of the correction that `/corrections` begins with."""

    def live_set() -> SimpleNamespace:
        if live is None:
            raise NoModelError("there is none")
        return SimpleNamespace(version=live)

    async def language(*_: object) -> Language:
        return Language.EN

    admin = given(
        AdminHandlers,
        storage=storage,
        models=SimpleNamespace(live=live_set),
        languages=SimpleNamespace(of=language),
        executors=Executors(),
    )
    telegram = Telegram()
    await admin.corrections(message(telegram, RetryingRateLimiter()))
    (call,) = telegram.taken
    return call.text


async def test_what_surprises_the_live_set_comes_first_and_is_told_as_at_the_time(storage: Storage) -> None:
    keep(storage, 1, DRESS)
    keep(storage, 2, SHIRT)
    assert CLASS_NAMES_EN[DRESS] in await first_shown(storage, "old set")

    first, second = storage.corrections.unasked("new set")
    storage.corrections.note_asked("new set", [(first, 0.9), (second, 0.04)])
    shown = await first_shown(storage, "new set")
    assert CLASS_NAMES_EN[SHIRT] in shown, "the new set knows the dress"
    assert "Coat (55" in shown
    assert "old set" in shown
    assert CLASS_NAMES_EN[DRESS] in await first_shown(storage, "old set")


async def test_without_a_live_set_what_surprised_at_the_time_comes_first(storage: Storage) -> None:
    keep(storage, 1, DRESS)
    assert CLASS_NAMES_EN[DRESS] in await first_shown(storage, None)
