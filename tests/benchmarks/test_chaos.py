"""The chaos test's own parts: it finds what it must find, so that a good result means something."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.chaos.answers import Answer
from benchmarks.chaos.audit import Evidence, Findings, audit
from benchmarks.chaos.people import Sent
from benchmarks.chaos.pictures import Codes, encoded
from benchmarks.chaos.plan import Kind, plan
from benchmarks.chaos.replicas import Kill
from bot.recognition import open_recognizer
from bot.replies.cards.contact_sheet import contact_sheet
from bot.replies.cards.photo import photo_card
from bot.replies.texts import Language
from bot.storage.leases import LEASE
from bot.vision.interpreter import TfliteRuntime
from bot.vision.recognizer import Recognition
from telegram_playground.chats import Chat, Message, Person
from telegram_playground.images import encode_bot_photo
from tests.conftest import ROOT

ANN = Person(1, "Ann")
CHAT = Chat(1, "private", "Ann", [ANN])
NOON = 1_000_000.0


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes(seed=5)


@pytest.fixture(scope="module")
def recognitions(codes: Codes, models_dir: Path, published_model: Path) -> list[Recognition]:
    """What the bot sees in ten photos, whose numbers are 0 to 9."""
    drawn = [codes.draw() for _ in range(10)]
    assert [number for number, _ in drawn] == list(range(10))
    with open_recognizer(models_dir, runtime=TfliteRuntime.AUTO) as recognizer:
        return [recognizer.recognize(encoded(pixels, "JPEG")) for _, pixels in drawn]


def sent_back(picture: bytes) -> bytes:
    """The largest size that the server keeps of a picture."""
    return encode_bot_photo(picture)[-1].data


def test_a_card_shows_the_number_of_its_photo(codes: Codes, recognitions: list[Recognition]) -> None:
    cards = [sent_back(photo_card(each, Language.EN)) for each in recognitions]
    assert [codes.shown_in(card) for card in cards] == [(number,) for number in range(10)]


@pytest.mark.parametrize("photos", range(2, 11))
def test_an_album_shows_its_numbers_in_order(codes: Codes, recognitions: list[Recognition], photos: int) -> None:
    order = list(range(photos))[::-1]
    sheet = sent_back(contact_sheet([recognitions[number] for number in order], Language.ZH_HANT))
    assert codes.shown_in(sheet) == tuple(order)


def test_a_photo_of_nobody_has_no_number(codes: Codes, recognitions: list[Recognition]) -> None:
    _, foreign = Codes(seed=6).draw()
    assert codes.shown_in(encoded(foreign, "PNG")) == (None,)
    assert codes.shown_in(encoded(np.full((500, 500, 3), 250, np.uint8), "PNG")) == ()


def message(number: int, *, album: str | None = None) -> Message:
    return Message(number, CHAT, ANN, 0, {}, media_group_id=album)


FIRST, SECOND = message(1), message(2)
ALBUM = [message(number, album="a") for number in (3, 4, 5)]
SENT = [Sent(number, each, NOON) for number, each in enumerate([FIRST, SECOND, *ALBUM])]


def answer(to: Message, *shows: int | None, after_s: float = 0.0, unheard: bool = False, words: str = "") -> Answer:
    return Answer(NOON + after_s, to, "here", unheard, words, shows)


RIGHT = [answer(FIRST, 0), answer(SECOND, 1), answer(ALBUM[0], 2, 3, 4)]


def judged(
    answers: Sequence[Answer], *, kills: Sequence[Kill] = (), outages: Sequence[tuple[float, float]] = ()
) -> Findings:
    return audit(Evidence(SENT, set(), answers, kills, outages))


def test_one_answer_each_is_good() -> None:
    findings = judged(RIGHT)
    assert findings.good
    assert (findings.photos, findings.answered, findings.split, findings.remarks) == (5, 5, 0, [])


def test_an_album_may_be_answered_in_parts() -> None:
    findings = judged([*RIGHT[:2], answer(ALBUM[0], 2, 4), answer(ALBUM[1], 3)])
    assert findings.good
    assert findings.split == 1


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        (RIGHT[1:], "lost"),
        ([*RIGHT[:2], answer(ALBUM[0], 2, 3)], "in_words"),
        ([*RIGHT[1:], answer(FIRST, words="Sorry")], "in_words"),
        ([answer(FIRST, 1), answer(SECOND, 1), RIGHT[2]], "mixed_up"),
        ([answer(FIRST, 99), *RIGHT], "mixed_up"),
        ([answer(FIRST, 2), *RIGHT], "mixed_up"),
        ([answer(FIRST, None), *RIGHT], "unreadable"),
        ([*RIGHT[:2], answer(ALBUM[0], 3, 2, 4)], "disordered"),
        ([*RIGHT[:2], answer(ALBUM[0], 2, 3, 3, 4)], "disordered"),
        ([*RIGHT, answer(FIRST, 0)], "repeated"),
        ([*RIGHT, answer(ALBUM[2], 4)], "repeated"),
    ],
)
def test_every_fault_is_found(answers: list[Answer], wrong: str) -> None:
    findings = judged(answers)
    assert getattr(findings, wrong) == 1
    assert not findings.good
    assert findings.remarks


def test_an_update_that_was_never_confirmed_is_no_loss_and_no_success() -> None:
    findings = audit(Evidence(SENT, {0}, RIGHT[1:], [], []))
    assert (findings.photos, findings.unconfirmed, findings.lost, findings.good) == (4, 1, 0, False)


def test_an_answer_whose_response_was_lost_may_come_again() -> None:
    findings = judged([answer(FIRST, 0, unheard=True), *RIGHT])
    assert (findings.unheard, findings.repeated, findings.good) == (1, 0, True)
    assert not judged([*RIGHT, answer(FIRST, 0, after_s=1, unheard=True)]).good  # the first one had been heard


def test_each_kill_excuses_one_answer_that_came_just_before() -> None:
    again = [*RIGHT, answer(FIRST, 0, after_s=60)]
    assert judged(again, kills=[Kill(NOON + 1, "here")]).good
    assert not judged(again, kills=[Kill(NOON + 1, "elsewhere")]).good
    assert not judged(again, kills=[Kill(NOON + 30, "here")]).good
    assert not judged(again, kills=[Kill(NOON - 30, "here")]).good
    two = [*again, answer(SECOND, 1, after_s=60)]
    one_kill = judged(two, kills=[Kill(NOON + 1, "here")])
    assert (one_kill.killed, one_kill.most_at_a_kill, one_kill.good) == (2, 2, False)
    assert judged(two, kills=[Kill(NOON + 1, "here"), Kill(NOON + 90, "here")]).good


def test_while_the_database_is_away_nothing_can_be_noted() -> None:
    again = [*RIGHT, answer(FIRST, 0, after_s=60)]
    assert judged(again, kills=[Kill(NOON + 31, "here")], outages=[(NOON - 5, NOON + 30)]).good
    assert not judged(again, kills=[Kill(NOON + 31, "here")], outages=[(NOON + 5, NOON + 30)]).good


def test_a_seed_brings_the_same_plan_with_everything_in_it() -> None:
    events = plan(300, seed=1)
    assert events == plan(300, seed=1) != plan(300, seed=2)
    assert {event.kind for event in events} == set(Kind)
    outages = [event for event in events if event.lasts]
    assert min(event.lasts for event in outages) > LEASE.total_seconds()
    assert {event.kind for event in outages} == {Kind.DATABASE, Kind.SERVER}
    away = [event for event in outages if event.kind is Kind.DATABASE]
    assert not any(each.covers(event.at) for event in events if event.kind is Kind.KILL for each in away)
    assert max(event.at + event.lasts for event in outages) <= 300


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["webhook", "polling"])
def test_a_short_chaos_loses_and_mixes_up_nothing(scenario: str, published_model: Path) -> None:
    """How many answers come twice depends on when a process is killed: the long form counts them."""
    command = ["-m", "benchmarks.chaos", "--minutes", "0.4", "--people", "12", "--rate", "1", "--scenario", scenario]
    ended = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )
    counts = {line[:31].strip(): line[31:].split() for line in ended.stdout.splitlines() if line[31:].strip()}
    assert int(counts["photos confirmed"][0]) > 8, ended.stdout + ended.stderr
    assert int(counts["process killed"][0]) >= 1
    for name in (
        "lost",
        "never confirmed",
        "answered in words",
        "another photo's pixels",
        "pixels of no photo",
        "albums out of order",
        "bad ends of processes",
        "decoders left behind",
        "log lines with a name",
    ):
        assert counts[name] == ["0"], ended.stdout + ended.stderr
