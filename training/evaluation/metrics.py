"""The scores that a model is judged by, as plain functions on arrays.

Two kinds of data are measured: pictures of Fashion-MNIST (:func:`test_scores`) and photos of people whom the model
never saw (:func:`photo_scores`). What is measured is always the probabilities that the published file gives, so
nothing in here knows a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.vision import labels
from bot.vision.prediction import Verdict
from training.data.set_labels import LABEL_CLASSES
from training.networks.sharpening import crowd

Floats = NDArray[np.floating]
Integers = NDArray[np.integer]

SHOES_GROUP: Final = "shoes"
GROUPS: Final = ("t-shirt", "trouser", "pullover", "dress", "coat", "shirt", SHOES_GROUP)
"""The seven groups whose recalls are averaged into the balanced accuracy."""

FINE_GROUPS: Final = ("t-shirt", "trouser", "pullover", "dress", "coat", "shirt", "sandal", "sneaker", "ankle-boot")
"""The nine groups of the fine score: the shoes apart, and photos labelled only ``footwear`` left out."""

BOOTSTRAP_ROUNDS: Final = 2000
ECE_BINS: Final = 10


class LabelledPhoto(Protocol):
    """What the scores need to know of a photo; :class:`bot.datasets.ListedPhoto` is one."""

    @property
    def sender_id(self) -> str:
        """Who sent it: photos of one sender are alike, so intervals are drawn by sender."""

    @property
    def label(self) -> str:
        """A key of :data:`LABEL_CLASSES`, or ``hat``, ``shorts``, ``skirt``."""

    @property
    def split(self) -> str:
        """``train`` or ``validation``."""

    @property
    def accepted(self) -> Set[int]:
        """The classes that a careful person would accept; empty where nobody looked, or none fits."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval, both ends in 0..1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TestScores:
    """What a model does with pictures of Fashion-MNIST.

    Attributes:
        images: how many were asked about.
        accuracy: the share that was right.
        recall: for each class, the share of its pictures that were found; None without pictures.
        confusion: rows are actual, columns predicted classes.
        ece: expected calibration error, ten bins.
        crowd: the largest share of answers whose confidences lie within two points of each other.
    """

    images: int
    accuracy: float
    recall: tuple[float | None, ...]
    confusion: tuple[tuple[int, ...], ...]
    ece: float
    crowd: float


@dataclass(frozen=True, slots=True)
class VerdictScores:
    """How honest the verdicts on photos of garments are; shares in 0..1, None where nothing was there to count.

    Attributes:
        sure: share of all photos answered ``sure``.
        right_that_are_sure: of the right answers, the share given as ``sure``.
        sure_that_are_right: of the ``sure`` answers, the share that was right.
        no_garment: share of all photos called ``no_garment``.
        right: share of photos with a right answer that was not withheld as ``no_garment``.
    """

    sure: float | None
    right_that_are_sure: float | None
    sure_that_are_right: float | None
    no_garment: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class PhotoScores:
    """What a model does with photos of garments ("Scores on photos").

    Attributes:
        images: photos that were scored: of the ten classes, and showing what their label says.
        senders: how many people sent them.
        balanced_accuracy: mean recall of the seven :data:`GROUPS`; a shoe may be called any shoe.
        interval: of the balanced accuracy, bootstrapped by sender.
        recall: by group; None for a group without photos.
        fine_accuracy: mean recall of the nine :data:`FINE_GROUPS`.
        fine_interval: of the fine score, bootstrapped by sender.
        fine_recall: by fine group; None for a group without photos.
        confusion: by label (with ``footwear``), how often each of the ten classes was the answer.
        ece: expected calibration error, ten bins; right as in the balanced accuracy.
        verdicts: how honest the verdicts are, where they were given.
    """

    images: int
    senders: int
    balanced_accuracy: float
    interval: Interval
    recall: Mapping[str, float | None]
    fine_accuracy: float
    fine_interval: Interval
    fine_recall: Mapping[str, float | None]
    confusion: Mapping[str, tuple[int, ...]]
    ece: float
    verdicts: VerdictScores | None = None

    def recall_by_name(self) -> dict[str, float | None]:
        """Recall by the bot's class name; None for bags, which no photo of the list shows."""
        return {
            name: self.fine_recall[_LABEL_OF_CLASS[label]] if label in _LABEL_OF_CLASS else None
            for label, name in enumerate(labels.CLASS_NAMES)
        }


