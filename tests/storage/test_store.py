import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.storage import retention
from bot.storage.errors import Limit, NoConsent, StoreFull, StoreSettingsError
from bot.storage.schema import corrections
from bot.storage.storage import Storage, open_for_admin
from bot.storage.store import CorrectionStore
from bot.storage.types import AnswerCount, CorrectionId, Forgotten, NewCorrection, Permission, Status
from bot.vision.labels import NO_CLOTHING, OTHER_CLOTHING, WRONG_OUTLINE
from bot.vision.prediction import Prediction, Verdict
from tests.storage.conftest import Clock, Place, correction, jpeg, prediction

ANN, BEN = 4_000_000_001, 4_000_000_002
GROUP = -1_001_234_567_890


def consenting(storage: Storage, *users: int) -> None:
    for user in users:
        storage.corrections.grant_consent(user, "1")


@pytest.fixture
def store(storage: Storage) -> CorrectionStore:
    """To which Ann and Ben have agreed."""
    consenting(storage, ANN, BEN)
    return storage.corrections


def test_consent_is_asked_for_each_user_and_remembers_the_wording(storage: Storage, clock: Clock) -> None:
    store = storage.corrections
    assert store.permission(ANN) is Permission.UNASKED
    store.grant_consent(ANN, "1")
    clock.forward(days=1)
    store.grant_consent(ANN, "2")
    consent = store.consent(ANN)
    assert consent is not None
    assert (consent.wording, consent.granted) == ("2", clock.time)
    assert store.permission(BEN) is Permission.UNASKED


def test_a_no_is_remembered_until_it_is_a_yes_or_forgotten(storage: Storage) -> None:
    store = storage.corrections
    assert store.permission(ANN) is Permission.UNASKED
    assert store.refuse_consent(ANN) is Permission.REFUSED
    assert store.refuse_consent(ANN) is Permission.REFUSED
    assert (store.permission(ANN), store.permission(BEN)) == (Permission.REFUSED, Permission.UNASKED)
    with pytest.raises(NoConsent):
        store.record_correction(ANN, correction())
    store.forget_refusal(ANN)
    assert store.permission(ANN) is Permission.UNASKED
    store.refuse_consent(ANN)
    store.grant_consent(ANN, "1")
    assert store.permission(ANN) is Permission.GRANTED
    assert store.forget(ANN) == Forgotten(rows=1, pictures=0)
    store.refuse_consent(ANN)
    assert store.forget(ANN) == Forgotten(rows=1, pictures=0)
    assert store.permission(ANN) is Permission.UNASKED


def test_a_no_below_an_old_question_takes_no_photo_away(store: CorrectionStore) -> None:
    store.record_correction(ANN, correction())
    assert store.refuse_consent(ANN) is Permission.GRANTED
    assert store.permission(ANN) is Permission.GRANTED
    assert store.kept(ANN) == 1


def test_a_no_ends_in_time(storage: Storage, clock: Clock) -> None:
    storage.corrections.refuse_consent(ANN)
    clock.time += retention.REFUSAL_KEPT
    assert storage.expire() == 0
    clock.forward(seconds=1)
    assert storage.expire() == 1
    assert storage.corrections.permission(ANN) is Permission.UNASKED


def test_nothing_is_kept_without_consent(storage: Storage) -> None:
    with pytest.raises(NoConsent):
        storage.corrections.record_correction(ANN, correction())
    assert storage.corrections.pending() == ()


def test_a_correction_comes_back_as_it_was_given(store: CorrectionStore, clock: Clock) -> None:
    new = correction(right=4, predicted=2)
    number = store.record_correction(ANN, new)
    (kept,) = store.pending()
    assert kept == store.correction(number)
    assert kept.photo == new.photo
    assert (kept.predicted, kept.right, kept.model_version) == (2, 4, new.model_version)
    assert kept.probabilities == pytest.approx(new.prediction.probabilities)
    assert (kept.created, kept.status, kept.decided) == (clock.time, Status.PENDING, None)
    assert (kept.garment, kept.box) == (0, (1, 2, 30, 40))


def test_a_garment_without_a_box_is_kept_without_one(store: CorrectionStore) -> None:
    number = store.record_correction(ANN, replace(correction(), box=None))
    kept = store.correction(number)
    assert kept is not None
    assert kept.box is None
    assert kept.outline is None


