"""What was answered is known to the next process, also when the store is away at the wrong moment."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from telegram import Chat, Message, Update, User

from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage, open_storage
from bot.updates.answered import AnsweredUpdates

TOKEN = "123456:abcdefghijklmnopqrstuvwxyz"


def update(number: int) -> Update:
    message = Message(number, datetime(2026, 1, 1, tzinfo=UTC), Chat(7, "private"), from_user=User(7, "Ann", False))
    return Update(number, message=message)


class Place:
    """A store that goes away and comes back."""

    def __init__(self, storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.storage = storage
        self.is_away = False
        there = storage.updates.answered

        def answered(*keys: str) -> frozenset[str]:
            if self.is_away:
                raise StoreUnavailable("gone for lunch")
            return there(*keys)

        monkeypatch.setattr(storage.updates, "answered", answered)


@pytest.fixture
def place(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(open_storage(None, "key", root=store_folder), monkeypatch)


async def test_what_is_noted_is_known_to_the_next_process(place: Place) -> None:
    await AnsweredUpdates(place.storage, TOKEN).note([update(5)])
    assert await AnsweredUpdates(place.storage, TOKEN).among([update(5), update(6)]) == {5}
    assert await AnsweredUpdates(place.storage, TOKEN).among([]) == frozenset()


async def test_a_store_that_is_away_is_waited_for(place: Place) -> None:
    await AnsweredUpdates(place.storage, TOKEN).note([update(5)])
    place.is_away = True
    asking = asyncio.create_task(AnsweredUpdates(place.storage, TOKEN, retry_s=0.02).among([update(5)]))
    await asyncio.sleep(0.2)
    assert not asking.done()
    place.is_away = False
    assert await asyncio.wait_for(asking, 5) == {5}


async def test_a_long_outage_is_not_waited_for_to_its_end(place: Place) -> None:
    place.is_away = True
    answered = AnsweredUpdates(place.storage, TOKEN, patience_s=0.1, retry_s=0.02)
    assert await asyncio.wait_for(answered.among([update(5)]), 5) == frozenset()
