"""One answer for an album, whoever received its photos."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from telegram import Bot, Chat, Message, PhotoSize, User

from bot.jobs.albums import Joined, SharedAlbums
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage, open_storage
from bot.storage.types import AlbumPart, AlbumState
from bot.storage.updates import MAX_ATTEMPTS
from bot.updates.lease_keeper import LeaseKeeper
from bot.updates.tracker import Held, UpdateTracker
from tests.waiting import until

BOT = Bot("123456:abcdefghijklmnopqrstuvwxyz")
QUIET = timedelta(seconds=0.1)


class Clock:
    """The time, and ways to skip some of it and to stop it."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._stopped_at: datetime | None = None

    def __call__(self) -> datetime:
        return (self._stopped_at or datetime.now(UTC)) + self.ahead

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """So that no album is complete meanwhile, however slow the machine is."""
        self._stopped_at = datetime.now(UTC)
        yield
        self._stopped_at = None


class Replica:
    """One process's share of the albums; an answer takes as long as the test says."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.tracker = UpdateTracker()
        self.albums = SharedAlbums(storage, self.tracker, BOT, quiet=QUIET)
        self.albums.answer_left = self.answer
        self.albums.give_up = self.give_up
        self.keeper = LeaseKeeper(storage, self.tracker, self.albums, heartbeat_s=0.1)
        self.answered: list[list[int]] = []
        self.given_up: list[int] = []
        self.failures = 0
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.running = asyncio.create_task(self.keeper.run())

    async def receive(self, number: int) -> Joined:
        return await self.albums.add(photo(number), 100 + number, self.answer)

    async def answer(self, messages: list[Message], update_ids: Sequence[Held]) -> None:
        """As the photo queue does: hold, answer later, release."""
        if self.failures:
            self.failures -= 1
            raise ValueError("no memory for an album")
        for update_id in update_ids:
            self.tracker.hold(update_id)
        asyncio.get_running_loop().create_task(self._finish(messages, update_ids))

    async def _finish(self, messages: list[Message], update_ids: Sequence[Held]) -> None:
        await self.go_on.wait()
        if any(self.tracker.is_open(each) for each in update_ids):
            self.answered.append([message.message_id for message in messages])
        self.tracker.release_all(update_ids)

    async def give_up(self, message: Message, error: Exception) -> None:
        self.given_up.append(message.message_id)

    async def vanish(self) -> None:
        self.albums.close()
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


async def caught_answering(replica: Replica) -> None:
    """It has a photo's album, and ends before the answer is there."""
    replica.go_on.clear()
    await replica.receive(1)
    await until(lambda: replica.tracker.open)
    await replica.vanish()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def start(store_folder: Path, clock: Clock) -> AsyncIterator[Callable[[], Replica]]:
    started: list[Replica] = []

    def start_one(*, steady: bool = True) -> Replica:
        storage = open_storage(None, "key", root=store_folder, clock=clock)
        if steady:  # as if it ran for a while
            storage._there_since -= 60
        started.append(Replica(storage))
        return started[-1]

    yield start_one
    for replica in started:
        await replica.vanish()
        replica.storage.close()


async def test_photos_at_two_replicas_are_one_album(start: Callable[[], Replica], clock: Clock) -> None:
    one, other = start(), start()
    with clock.stopped():
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
    with clock.stopped():
        await dying.receive(1)
        await dying.receive(2)
    await until(lambda: dying.tracker.open)
    await dying.vanish()
    other = start()
    await asyncio.sleep(0.3)
    assert other.answered == []
    clock.ahead = timedelta(seconds=60)
    await until(lambda: other.answered == [[1, 2]])


async def test_an_answer_in_the_last_moment_is_noted(start: Callable[[], Replica], clock: Clock) -> None:
    ending = start()
    await caught_answering(ending)
    ending.go_on.set()
    await until(lambda: not ending.tracker.open)
    await ending.keeper.leave()
    other = start()
    clock.ahead = timedelta(seconds=60)
    await asyncio.sleep(0.4)
    assert other.answered == []


async def test_an_unanswered_album_is_left_to_the_others_at_once(start: Callable[[], Replica], clock: Clock) -> None:
    ending = start()
    await caught_answering(ending)
    await ending.keeper.leave()
    clock.ahead = timedelta(seconds=6)  # shorter than a lease
    other = start()
    await until(lambda: other.answered == [[1]])


