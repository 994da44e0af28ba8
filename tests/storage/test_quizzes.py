import json

from bot.storage.quizzes import AskedPicture, GroupScore
from bot.storage.storage import Storage
from tests.storage.conftest import Clock

ANN, BEN = 4_000_000_001, 4_000_000_002
GROUP = -1_001_234_567_890


def asked(number: str, *, label: int = 4, model_right: bool = True, thread: int = 0) -> AskedPicture:
    return AskedPicture(number, GROUP, thread, 42, label, model_right)


def test_guesses_are_counted_once_against_the_model(storage: Storage, clock: Clock) -> None:
    quizzes = storage.quizzes
    assert quizzes.score(GROUP, 0) == GroupScore()
    quizzes.asked(asked("1"))
    quizzes.asked(asked("2", label=7, model_right=False))
    quizzes.asked(asked("3"))
    for poll, person, label in (("1", ANN, 4), ("1", BEN, 2), ("1", BEN, 4), ("2", ANN, 7)):
        assert quizzes.guessed(poll, person, label)
    score = quizzes.score(GROUP, 0)
    assert score == GroupScore(questions=2, model_right=1, answers=3, right=2, latest=clock.time)
    assert quizzes.score(GROUP, 9) == GroupScore(), "another topic"


def test_a_poll_of_somebody_else_is_not_counted(storage: Storage) -> None:
    assert not storage.quizzes.guessed("99", ANN, 3)


def test_it_is_kept_for_a_day(storage: Storage, clock: Clock) -> None:
    storage.quizzes.asked(asked("1"))
    storage.quizzes.guessed("1", ANN, 4)
    clock.forward(hours=23)
    storage.quizzes.asked(asked("2"))
    clock.forward(hours=1, seconds=1)
    assert storage.quizzes.score(GROUP, 0).answers == 0
    assert storage.expire() == 2
    assert not storage.quizzes.guessed("1", BEN, 4)
    assert storage.quizzes.guessed("2", BEN, 4)


def test_forget_takes_a_guess_out(storage: Storage) -> None:
    storage.quizzes.asked(asked("1"))
    storage.quizzes.guessed("1", ANN, 4)
    storage.quizzes.guessed("1", BEN, 4)
    assert storage.corrections.forget(ANN).rows == 1
    assert storage.quizzes.score(GROUP, 0).answers == 1


def test_two_guesses_are_two_updates(storage: Storage) -> None:
    """On a local server an update's number may come again."""

    def key(poll: str, person: int, number: int = 1) -> str:
        vote = {"poll_id": poll, "user": {"id": person}, "option_ids": [1]}
        return storage.updates.key_of(json.dumps({"update_id": number, "poll_answer": vote}).encode())

    assert len({key("1", ANN), key("1", BEN), key("2", ANN)}) == 3
    assert key("1", ANN) == key("1", ANN)
    assert key("1", ANN, number=2) != key("1", ANN), "a guess that is taken back and given again"
