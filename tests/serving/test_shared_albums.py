"""One answer for an album, whoever received its photos."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, Chat, Message, PhotoSize, User

from bot.corrections.errors import StoreUnavailable
from bot.corrections.storage import Storage, open_storage
from bot.serving import shared_albums
from bot.serving.ledger import Ledger
from bot.serving.shared_albums import Joined, SharedAlbums

BOT = Bot("123456:abcdefghijklmnopqrstuvwxyz")


class Clock:
    """The time, and a way to skip some of it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Replica:
    """One process's share of the albums; an answer takes as long as the test says."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.ledger = Ledger()
        self.albums = SharedAlbums(storage, self.ledger, BOT)
        self.answered: list[list[int]] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.running = asyncio.create_task(self.albums.run(self.answer))

    async def receive(self, number: int) -> Joined:
        return await self.albums.add(photo(number), 100 + number, self.answer)

    async def answer(self, messages: list[Message], update_ids: list[int]) -> None:
        """As the photo queue does: hold, answer later, release."""
        for update_id in update_ids:
            self.ledger.hold(update_id)
        asyncio.get_running_loop().create_task(self._finish(messages, update_ids))

    async def _finish(self, messages: list[Message], update_ids: list[int]) -> None:
        await self.go_on.wait()
        self.answered.append([message.message_id for message in messages])
        self.ledger.release_all(update_ids)

    async def vanish(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)


def photo(number: int) -> Message:
    message = Message(
        message_id=number,
        date=datetime.now(UTC),
        chat=Chat(7, "private"),
        from_user=User(7, "Ann", is_bot=False),
        photo=(PhotoSize(f"file{number}", f"unique{number}", 320, 240),),
        media_group_id="55",
    )
    message.set_bot(BOT)
    return message


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def start(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[[], Replica]]:
    monkeypatch.setattr(shared_albums, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(shared_albums, "QUIET", timedelta(seconds=0.1))
    monkeypatch.setattr("bot.corrections.albums.QUIET", timedelta(seconds=0.1))
    started: list[Replica] = []

    def start_one() -> Replica:
        started.append(Replica(open_storage(None, "key", root=tmp_path, clock=clock)))
        return started[-1]

    yield start_one
    for replica in started:
        await replica.vanish()
        replica.storage.close()


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(8):
        while not condition():  # noqa: ASYNC110 - what is waited for is in another thread
            await asyncio.sleep(0.02)


async def test_photos_at_two_replicas_are_one_album(start: Callable[[], Replica]) -> None:
    one, other = start(), start()
    for replica, number in ((one, 3), (other, 1), (one, 2)):
        assert await replica.receive(number) is Joined.COLLECTED
    await until(lambda: one.answered + other.answered)
    await asyncio.sleep(0.3)
    assert one.answered + other.answered == [[1, 2, 3]]


async def test_a_photo_after_the_answer_is_told_apart(start: Callable[[], Replica]) -> None:
    one, other = start(), start()
    await one.receive(1)
    await until(lambda: one.answered)
    assert await other.receive(2) is Joined.TOO_LATE


async def test_an_album_whose_replica_dies_is_answered_by_another(start: Callable[[], Replica], clock: Clock) -> None:
    dying = start()
    dying.go_on.clear()
    await dying.receive(1)
    await dying.receive(2)
    await until(lambda: dying.ledger.open)
    await dying.vanish()
    other = start()
    await asyncio.sleep(0.3)
    assert other.answered == []
    clock.ahead = timedelta(seconds=60)
    await until(lambda: other.answered == [[1, 2]])


async def test_an_answer_in_the_last_moment_is_noted(start: Callable[[], Replica], clock: Clock) -> None:
    ending = start()
    ending.go_on.clear()
    await ending.receive(1)
    await until(lambda: ending.ledger.open)
    await ending.vanish()
    ending.go_on.set()
    await until(lambda: not ending.ledger.open)
    await ending.albums.leave()
    other = start()
    clock.ahead = timedelta(seconds=60)
    await asyncio.sleep(0.4)
    assert other.answered == []


async def test_an_unanswered_album_is_left_to_the_others_at_once(start: Callable[[], Replica], clock: Clock) -> None:
    ending = start()
    ending.go_on.clear()
    await ending.receive(1)
    await until(lambda: ending.ledger.open)
    await ending.vanish()
    await ending.albums.leave()
    clock.ahead = timedelta(seconds=6)  # shorter than a lease
    other = start()
    await until(lambda: other.answered == [[1]])


async def test_without_the_store_a_replica_collects_by_itself(
    start: Callable[[], Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    replica = start()

    def away(*_: object) -> None:
        raise StoreUnavailable("gone for lunch")

    monkeypatch.setattr(replica.storage.albums, "add_album_part", away)
    assert await replica.receive(1) is Joined.STORE_AWAY