def test_the_outline_is_kept_until_something_else_is_said(store: CorrectionStore) -> None:
    number = store.record_correction(ANN, replace(correction(), outline=b"of a coat"))
    store.decide(number, Status.ACCEPTED)
    assert [each.outline for each in store.accepted_photos()] == [b"of a coat"]
    store.record_correction(ANN, replace(correction(right=6), outline=b"of a shirt"))
    assert [each.outline for each in store.pending()] == [b"of a shirt"]
    store.undo(ANN, number)
    assert store.correction(number) is None


def test_changing_ones_mind_replaces_the_label(store: CorrectionStore) -> None:
    first = store.record_correction(ANN, correction(right=2))
    store.decide(first, Status.ACCEPTED)
    second = store.record_correction(ANN, correction(right=4))
    assert first == second
    (kept,) = store.pending()
    assert kept.right == 4
    assert kept.decided is None


def test_two_garments_of_one_photo_have_their_own_labels(store: CorrectionStore) -> None:
    store.record_correction(ANN, correction(right=2, garment=0))
    store.record_correction(ANN, correction(right=1, garment=1))
    assert [each.right for each in store.pending()] == [2, 1]


def test_undo_removes_only_ones_own(store: CorrectionStore) -> None:
    number = store.record_correction(ANN, correction())
    assert not store.undo(BEN, number)
    assert store.undo(ANN, number)
    assert not store.undo(ANN, number)
    assert store.pending() == ()


def test_an_old_undo_button_cannot_reach_a_newer_correction(store: CorrectionStore) -> None:
    old = store.record_correction(ANN, correction(0))
    store.undo(ANN, old)
    assert store.record_correction(ANN, correction(1)) > old


def test_forget_deletes_everything_of_one_user(storage: Storage, store: CorrectionStore) -> None:
    for seed in range(3):
        store.record_correction(ANN, correction(seed))
    bens = store.record_correction(BEN, correction(9))
    storage.languages.keep(ANN, "en")
    storage.languages.keep(BEN, "en")
    assert store.kept(ANN) == 3
    assert store.stored(ANN) == Forgotten(rows=5, pictures=3)
    assert store.forget(ANN) == Forgotten(rows=5, pictures=3)
    assert store.stored(ANN) == store.forget(ANN) == Forgotten(rows=0, pictures=0)
    assert (store.permission(ANN), store.kept(ANN), storage.languages.of(ANN)) == (Permission.UNASKED, 0, None)
    assert (store.permission(BEN), store.kept(BEN), storage.languages.of(BEN)) == (Permission.GRANTED, 1, "en")
    assert store.correction(bens) is not None


def test_only_accepted_photos_are_trained_on(store: CorrectionStore) -> None:
    numbers = [store.record_correction(ANN, correction(seed, right=seed)) for seed in range(4)]
    bens = store.record_correction(BEN, correction(7, right=7))
    for number in (numbers[0], numbers[2], bens):
        assert store.decide(number, Status.ACCEPTED)
    assert store.decide(numbers[1], Status.REJECTED)
    assert not store.decide(CorrectionId(999), Status.ACCEPTED)

    photos = list(store.accepted_photos())
    assert [(photo.label, photo.photo) for photo in photos] == [(0, jpeg(0)), (2, jpeg(2)), (7, jpeg(7))]
    assert [(photo.id, photo.box) for photo in photos] == [
        (each, (1, 2, 30, 40)) for each in (numbers[0], numbers[2], bens)
    ]
    assert photos[0].user_group == photos[1].user_group != photos[2].user_group
    assert str(ANN) not in photos[0].user_group
    assert store.totals() == {Status.PENDING: 1, Status.ACCEPTED: 3, Status.REJECTED: 1}


def test_a_decision_can_be_taken_back(store: CorrectionStore, clock: Clock) -> None:
    number = store.record_correction(ANN, correction())
    store.decide(number, Status.REJECTED)
    decided = store.correction(number)
    assert decided is not None
    assert decided.decided == clock.time
    store.decide(number, Status.PENDING)
    assert len(store.pending()) == 1


def test_accepted_photos_come_in_pages(store: CorrectionStore) -> None:
    for seed in range(5):
        number = store.record_correction(ANN, correction(seed))
        store.decide(number, Status.ACCEPTED)
    photos = store.accepted_photos(at_once=2)
    assert [photo.photo for photo in photos] == [jpeg(seed) for seed in range(5)]


