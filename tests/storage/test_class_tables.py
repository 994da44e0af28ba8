from dataclasses import replace

from bot.storage.class_tables import Reached
from bot.storage.storage import Storage
from tests.storage.conftest import Clock

ANN, BEN = 4_000_000_001, 4_000_000_002
GROUP = -1_001_234_567_890
LOW = Reached(8, 5, True, 0.84, 0.83)
HIGH = Reached(128, 5, True, 0.89, 0.87)


def names(storage: Storage, thread: int = 0) -> list[str]:
    table = storage.classes.of_chat(GROUP, thread)
    return [] if table is None else [mate.first_name for mate in table.rows]


def test_a_group_has_one_table_that_follows_its_newest_message(storage: Storage) -> None:
    classes = storage.classes
    assert classes.of_chat(GROUP, 0) is None
    classes.show(GROUP, 0, 10, "en")
    assert classes.join(GROUP, 10, ANN, "Ann")
    classes.show(GROUP, 0, 25, "zh-hant")
    classes.show(GROUP, 7, 30, "en")
    table = classes.of_chat(GROUP, 0)
    assert table is not None
    assert (table.chat_id, table.message_id, table.language) == (GROUP, 25, "zh-hant")
    assert classes.by_id(table.id) == table
    assert names(storage) == ["Ann"]
    assert names(storage, 7) == []
    assert not classes.join(GROUP, 10, BEN, "Ben"), "the old message shows no table any more"


def test_the_best_of_each_counts_and_the_best_comes_first(storage: Storage, clock: Clock) -> None:
    classes = storage.classes
    classes.show(GROUP, 0, 10, "en")
    for user, name in ((ANN, "Ann"), (BEN, "Ben")):
        classes.join(GROUP, 10, user, name)
        clock.forward(seconds=1)
    assert names(storage) == ["Ann", "Ben"]
    (told,) = classes.record(BEN, HIGH)
    assert [mate.first_name for mate in told.rows] == ["Ben", "Ann"]
    classes.record(BEN, LOW)
    classes.record(ANN, LOW)
    classes.record(ANN, replace(LOW, test_accuracy=0.85))
    table = classes.of_chat(GROUP, 0)
    assert table is not None
    assert [mate.best for mate in table.rows] == [HIGH, replace(LOW, test_accuracy=0.85)]


def test_who_is_in_no_table_changes_none(storage: Storage) -> None:
    storage.classes.show(GROUP, 0, 10, "en")
    assert storage.classes.record(ANN, HIGH) == ()
    assert names(storage) == []


def test_names_go_after_a_week_and_so_does_an_empty_table(storage: Storage, clock: Clock) -> None:
    storage.classes.show(GROUP, 0, 10, "en")
    storage.classes.join(GROUP, 10, ANN, "Ann")
    clock.forward(days=6)
    storage.classes.join(GROUP, 10, BEN, "Ben")
    clock.forward(days=1, seconds=1)
    assert names(storage) == ["Ben"]
    assert storage.expire() == 1
    clock.forward(days=6)
    assert storage.expire() == 2
    assert storage.classes.of_chat(GROUP, 0) is None


def test_forget_takes_the_name_out(storage: Storage) -> None:
    storage.classes.show(GROUP, 0, 10, "en")
    storage.classes.join(GROUP, 10, ANN, "Ann")
    assert [table.message_id for table in storage.classes.joined(ANN)] == [10]
    assert storage.corrections.forget(ANN).rows == 1
    assert storage.classes.joined(ANN) == ()
    assert names(storage) == []
