"""Whether everybody got their answer, once, and their own."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.chaos.answers import Answer
from benchmarks.chaos.people import Sent
from benchmarks.chaos.replicas import Kill

NOTING_S: Final = 3.0
"""A process that lives on for so long after Telegram took its answer has had the time to note it."""

Outage = tuple[float, float]
"""From when to when, Unix time in seconds."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was sent, what came, and what went wrong meanwhile.

    Attributes:
        sent: the photos.
        unconfirmed: the numbers of those whose update the bot has never confirmed.
        answers: of the bot, in the order in which they came.
        kills: processes killed.
        outages: of the database.
    """

    sent: Sequence[Sent]
    unconfirmed: Collection[int]
    answers: Sequence[Answer]
    kills: Sequence[Kill]
    outages: Sequence[Outage]


@dataclass(slots=True)
class Findings:
    """What the evidence shows; all but the first three, and what is excused, must be nought.

    Attributes:
        photos: sent and confirmed.
        answered: of them, by a picture that shows them.
        split: albums whose photos were answered in several messages.
        unconfirmed: photos whose update was never confirmed.
        lost: photos confirmed and answered neither by a picture nor in words.
        in_words: photos that got words alone.
        mixed_up: photos shown to whoever did not send them, or not in their place.
        unreadable: photos in a picture whose code cannot be told.
        disordered: pictures that show an album in another order.
        unheard: answers repeated because the process never got Telegram's response.
        killed: answers repeated because the process was killed before it could note them.
        most_at_a_kill: the most of these after one kill; a process has several answers on their way at once.
        kills: processes killed, each of which excuses one of these.
        repeated: answers repeated for no such reason.
        remarks: one line for each fault.
    """

    photos: int = 0
    answered: int = 0
    split: int = 0
    unconfirmed: int = 0
    lost: int = 0
    in_words: int = 0
    mixed_up: int = 0
    unreadable: int = 0
    disordered: int = 0
    unheard: int = 0
    killed: int = 0
    most_at_a_kill: int = 0
    kills: int = 0
    repeated: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        wrong = (self.unconfirmed, self.lost, self.in_words, self.mixed_up, self.unreadable, self.disordered)
        return not any(wrong) and not self.repeated and self.killed <= self.kills


def audit(evidence: Evidence) -> Findings:
    """Judge the evidence."""
    findings = Findings(
        photos=len(evidence.sent) - len(evidence.unconfirmed),
        unconfirmed=len(evidence.unconfirmed),
        kills=len(evidence.kills),
    )
    _judge_places(evidence, findings)
    _judge_absence(evidence, findings)
    _judge_repeats(evidence, findings)
    return findings


def _judge_places(evidence: Evidence, findings: Findings) -> None:
    """Every photo stands below the message that brought it, or below its album's, in the album's order."""
    sent = {each.number: each for each in evidence.sent}
    for answer in evidence.answers:
        place = answer.to.chat.id, answer.to.media_group_id or str(answer.to.id)
        known = [number for number in answer.shows if number is not None]
        findings.unreadable += len(answer.shows) - len(known)
        if None in answer.shows:
            findings.remarks.append(f"unreadable: the answer to message {answer.to.id} shows {answer.shows}")
        foreign = [number for number in known if number not in sent or sent[number].place != place]
        findings.mixed_up += len(foreign)
        if foreign:
            findings.remarks.append(f"mixed up: the answer to message {answer.to.id} shows {answer.shows}")
        elif known != sorted(set(known)):
            findings.disordered += 1
            findings.remarks.append(f"disordered: the answer to message {answer.to.id} shows {answer.shows}")


def _judge_absence(evidence: Evidence, findings: Findings) -> None:
    shown = {number for answer in evidence.answers for number in answer.shows}
    told = {(answer.to.chat.id, answer.to.media_group_id or str(answer.to.id)) for answer in evidence.answers}
    answers_of = defaultdict(set)
    for each in evidence.sent:
        if each.number in evidence.unconfirmed:
            findings.remarks.append(f"unconfirmed: photo {each.number}, message {each.message.id}")
        elif each.number in shown:
            findings.answered += 1
        elif each.place in told:
            findings.in_words += 1
            said = [answer.words for answer in evidence.answers if answer.to is each.message]
            findings.remarks.append(f"in words: photo {each.number}, message {each.message.id}: {said}")
        else:
            findings.lost += 1
            findings.remarks.append(f"lost: photo {each.number}, message {each.message.id}, sent at {each.at:.1f}")
    for answer in evidence.answers:
        if answer.shows and answer.to.media_group_id:
            answers_of[answer.to.media_group_id].add(answer.shows)
    findings.split = sum(len(shows) > 1 for shows in answers_of.values())


def _judge_repeats(evidence: Evidence, findings: Findings) -> None:
    """Every answer but the last that shows a photo needs an excuse."""
    showing: dict[int, list[Answer]] = defaultdict(list)
    for answer in sorted(evidence.answers, key=lambda answer: answer.at):
        for number in {number for number in answer.shows if number is not None}:
            showing[number].append(answer)
    vain = dict.fromkeys(answer for answers in showing.values() for answer in answers[:-1])
    kills: dict[Kill, list[float]] = defaultdict(list)
    for answer in vain:
        if answer.unheard:
            findings.unheard += 1
        elif kill := _kill_after(answer, evidence.kills, evidence.outages):
            kills[kill].append(kill.at - answer.at)
        else:
            findings.repeated += 1
            again = [f"{other.host} at {other.at:.1f}" for other in _others(answer, showing)]
            findings.remarks.append(
                f"repeated: the answer to message {answer.to.id} by {answer.host} at {answer.at:.1f}, again by {again}"
            )
    findings.killed = sum(map(len, kills.values()))
    findings.most_at_a_kill = max(map(len, kills.values()), default=0)
    for kill, before_s in kills.items():
        if len(before_s) > 1:
            before = ", ".join(f"{seconds:.2f}" for seconds in before_s)
            findings.remarks.append(f"repeated: the kill of {kill.host} at {kill.at:.1f} came {before} s after answers")


def _kill_after(answer: Answer, kills: Iterable[Kill], outages: Iterable[Outage]) -> Kill | None:
    """The kill of an answer's process that came before it could note the answer."""
    noted_by = max((end for begin, end in outages if begin <= answer.at <= end), default=answer.at) + NOTING_S
    return next((kill for kill in kills if kill.host == answer.host and answer.at - 0.5 <= kill.at <= noted_by), None)


def _others(answer: Answer, showing: dict[int, list[Answer]]) -> list[Answer]:
    numbers = [number for number in answer.shows if number is not None]
    return [
        other for other in dict.fromkeys(each for number in numbers for each in showing[number]) if other is not answer
    ]