_LABEL_OF_CLASS: Final = {next(iter(classes)): label for label, classes in LABEL_CLASSES.items() if len(classes) == 1}


def confusion_matrix(actual: Integers, predicted: Integers, classes: int = labels.CLASS_COUNT) -> NDArray[np.int64]:
    """Counts how often each class was called each class.

    Args:
        actual: int [n], the true classes.
        predicted: int [n], the answers.
        classes: how many classes there are.

    Returns:
        int64 [classes, classes]; rows are actual, columns predicted.
    """
    cells = np.asarray(actual, dtype=np.int64) * classes + np.asarray(predicted, dtype=np.int64)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def recall(confusion: Integers) -> tuple[float | None, ...]:
    """The share of each class that was found; None for a class without examples.

    Args:
        confusion: int [classes, classes]; rows are actual.
    """
    totals = confusion.sum(axis=1)
    return tuple(
        float(confusion[label, label] / totals[label]) if totals[label] else None for label in range(len(totals))
    )


def expected_calibration_error(confidence: Floats, right: NDArray[np.bool_], bins: int = ECE_BINS) -> float:
    """How far confidence is from being right that often (Guo et al., arXiv 1706.04599, section 2).

    Args:
        confidence: float [n], 0..1.
        right: bool [n].
        bins: equal-width bins over 0..1; a bin holds its upper edge.

    Returns:
        The mean over bins of abs(accuracy - mean confidence), weighted by how many answers fall in; 0 without answers.
    """
    confidence = np.asarray(confidence, dtype=np.float64)
    if not len(confidence):
        return 0.0
    bin_of = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    gaps = np.bincount(bin_of, weights=np.asarray(right, dtype=np.float64) - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))


def test_scores(probabilities: Floats, actual: Integers) -> TestScores:
    """Scores answers on pictures whose class is certain.

    Args:
        probabilities: float [n, 10].
        actual: int [n], the true classes.
    """
    predicted = probabilities.argmax(axis=1)
    confusion = confusion_matrix(actual, predicted)
    right = predicted == actual
    return TestScores(
        images=len(actual),
        accuracy=float(right.mean()),
        recall=recall(confusion),
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        ece=expected_calibration_error(probabilities.max(axis=1), right),
        crowd=crowd(probabilities.max(axis=1)),
    )


test_scores.__test__ = False  # type: ignore[attr-defined]  # its name would make pytest collect it
TestScores.__test__ = False  # type: ignore[attr-defined]


def accepted_classes(photo: LabelledPhoto) -> frozenset[int]:
    """The classes that are a right answer for a photo; empty for a photo that is not scored.

    A validation photo was looked at twice: where its second look accepted nothing it is left out. A photo of the
    train split has its label only.
    """
    if photo.label not in LABEL_CLASSES:
        return frozenset()
    if photo.accepted or photo.split == "validation":
        return frozenset(photo.accepted)
    return LABEL_CLASSES[photo.label]


def photo_scores(
    probabilities: Floats, photos: Sequence[LabelledPhoto], *, rounds: int = BOOTSTRAP_ROUNDS, seed: int = 0
) -> PhotoScores:
    """Scores answers on photos; those outside the ten classes, or accepted as none of them, are left out.

    Args:
        probabilities: float [n, 10], one row a photo.
        photos: the n photos, in the same order.
        rounds: bootstrap resamples for the intervals.
        seed: of the resampling.
    """
    answers = np.asarray(probabilities).argmax(axis=1)
    scored = [index for index, photo in enumerate(photos) if accepted_classes(photo)]
    senders = [photos[index].sender_id for index in scored]
    coarse = right_answers(probabilities, photos)[scored]
    fine = np.array([bool(answers[index] in accepted_classes(photos[index])) for index in scored], dtype=bool)

    names = [photos[index].label for index in scored]
    coarse_groups = [SHOES_GROUP if LABEL_CLASSES[name] <= set(labels.SHOES) else name for name in names]
    balanced, interval, by_group = _mean_recall(coarse, coarse_groups, senders, GROUPS, rounds, seed)
    fine_accuracy, fine_interval, by_fine = _mean_recall(fine, names, senders, FINE_GROUPS, rounds, seed)

    confusion = {
        name: tuple(
            int(count)
            for count in np.bincount(
                [answers[index] for index in scored if photos[index].label == name], minlength=labels.CLASS_COUNT
            )
        )
        for name in LABEL_CLASSES
    }
    return PhotoScores(
        images=len(scored),
        senders=len(set(senders)),
        balanced_accuracy=balanced,
        interval=interval,
        recall=by_group,
        fine_accuracy=fine_accuracy,
        fine_interval=fine_interval,
        fine_recall=by_fine,
        confusion=confusion,
        ece=expected_calibration_error(np.asarray(probabilities)[scored].max(axis=1, initial=0.0), coarse),
    )


