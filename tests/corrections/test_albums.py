import threading
from concurrent.futures import ThreadPoolExecutor

from bot.corrections import retention
from bot.corrections.albums import LONGEST, QUIET
from bot.corrections.storage import Storage
from bot.corrections.types import AlbumClaim, AlbumPart, AlbumState
from bot.corrections.updates import LEASE
from tests.corrections.conftest import Clock, Place

TAKEN = AlbumClaim(AlbumState.TAKEN)


def part(number: int) -> AlbumPart:
    return AlbumPart(number, f"photo {number}".encode())


def test_photos_that_reach_different_replicas_get_one_answer(place: Place, clock: Clock) -> None:
    one, other = place.open(), place.open()
    album = one.albums.key_of(-100, "77")
    assert album == other.albums.key_of(-100, "77") != one.albums.key_of(-101, "77")
    assert one.albums.add_album_part(album, part(3))
    assert other.albums.add_album_part(album, part(1))
    assert one.albums.add_album_part(album, part(2))
    claim = other.albums.claim_album(album)
    assert (claim.state, claim.wait_s) == (AlbumState.FILLING, QUIET.total_seconds())
    clock.time += QUIET
    assert one.albums.claim_album(album) == AlbumClaim(AlbumState.MINE, (part(1), part(2), part(3)))
    assert other.albums.claim_album(album) == TAKEN
    one.albums.finish_album(album)
    assert other.albums.claim_album(album) == TAKEN


def test_quiet_starts_anew_with_each_photo_but_not_for_ever(storage: Storage, clock: Clock) -> None:
    album = storage.albums.key_of(1, "1")
    arrived = 0
    while True:
        storage.albums.add_album_part(album, part(arrived))
        arrived += 1
        clock.forward(seconds=0.7)
        claim = storage.albums.claim_album(album)
        if claim.state is AlbumState.MINE:
            break
        assert 0 < claim.wait_s <= 0.3 + 1e-6
    assert len(claim.parts) == arrived == -(-LONGEST.total_seconds() // 0.7)


def test_a_photo_that_comes_too_late_is_said_to_be_late(storage: Storage, clock: Clock) -> None:
    album = storage.albums.key_of(1, "1")
    storage.albums.add_album_part(album, part(1))
    clock.time += QUIET
    storage.albums.claim_album(album)
    assert not storage.albums.add_album_part(album, part(2))
    storage.albums.finish_album(album)
    assert not storage.albums.add_album_part(album, part(3))


def test_a_photo_delivered_twice_is_in_the_album_once(storage: Storage, clock: Clock) -> None:
    album = storage.albums.key_of(1, "1")
    for _ in range(2):
        assert storage.albums.add_album_part(album, part(1))
    clock.time += QUIET
    assert storage.albums.claim_album(album).parts == (part(1),)


def test_an_album_of_a_dead_replica_is_answered_by_another(place: Place, clock: Clock) -> None:
    dead, other = place.open(), place.open()
    album = dead.albums.key_of(1, "1")
    dead.albums.add_album_part(album, part(1))
    clock.time += QUIET
    assert dead.albums.claim_album(album).state is AlbumState.MINE
    clock.time += LEASE / 2
    dead.renew()
    clock.time += LEASE / 2
    assert other.albums.claim_album(album) == TAKEN
    clock.time += LEASE
    assert other.albums.claim_album(album).parts == (part(1),)
    other.release()
    assert dead.albums.claim_album(album).parts == (part(1),)


def test_an_album_that_a_process_has_left_it_does_not_take_back(place: Place, clock: Clock) -> None:
    ending, other = place.open(), place.open()
    album = ending.albums.key_of(1, "1")
    ending.albums.add_album_part(album, part(1))
    clock.time += QUIET
    ending.albums.claim_album(album)
    ending.release()
    ending.renew()
    assert ending.albums.claim_album(album) == TAKEN
    assert other.albums.claim_album(album).parts == (part(1),)


def test_an_album_that_nobody_watches_is_found(place: Place, clock: Clock) -> None:
    dead, other = place.open(), place.open()
    album = dead.albums.key_of(1, "1")
    dead.albums.add_album_part(album, part(1))
    clock.time += QUIET
    assert other.albums.unfinished_albums() == ()  # whoever received it is about to take it
    clock.time += LONGEST
    assert other.albums.unfinished_albums() == (album,)
    other.albums.claim_album(album)
    assert other.albums.unfinished_albums() == ()
    other.albums.finish_album(album)
    clock.time += LEASE * 2
    assert other.albums.unfinished_albums() == ()


def test_only_one_replica_wins(place: Place, clock: Clock) -> None:
    replicas = [place.open() for _ in range(4)]
    album = replicas[0].albums.key_of(1, "1")
    replicas[0].albums.add_album_part(album, part(1))
    clock.time += QUIET
    start = threading.Barrier(4)

    def claim(replica: Storage) -> AlbumState:
        start.wait()
        return replica.albums.claim_album(album).state

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(claim, replicas)) == [AlbumState.MINE, *[AlbumState.TAKEN] * 3]


def test_albums_are_forgotten(storage: Storage, clock: Clock) -> None:
    album = storage.albums.key_of(1, "1")
    storage.albums.add_album_part(album, part(1))
    clock.time += retention.ALBUMS_KEPT
    clock.forward(seconds=1)
    assert storage.expire() == 1
    with storage._database.read() as connection:
        assert connection.exec_driver_sql("select count(*) from album_parts").scalar_one() == 0