def test_pending_ones_are_browsed_page_by_page(store: CorrectionStore) -> None:
    numbers = [store.record_correction(ANN, correction(seed)) for seed in range(3)]
    assert [each.id for each in store.pending(limit=2)] == numbers[:2]
    assert [each.id for each in store.pending(after=numbers[1], limit=2)] == numbers[2:]


def corrected(share: float, right: int, picture: int) -> NewCorrection:
    """The model says 4; ``share`` is what it had left for ``right``."""
    shares = [0.0] * 10
    shares[4] = 1 - share
    if right < 10:
        shares[right] = share if right != 4 else 1.0
    return replace(correction(), photo=jpeg(picture), prediction=Prediction(tuple(shares), Verdict.SURE), right=right)


def test_what_surprises_most_is_reviewed_first(store: CorrectionStore) -> None:
    kept = [
        store.record_correction(ANN, corrected(share, right, number))
        for number, (share, right) in enumerate([(0.3, 6), (0.05, 2), (0.0, 4), (0.1, OTHER_CLOTHING)])
    ]
    order = [each.id for each in store.surprising()]
    assert order == [kept[1], kept[3], kept[0], kept[2]]
    assert [each.id for each in store.surprising(limit=2)] == order[:2]
    store.decide(order[0], Status.REJECTED)
    assert [each.id for each in store.surprising()] == order[1:]


def test_what_surprises_the_live_set_most_is_reviewed_first(store: CorrectionStore) -> None:
    learnt, moved, still, newer = (
        store.record_correction(ANN, replace(corrected(share, 6, number), model_version=version))
        for number, (share, version) in enumerate([(0.01, "old"), (0.02, "old"), (0.03, "old"), (0.04, "new")])
    )
    assert [each.id for each in store.surprising("new")] == [learnt, moved, still, newer]
    assert store.judged_by_others("new") == 3
    waiting = store.unasked("new")
    assert [each.id for each in waiting] == [learnt, moved, still], "the set that answered needs no asking"
    assert [each.id for each in store.unasked("new", after=learnt, limit=1)] == [moved]

    for _ in range(2):  # a second replica says the same
        store.note_asked("new", list(zip(waiting, (0.9, None, 0.001), strict=True)))
    assert store.unasked("new") == ()
    found = store.surprising("new")
    assert [each.id for each in found] == [still, moved, newer, learnt], "without a share, that of the time counts"
    assert [each.share_left_by("new") for each in found] == [0.001, None, pytest.approx(0.04), 0.9]
    assert [each.share_of_right for each in found] == pytest.approx([0.03, 0.02, 0.04, 0.01])
    assert store.judged_by_others("new") == 1

    assert [each.id for each in store.surprising("old")] == [learnt, moved, still, newer], "brought back"
    assert [each.id for each in store.unasked("old")] == [newer]
    assert [each.id for each in store.surprising()] == [learnt, moved, still, newer]
    assert store.judged_by_others(None) == 4


def test_what_a_set_was_asked_of_what_was_said_before_counts_no_more(store: CorrectionStore) -> None:
    said = corrected(0.1, 6, 1)
    number = store.record_correction(ANN, said)
    (before,) = store.unasked("new")
    store.note_asked("new", [(before, 0.9)])
    assert store.record_correction(ANN, replace(said, right=2)) == number
    assert [each.asked_version for each in store.surprising("new")] == [None]
    store.note_asked("new", [(before, 0.9)])  # by a replica that asked meanwhile
    assert [each.id for each in store.unasked("new")] == [number]
    store.undo(ANN, number)
    store.note_asked("new", [(before, 0.9)])
    assert store.surprising("new") == ()


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.REJECTED])
def test_of_what_is_decided_no_set_is_asked(store: CorrectionStore, status: Status) -> None:
    store.decide(store.record_correction(ANN, correction()), status)
    assert store.unasked("new") == ()
    assert store.judged_by_others("new") == 0


def test_many_are_decided_on_at_once(store: CorrectionStore) -> None:
    store.record_correction(ANN, corrected(0.0, 4, 1))
    store.record_correction(BEN, corrected(0.0, 4, 2))
    store.record_correction(BEN, corrected(0.1, 6, 3))
    wrong = store.record_correction(BEN, corrected(0.1, 7, 4))
    assert store.accept_agreed() == 2
    assert store.accept_agreed() == 0
    found = store.correction(wrong)
    assert found is not None
    assert store.reject_sender(found.user_group) == 2
    assert store.totals() == {Status.PENDING: 0, Status.ACCEPTED: 2, Status.REJECTED: 2}, "what was decided stays so"