def right_answers(probabilities: Floats, photos: Sequence[LabelledPhoto]) -> NDArray[np.bool_]:
    """Whether each answer is right as the balanced accuracy counts it: for a shoe, any shoe.

    Args:
        probabilities: float [n, 10].
        photos: the n photos; a photo that is not scored is never right.

    Returns:
        bool [n].
    """
    answers = np.asarray(probabilities).argmax(axis=1)
    return np.array(
        [answer in _accepted_by_group(photo) for answer, photo in zip(answers, photos, strict=True)], dtype=bool
    )


def verdict_scores(
    probabilities: Floats, verdicts: Sequence[Verdict], photos: Sequence[LabelledPhoto]
) -> VerdictScores:
    """Scores how verdicts were given on the photos that are scored.

    Args:
        probabilities: float [n, 10].
        verdicts: the n verdicts.
        photos: the n photos, in the same order.
    """
    scored = np.array([bool(accepted_classes(photo)) for photo in photos], dtype=bool)
    right = right_answers(probabilities, photos)[scored]
    sure = np.array([verdict is Verdict.SURE for verdict in verdicts], dtype=bool)[scored]
    withheld = np.array([verdict is Verdict.NO_GARMENT for verdict in verdicts], dtype=bool)[scored]
    return VerdictScores(
        sure=_share(sure),
        right_that_are_sure=_share(sure[right]),
        sure_that_are_right=_share(right[sure]),
        no_garment=_share(withheld),
        right=_share(right & ~withheld),
    )


def _accepted_by_group(photo: LabelledPhoto) -> frozenset[int]:
    accepted = accepted_classes(photo)
    is_scored_shoe = accepted and LABEL_CLASSES[photo.label] <= set(labels.SHOES)
    return accepted | frozenset(labels.SHOES) if is_scored_shoe else accepted


def _share(flags: NDArray[np.bool_]) -> float | None:
    return float(flags.mean()) if len(flags) else None


def _mean_recall(
    right: NDArray[np.bool_],
    group_names: Sequence[str],
    senders: Sequence[str],
    groups: Sequence[str],
    rounds: int,
    seed: int,
) -> tuple[float, Interval, dict[str, float | None]]:
    """Mean recall over the groups that have photos, its interval by sender, and each group's recall.

    Returns:
        NaN where no group has a photo.
    """
    sender_number = {sender: number for number, sender in enumerate(dict.fromkeys(senders))}
    group_number = {name: number for number, name in enumerate(groups)}
    totals = np.zeros((max(1, len(sender_number)), len(groups)))
    hits = np.zeros_like(totals)
    for is_right, name, sender in zip(right, group_names, senders, strict=True):
        if name in group_number:
            cell = sender_number[sender], group_number[name]
            totals[cell] += 1
            hits[cell] += is_right

    by_group = [
        float(hit / total) if total else None for hit, total in zip(hits.sum(axis=0), totals.sum(axis=0), strict=True)
    ]
    known = [value for value in by_group if value is not None]
    if not known:
        return float("nan"), Interval(float("nan"), float("nan")), dict.fromkeys(groups)

    drawn = np.random.default_rng(seed).multinomial(len(totals), np.full(len(totals), 1 / len(totals)), size=rounds)
    drawn_totals, drawn_hits = drawn @ totals, drawn @ hits
    present = drawn_totals > 0
    recalls = np.divide(drawn_hits, drawn_totals, out=np.zeros_like(drawn_hits), where=present)
    counted = present.sum(axis=1)
    means = recalls.sum(axis=1)[counted > 0] / counted[counted > 0]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(np.mean(known)), Interval(float(low), float(high)), dict(zip(groups, by_group, strict=True))
