import threading
from concurrent.futures import ThreadPoolExecutor

from bot.storage import retention
from bot.storage.albums import LONGEST, QUIET
from bot.storage.leases import LEASE
from bot.storage.storage import Storage
from bot.storage.types import AlbumClaim, AlbumPart, AlbumState
from bot.storage.updates import MAX_ATTEMPTS
from tests.storage.conftest import Clock, Place

TAKEN = AlbumClaim(AlbumState.TAKEN)


def part(number: int) -> AlbumPart:
    return AlbumPart(number, f"photo {number}".encode())


def quiet_album(storage: Storage, clock: Clock) -> str:
    """An album of one photo, behind which nothing has come for a while."""
    album = storage.albums.key_of(1, "1")
    assert storage.albums.add_album_part(album, part(1))
    clock.time += QUIET
    return album


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
    album = quiet_album(storage, clock)
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
    album = quiet_album(dead, clock)
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
    album = quiet_album(ending, clock)
    ending.albums.claim_album(album)
    ending.release()
    ending.renew()
    assert ending.albums.claim_album(album) == TAKEN
    assert other.albums.claim_album(album).parts == (part(1),)


def test_an_album_that_nobody_watches_is_found(place: Place, clock: Clock) -> None:
    dead, other = place.open(), place.open()
    album = quiet_album(dead, clock)
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
    album = quiet_album(replicas[0], clock)
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


def test_after_an_outage_a_lease_that_has_ended_says_nothing(place: Place, clock: Clock) -> None:
    one, other = place.open(), place.open()
    album = quiet_album(one, clock)
    assert one.albums.claim_album(album).state is AlbumState.MINE
    clock.time += 2 * LEASE
    assert other.albums.unfinished_albums(take_over=False) == ()
    assert other.albums.claim_album(album, take_over=False) == TAKEN
    assert not other.albums.add_album_part(album, part(2), take_over=False)
    one.albums.renew()
    assert other.albums.claim_album(album) == TAKEN


def test_who_lost_an_album_is_told_and_ends_nothing_of_it(place: Place, clock: Clock) -> None:
    one, other = place.open(), place.open()
    album = quiet_album(one, clock)
    one.albums.claim_album(album)
    assert one.albums.lost(album) == frozenset()
    clock.time += 2 * LEASE
    assert other.albums.claim_album(album).parts == (part(1),)
    assert one.albums.lost(album) == {album}
    one.albums.finish_album(album)
    assert other.albums.lost(album) == frozenset()
    clock.time += 2 * LEASE
    assert one.albums.claim_album(album).parts == (part(1),)


def test_an_album_may_fail_three_times_and_see_nine_processes_end(storage: Storage, clock: Clock) -> None:
    album = quiet_album(storage, clock)
    clock.time += LONGEST
    claims = []
    while (claim := storage.albums.claim_album(album)).state is AlbumState.MINE:
        claims.append(claim)
        storage.albums.give_back(album)
    assert [claim.last_attempt for claim in claims] == [False, False] + [True] * (MAX_ATTEMPTS - 2)
    assert [claim.given_up for claim in claims] == [False] * (MAX_ATTEMPTS - 1) + [True]
    assert storage.albums.unfinished_albums() == ()


def test_an_orderly_end_is_no_failed_attempt(place: Place, clock: Clock) -> None:
    for restart in range(6):
        replica = place.open()
        album = replica.albums.key_of(1, "1")
        if not restart:
            replica.albums.add_album_part(album, part(1))
        clock.time += LONGEST + QUIET
        assert replica.albums.unfinished_albums(take_over=False) == (album,)
        assert replica.albums.claim_album(album, take_over=False).state is AlbumState.MINE
        replica.release()


def test_a_photo_that_is_there_already_is_never_too_late(place: Place, clock: Clock) -> None:
    """The process that put it there was killed before it could note that its update is dealt with."""
    killed, other = place.open(), place.open()
    album = quiet_album(killed, clock)
    assert other.albums.claim_album(album).parts == (part(1),)
    assert other.albums.add_album_part(album, part(1))
    assert not other.albums.add_album_part(album, part(2))
    other.albums.finish_album(album)
    assert other.albums.add_album_part(album, part(1))
    assert not other.albums.add_album_part(album, part(2))
    assert other.albums.claim_album(album) == TAKEN


def test_a_replica_renews_and_leaves_only_its_own_albums(place: Place, clock: Clock) -> None:
    mine, other = place.open(), place.open()
    album = quiet_album(mine, clock)
    assert mine.albums.claim_album(album).state is AlbumState.MINE
    clock.time += LONGEST

    other.albums.release()
    other.albums.give_back(album)
    assert other.albums.unfinished_albums() == (), "it is being answered"

    third = place.open()
    third.albums.renew()
    clock.time += LEASE
    assert third.albums.unfinished_albums() == (album,), "its owner has not renewed it"