def with_heads_of(storage: Storage, *numbers: CorrectionId) -> None:
    """Makes corrections what a version kept that left heads as they were."""
    with storage._database.write() as connection:
        which = corrections.c.id.in_(numbers)
        connection.execute(update(corrections).where(which).values(without_heads=False))


def test_photos_with_heads_are_replaced_and_nothing_else_changes(storage: Storage, store: CorrectionStore) -> None:
    first, second = (store.record_correction(ANN, correction(seed)) for seed in (1, 2))
    store.decide(first, Status.ACCEPTED)
    with_heads_of(storage, first, second)
    assert list(store.with_heads(limit=1)) == [first]
    before = store.correction(first)
    photos = {first: jpeg(11), second: jpeg(2), CorrectionId(99): jpeg(3)}
    store.replace_photos(photos, {first: b"of a coat", second: None})
    assert store.with_heads() == {}
    assert before is not None
    assert store.correction(first) == replace(before, photo=jpeg(11), outline=b"of a coat")
    store.replace_photos({first: jpeg(12)})
    done = replace(before, photo=jpeg(11), outline=b"of a coat")
    assert store.correction(first) == done, "it has been done already"
    assert store.record_correction(ANN, replace(correction(3), photo=jpeg(11))) == first, "found by what is kept"


def test_what_was_said_again_of_the_same_photo_stays(storage: Storage, store: CorrectionStore) -> None:
    old, new = (store.record_correction(ANN, correction(seed)) for seed in (1, 2))
    with_heads_of(storage, old)
    store.replace_photos({old: jpeg(2)})
    assert store.correction(old) is None
    assert store.correction(new) is not None


def test_a_user_cannot_fill_the_store(store: CorrectionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MAX_PICTURES_PER_USER", 2)
    for seed in range(2):
        store.record_correction(ANN, correction(seed))
    with pytest.raises(StoreFull) as full:
        store.record_correction(ANN, correction(2))
    assert full.value.limit is Limit.USER
    store.record_correction(ANN, correction(1, right=9))  # a changed mind needs no room
    store.record_correction(BEN, correction(2))


def test_the_store_has_an_end(store: CorrectionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MAX_PICTURES", 1)
    store.record_correction(ANN, correction(0))
    with pytest.raises(StoreFull) as full:
        store.record_correction(BEN, correction(1))
    assert full.value.limit is Limit.TOTAL


def test_two_replicas_cannot_pass_a_cap_together(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MAX_PICTURES_PER_USER", 5)
    replicas = [place.open(), place.open()]
    consenting(replicas[0], ANN)
    start = threading.Barrier(4)

    def send(worker: int) -> int:
        start.wait()
        kept = 0
        for turn in range(5):
            try:
                replicas[worker % 2].corrections.record_correction(ANN, correction(worker * 10 + turn))
            except StoreFull:
                continue
            kept += 1
        return kept

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(send, range(4))) == 5
    assert replicas[0].corrections.kept(ANN) == 5


def test_the_same_photo_twice_at_once_is_one_correction(place: Place) -> None:
    replicas = [place.open(), place.open()]
    consenting(replicas[0], ANN)
    start = threading.Barrier(2)

    def send(worker: int) -> CorrectionId:
        start.wait()
        return replicas[worker].corrections.record_correction(ANN, correction())

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(send, range(2)))) == 1


@pytest.mark.parametrize("photo", [b"", b"GIF89a", b"\xff\xd8\xff" + bytes(retention.MAX_PICTURE_BYTES)])
def test_what_is_no_small_jpeg_is_refused(store: CorrectionStore, photo: bytes) -> None:
    with pytest.raises(ValueError, match="JPEG"):
        store.record_correction(ANN, replace(correction(), photo=photo))


@pytest.mark.parametrize("right", [-1, 13])
def test_what_nobody_can_say_is_refused(right: int) -> None:
    with pytest.raises(ValueError, match="label"):
        NewCorrection(jpeg(), right, prediction(), "1")


@pytest.mark.parametrize("right", [OTHER_CLOTHING, NO_CLOTHING, WRONG_OUTLINE])
def test_what_is_none_of_the_ten_is_kept_with_its_box(store: CorrectionStore, right: int) -> None:
    kept = store.correction(store.record_correction(ANN, correction(right=right)))
    assert kept is not None
    assert (kept.right, kept.box) == (right, (1, 2, 30, 40))