async def test_without_the_store_a_replica_collects_by_itself(
    start: Callable[[], Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    replica = start()

    monkeypatch.setattr(replica.storage.albums, "add_album_part", _away)
    assert await replica.receive(1) is Joined.STORE_AWAY


async def test_after_a_start_only_what_was_left_in_order_is_taken(start: Callable[..., Replica], clock: Clock) -> None:
    """Its owner may live and have had no chance to renew the lease while the store was away."""
    dying = start()
    await caught_answering(dying)
    clock.ahead = timedelta(seconds=60)
    fresh = start(steady=False)
    await asyncio.sleep(0.5)
    assert fresh.answered == []
    await dying.keeper.leave()
    await until(lambda: fresh.answered == [[1]])


async def test_who_was_away_does_not_answer_what_another_has_taken_over(
    start: Callable[..., Replica], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = start()
    slow.go_on.clear()
    await slow.receive(1)
    await until(lambda: slow.tracker.open)
    with monkeypatch.context() as outage:
        outage.setattr(slow.storage, "renew", _away)
        await asyncio.sleep(0.3)
        clock.ahead = timedelta(seconds=60)
        other = start()
        await until(lambda: other.answered == [[1]])
        slow.keeper._renewed_at -= 60
    await until(lambda: not slow.tracker.open)
    slow.go_on.set()
    await asyncio.sleep(0.3)
    assert slow.answered == []
    assert other.answered == [[1]]


async def test_an_album_that_cannot_be_taken_on_is_tried_again(start: Callable[..., Replica], clock: Clock) -> None:
    replica = start()
    replica.failures = 2
    await replica.receive(1)
    await until(lambda: replica.failures == 1)
    clock.ahead = timedelta(seconds=60)
    await until(lambda: replica.answered == [[1]])
    assert replica.given_up == []


async def test_an_album_that_can_never_be_taken_on_is_given_up_with_a_word(
    start: Callable[..., Replica], clock: Clock
) -> None:
    replica = start()
    replica.failures = 99
    with clock.stopped():
        await replica.receive(1)
        await replica.receive(2)
    await until(lambda: replica.failures < 99)
    clock.ahead = timedelta(seconds=60)
    await until(lambda: replica.given_up == [1])
    assert replica.failures == 96
    await until(lambda: not replica.tracker.open)
    clock.ahead = timedelta(seconds=120)
    await asyncio.sleep(0.4)
    assert replica.failures == 96


async def test_whose_album_ends_process_after_process_is_told_so_once(
    start: Callable[..., Replica], clock: Clock, store_folder: Path
) -> None:
    ended = open_storage(None, "key", root=store_folder, clock=clock)
    album = ended.albums.key_of(7, "55")
    for number in (1, 2):
        payload = {"update_id": 100 + number, "message": photo(number).to_dict()}
        ended.albums.add_album_part(album, AlbumPart(number, json.dumps(payload).encode()))
    for _ in range(MAX_ATTEMPTS - 1):
        clock.ahead += timedelta(seconds=60)
        assert ended.albums.claim_album(album).state is AlbumState.MINE
    ended.close()
    clock.ahead += timedelta(seconds=60)
    last = start()
    await until(lambda: last.given_up == [1])
    await until(lambda: not last.tracker.open)
    clock.ahead += timedelta(seconds=60)
    await asyncio.sleep(0.4)
    assert (last.given_up, last.answered) == ([1], [])


@pytest.mark.parametrize("damaged", [b"{", b"[]", b'{"update_id": 101}', b'{"update_id": 101, "message": {"date": 1}}'])
async def test_a_photo_that_cannot_be_read_costs_the_others_nothing(
    start: Callable[..., Replica], clock: Clock, damaged: bytes
) -> None:
    replica = start()
    album = replica.storage.albums.key_of(7, "55")
    with clock.stopped():
        replica.storage.albums.add_album_part(album, AlbumPart(2, damaged))
        await replica.receive(1)
        await replica.receive(3)
    await until(lambda: replica.answered)
    assert replica.answered == [[1, 3]]


async def test_an_album_of_which_nothing_can_be_read_is_closed(start: Callable[..., Replica], clock: Clock) -> None:
    replica = start()
    album = replica.storage.albums.key_of(7, "55")
    replica.storage.albums.add_album_part(album, AlbumPart(2, b"{"))
    clock.ahead = timedelta(seconds=60)
    await until(lambda: replica.storage.albums.unfinished_albums() == ())
    await until(lambda: not replica.tracker.open)
    assert replica.answered == []
    assert replica.given_up == []


async def test_an_album_under_way_confirms_no_update(start: Callable[..., Replica]) -> None:
    replica = start()
    replica.go_on.clear()
    replica.tracker.begin(500)
    replica.tracker.release(500)
    await replica.receive(1)
    await until(lambda: replica.tracker.open)
    assert replica.tracker.offset == 501


def _away(*_: object, **__: object) -> None:
    raise StoreUnavailable("gone for lunch")


async def test_photos_answered_without_the_store_are_not_answered_again_from_it(
    start: Callable[..., Replica], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier process put one into the store; Telegram sent it again while the store was away."""
    earlier = start()
    earlier.albums.close()
    await earlier.receive(1)
    await earlier.receive(3)
    replica = start()
    with monkeypatch.context() as outage:
        outage.setattr(replica.storage.albums, "add_album_part", _away)
        for number in (1, 2):
            assert await replica.receive(number) is Joined.STORE_AWAY
    clock.ahead = timedelta(seconds=60)
    await until(lambda: replica.answered)
    assert replica.answered == [[3]]
