from datetime import timedelta

from bot.storage import retention
from bot.storage.last_answers import LastAnswer
from bot.storage.storage import Storage
from tests.storage.conftest import Clock

ANN, BEN = 4_000_000_001, 4_000_000_002
SHIRT, DRESS = LastAnswer("AgACshirt", "<b>襯衫</b>"), LastAnswer("AgACdress", "<b>連衣裙</b>")


def test_the_last_answer_is_kept(storage: Storage) -> None:
    answers = storage.last_answers
    assert answers.of(ANN) is None
    answers.keep(ANN, SHIRT)
    answers.keep(ANN, DRESS)
    assert (answers.of(ANN), answers.of(BEN)) == (DRESS, None)


def test_forgetting_takes_it(storage: Storage) -> None:
    storage.last_answers.keep(ANN, SHIRT)
    storage.last_answers.keep(BEN, DRESS)
    assert storage.corrections.stored(ANN).rows == 1
    assert storage.corrections.forget(ANN).rows == 1
    assert (storage.last_answers.of(ANN), storage.last_answers.of(BEN)) == (None, DRESS)


def test_it_is_kept_for_an_hour(storage: Storage, clock: Clock) -> None:
    storage.last_answers.keep(ANN, SHIRT)
    clock.time += retention.LAST_ANSWER_KEPT - timedelta(seconds=1)
    assert storage.last_answers.of(ANN) == SHIRT
    assert storage.expire() == 0
    clock.time += timedelta(seconds=2)
    assert storage.last_answers.of(ANN) is None, "whether it has been deleted or not"
    assert storage.expire() == 1