@pytest.mark.parametrize(("other", "said"), [(True, OTHER_CLOTHING), (False, NO_CLOTHING)])
def test_an_answer_that_was_none_of_the_ten_is_kept_as_such(store: CorrectionStore, other: bool, said: int) -> None:
    refused = Prediction((0.05,) * 10, Verdict.NO_GARMENT, other, 0.5)
    new = replace(correction(), prediction=refused)
    kept = store.correction(store.record_correction(ANN, new))
    assert kept is not None
    assert kept.predicted == said
    assert kept.share == pytest.approx(0.5)


def test_without_consent_only_counts_remain(storage: Storage, clock: Clock) -> None:
    store = storage.corrections
    store.count_answer(2, 4)
    store.count_answer(2, 4)
    clock.forward(days=1)
    store.count_answer(2, 4)
    store.count_answer(6, 6)
    assert store.answer_counts() == (AnswerCount(2, 4, 3), AnswerCount(6, 6, 1))


def test_users_and_groups_choose_a_language(storage: Storage) -> None:
    assert storage.languages.of(ANN) is None
    storage.languages.keep(ANN, "en")
    storage.languages.keep(ANN, "zh-hant")
    storage.languages.keep(GROUP, "en")
    assert (storage.languages.of(ANN), storage.languages.of(GROUP), storage.languages.of(BEN)) == (
        "zh-hant",
        "en",
        None,
    )


def test_things_end_when_their_time_has_come(storage: Storage, store: CorrectionStore, clock: Clock) -> None:
    pending, rejected, accepted = (store.record_correction(ANN, correction(seed)) for seed in range(3))
    store.decide(rejected, Status.REJECTED)
    store.decide(accepted, Status.ACCEPTED)
    storage.languages.keep(ANN, "en")
    store.count_answer(1, 1)

    def left() -> tuple[bool, ...]:
        return tuple(store.correction(number) is not None for number in (pending, rejected, accepted))

    clock.time += retention.REJECTED_KEPT
    assert storage.expire() == 0
    clock.forward(seconds=1)
    assert storage.expire() == 1
    assert left() == (True, False, True)
    clock.time += retention.PENDING_KEPT
    storage.expire()
    assert left() == (False, False, True)
    assert store.permission(ANN) is Permission.GRANTED
    clock.time += retention.CONSENT_KEPT
    storage.expire()
    assert left() == (False, False, False)
    assert store.permission(ANN) is Permission.UNASKED
    assert storage.languages.of(ANN) is None
    assert store.answer_counts() == ()


def test_a_consent_that_ends_takes_its_photos_along(storage: Storage, store: CorrectionStore, clock: Clock) -> None:
    clock.time += retention.CONSENT_KEPT
    number = store.record_correction(ANN, correction())
    clock.forward(seconds=1)
    storage.expire()
    assert store.correction(number) is None


def test_corrections_outlive_the_process(place: Place) -> None:
    first = place.open()
    consenting(first, ANN)
    number = first.corrections.record_correction(ANN, correction())
    first.close()
    assert place.open().corrections.undo(ANN, number)


def test_another_data_key_is_refused_rather_than_forgetting_nobody(place: Place) -> None:
    consenting(place.open(), ANN)
    with pytest.raises(StoreSettingsError, match="DATA_KEY"):
        place.open("another key").prepare()
    place.open().prepare()


def test_another_data_key_is_welcome_while_nobody_has_consented(place: Place) -> None:
    place.open().languages.keep(ANN, "en")
    second = place.open("another key")
    second.prepare()
    consenting(second, ANN)


def test_admins_need_no_data_key(place: Place) -> None:
    storage = place.open()
    consenting(storage, ANN)
    number = storage.corrections.record_correction(ANN, correction())
    admin = open_for_admin(place.url, root=place.folder, clock=place.clock)
    try:
        assert admin.corrections.decide(number, Status.ACCEPTED)
        assert len(list(admin.corrections.accepted_photos())) == 1
        with pytest.raises(StoreSettingsError, match="DATA_KEY"):
            admin.corrections.permission(ANN)
    finally:
        admin.close()


async def test_the_event_loop_goes_on_while_the_store_works(storage: Storage) -> None:
    corrections = storage.corrections
    await storage.run(corrections.grant_consent, ANN, "1")
    numbers = await asyncio.gather(
        *(storage.run(corrections.record_correction, ANN, correction(seed)) for seed in range(8))
    )
    assert len(set(numbers)) == 8
    assert await storage.run(corrections.pending, limit=3) == corrections.pending()[:3]
