"""What the bot answered to photos and to pictures of no garment, and the figures that follow.

``python -m benchmarks.photo_answers --json FILE`` writes such a record, :mod:`training.model_card.page` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.vision.prediction import Verdict
from training.data.set_labels import LABEL_CLASSES
from training.errors import TrainingError
from training.evaluation.metrics import (
    FINE_GROUPS,
    SHOES_GROUP,
    Interval,
    PhotoScores,
    VerdictScores,
    accepted_classes,
    photo_scores,
    right_answers,
    verdict_scores,
)

NEAR_MISSES: Final = ("hat", "shorts", "skirt")
"""Labels of clothing outside the ten classes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot said of a listed photo; a :class:`training.evaluation.metrics.LabelledPhoto`.

    Attributes:
        image: the photo's id.
        sender_id: who took it.
        label: its word in the list.
        split: ``train`` or ``validation``.
        accepted: the classes that a careful second look accepts.
        probabilities: ten, as the bot shows them.
        verdict: how the answer was given.
        other_clothing: it was called clothing, but none of the ten.
        quality: 0..1, how well the garment was found.
        milliseconds: from the file's bytes to the answer.
    """

    image: str
    sender_id: str
    label: str
    split: str
    accepted: frozenset[int]
    probabilities: tuple[float, ...]
    verdict: Verdict
    other_clothing: bool
    quality: float
    milliseconds: float

    @property
    def confidence(self) -> float:
        """The probability of the answer, 0..1."""
        return max(self.probabilities)

    @property
    def answer(self) -> int:
        """The most probable class, 0-9."""
        return self.probabilities.index(self.confidence)


@dataclass(frozen=True, slots=True)
class StrangeAnswer:
    """What the bot said of a picture without clothing.

    Attributes:
        kind: ``library`` (a crop of a picture that a library ships) or ``no clothing`` (groceries and rubbish).
        verdict: how the answer was given.
        confidence: 0..1.
    """

    kind: str
    verdict: Verdict
    confidence: float


@dataclass(frozen=True, slots=True)
class Speed:
    """How long answers take; milliseconds.

    Attributes:
        median: from a photo's bytes to the answer, by the clock.
        p95: 95 % take no longer.
        processor: median of the processor time for the same, which other programs do not lengthen.
        model: median of the ten probabilities for 28x28 pixels alone.
        one_core: whether the whole process was kept on one core.
        load: the machine's load average at the end; None where the system has none.
        machine: its processor, and the widest instructions that matter.
    """

    median: float
    p95: float
    processor: float
    model: float
    one_core: bool
    load: float | None
    machine: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """All answers of one model.

    Attributes:
        version: of the model.
        sha256: of its file.
        runtime: the interpreter that ran it.
        photos: answers to photos of people whom it never saw.
        strange: answers to pictures without clothing.
        speed: how long they took.
    """

    version: str
    sha256: str
    runtime: str
    photos: tuple[Answer, ...]
    strange: tuple[StrangeAnswer, ...]
    speed: Speed

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        values = asdict(self)
        for answer in values["photos"]:
            answer["accepted"] = sorted(answer["accepted"])
        path.write_text(json.dumps(values, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what :meth:`write` wrote.

        Raises:
            TrainingError: it is missing or of another kind.
        """
        try:
            values: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                version=values["version"],
                sha256=values["sha256"],
                runtime=values["runtime"],
                photos=tuple(_answer(each) for each in values["photos"]),
                strange=tuple(
                    StrangeAnswer(**{**each, "verdict": Verdict(each["verdict"])}) for each in values["strange"]
                ),
                speed=Speed(**values["speed"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TrainingError(
                f"{path} holds no answers; make it: python -m benchmarks.photo_answers --json {path}"
            ) from error


@dataclass(frozen=True, slots=True)
class Shares:
    """How pictures outside the ten classes were answered; shares in 0..1.

    Attributes:
        images: how many.
        no_garment: of them called ``no_garment``, other clothing included.
        other_clothing: of them called clothing, but none of the ten.
        sure: of them answered ``sure``.
    """

    images: int
    no_garment: float
    other_clothing: float
    sure: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a record.

    Attributes:
        photos: on photos of the ten classes.
        verdicts: on the same photos.
        group_intervals: 95 % interval of each group's recall, by sender; groups without photos are left out.
        near_misses: on photos of clothing outside the ten, by label; labels without photos are left out.
        all_near_misses: on all of them; None without photos.
        strange: on pictures without clothing, by kind.
        all_strange: on all of them; None without pictures.
    """

    photos: PhotoScores
    verdicts: VerdictScores
    group_intervals: Mapping[str, Interval]
    near_misses: Mapping[str, Shares]
    all_near_misses: Shares | None
    strange: Mapping[str, Shares]
    all_strange: Shares | None


def figures(record: Record) -> Figures:
    """Score all answers of a record."""
    scored = scored_photos(record)
    probabilities = probabilities_of(scored)
    near = [answer for answer in record.photos if answer.label in NEAR_MISSES]
    return Figures(
        photos=photo_scores(probabilities, scored),
        verdicts=verdict_scores(probabilities, [answer.verdict for answer in scored], scored),
        group_intervals=_group_intervals(scored),
        near_misses=_by([(answer.label, answer.verdict, answer.other_clothing) for answer in near]),
        all_near_misses=_shares([(answer.verdict, answer.other_clothing) for answer in near]),
        strange=_by([(answer.kind, answer.verdict, False) for answer in record.strange]),
        all_strange=_shares([(answer.verdict, False) for answer in record.strange]),
    )


def scored_photos(record: Record) -> list[Answer]:
    """The answers to photos that are scored: of the ten classes, and showing what their label says."""
    return [answer for answer in record.photos if accepted_classes(answer)]


def probabilities_of(answers: Sequence[Answer]) -> NDArray[np.float64]:
    """The answers' probabilities: float64 [n, 10]."""
    return np.array([answer.probabilities for answer in answers], np.float64).reshape(len(answers), -1)


def is_right(answers: Sequence[Answer]) -> NDArray[np.bool_]:
    """Whether each answer is right as the balanced accuracy counts it: bool [n]."""
    return right_answers(probabilities_of(answers), answers) if answers else np.zeros(0, np.bool_)


def _group_intervals(scored: Sequence[Answer]) -> dict[str, Interval]:
    """A group's recall is the mean recall of its photos alone, and so is its interval."""
    intervals = {}
    for group in (*FINE_GROUPS, SHOES_GROUP):
        own = [answer for answer in scored if answer.label == group or (group == SHOES_GROUP and _is_shoe(answer))]
        if own:
            scores = photo_scores(probabilities_of(own), own)
            intervals[group] = scores.interval if group == SHOES_GROUP else scores.fine_interval
    return intervals


def _is_shoe(answer: Answer) -> bool:
    return LABEL_CLASSES[answer.label] <= LABEL_CLASSES["footwear"]


def _by(answered: Sequence[tuple[str, Verdict, bool]]) -> dict[str, Shares]:
    kinds = dict.fromkeys(kind for kind, _, _ in answered)
    shares = {kind: _shares([rest for own, *rest in answered if own == kind]) for kind in kinds}  # type: ignore[misc]
    return {kind: each for kind, each in shares.items() if each is not None}


def _shares(answered: Iterable[tuple[Verdict, bool]]) -> Shares | None:
    answers = list(answered)
    if not answers:
        return None
    verdicts = [verdict for verdict, _ in answers]
    return Shares(
        images=len(answers),
        no_garment=verdicts.count(Verdict.NO_GARMENT) / len(answers),
        other_clothing=sum(other for _, other in answers) / len(answers),
        sure=verdicts.count(Verdict.SURE) / len(answers),
    )


def _answer(values: Mapping[str, Any]) -> Answer:
    return Answer(
        **{
            **values,
            "accepted": frozenset(values["accepted"]),
            "probabilities": tuple(values["probabilities"]),
            "verdict": Verdict(values["verdict"]),
        }
    )
