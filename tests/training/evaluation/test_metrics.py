"""The scores, on cases small enough to count by hand."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from bot.vision.prediction import Verdict
from training.evaluation import metrics


@dataclass(frozen=True)
class Photo:
    label: str
    sender_id: str = "a"
    split: str = "validation"
    accepted: frozenset[int] = field(default_factory=frozenset)


def answers(*classes: int, confidence: float = 1.0) -> np.ndarray:
    """One row of ten probabilities for each answer."""
    rows = np.full((len(classes), 10), (1 - confidence) / 9)
    rows[np.arange(len(classes)), classes] = confidence
    return rows


def test_confusion_matrix_has_actual_in_rows() -> None:
    matrix = metrics.confusion_matrix(np.array([0, 0, 1, 9]), np.array([0, 6, 1, 9]))
    assert matrix.shape == (10, 10)
    assert matrix[0, 0] == matrix[0, 6] == matrix[1, 1] == matrix[9, 9] == 1
    assert matrix.sum() == 4


def test_recall_is_none_for_a_class_without_examples() -> None:
    assert metrics.recall(np.array([[3, 1], [0, 0]])) == (0.75, None)


def test_calibration_error_of_an_overconfident_model() -> None:
    confidence = np.array([0.9, 0.9, 0.9, 0.9, 0.5, 0.5])
    right = np.array([True, True, False, False, True, False])
    assert metrics.expected_calibration_error(confidence, right) == pytest.approx((4 * 0.4 + 2 * 0.0) / 6)


def test_calibration_error_counts_each_bin_by_itself() -> None:
    """Too sure in one bin does not make up for too modest in another; 0 and 1 have a bin, too."""
    confidence = np.array([1.0, 0.0])
    assert metrics.expected_calibration_error(confidence, np.array([False, True])) == 1.0
    assert metrics.expected_calibration_error(confidence, np.array([True, False])) == 0.0
    assert metrics.expected_calibration_error(np.array([]), np.array([], dtype=bool)) == 0.0


def test_scores_of_pictures() -> None:
    scores = metrics.test_scores(answers(0, 6, 1, 1, confidence=0.7), np.array([0, 0, 1, 1]))
    assert scores.images == 4
    assert scores.accuracy == 0.75
    assert scores.recall[:3] == (0.5, 1.0, None)
    assert scores.confusion[0][6] == 1
    assert scores.ece == pytest.approx(0.05)


def test_balanced_accuracy_is_the_mean_of_group_recalls() -> None:
    photos = [Photo("t-shirt", accepted=frozenset({0}))] * 3 + [Photo("trouser", accepted=frozenset({1}))]
    scores = metrics.photo_scores(answers(0, 0, 6, 2), photos)
    assert scores.recall["t-shirt"] == pytest.approx(2 / 3)
    assert scores.recall["trouser"] == 0.0
    assert scores.recall["shoes"] is None
    assert scores.balanced_accuracy == pytest.approx(1 / 3)
    assert scores.images == 4
    assert scores.confusion["t-shirt"][:7] == (2, 0, 0, 0, 0, 0, 1)


def test_any_shoe_is_right_for_the_balanced_accuracy_only() -> None:
    photos = [
        Photo("sandal", accepted=frozenset({5})),
        Photo("sneaker", accepted=frozenset({7})),
        Photo("footwear", accepted=frozenset({5})),
    ]
    scores = metrics.photo_scores(answers(9, 7, 7), photos)
    assert scores.recall["shoes"] == 1.0
    assert scores.balanced_accuracy == 1.0
    assert scores.fine_recall["sandal"] == 0.0
    assert scores.fine_recall["sneaker"] == 1.0
    assert scores.fine_accuracy == 0.5
    assert scores.recall_by_name()["運動鞋"] == 1.0
    assert scores.recall_by_name()["包包"] is None


def test_a_group_goes_by_label_and_the_answer_by_what_is_accepted() -> None:
    photos = [Photo("pullover", accepted=frozenset({2, 4})), Photo("pullover", accepted=frozenset({6}))]
    scores = metrics.photo_scores(answers(4, 2), photos)
    assert scores.recall["pullover"] == 0.5
    assert scores.recall["coat"] is None


def test_photos_of_other_things_are_left_out() -> None:
    photos = [Photo("hat"), Photo("coat"), Photo("coat", accepted=frozenset({4}))]
    scores = metrics.photo_scores(answers(8, 4, 4), photos)
    assert scores.images == 1
    assert scores.balanced_accuracy == 1.0


def test_train_photos_go_by_their_label() -> None:
    photos = [Photo("footwear", split="train"), Photo("shirt", split="train"), Photo("skirt", split="train")]
    scores = metrics.photo_scores(answers(9, 6, 3), photos)
    assert scores.images == 2
    assert scores.balanced_accuracy == 1.0


def test_the_interval_is_drawn_by_sender() -> None:
    """Forty photos of two people are two draws, not forty."""
    people = ["right"] * 20 + ["wrong"] * 20
    photos = [Photo("dress", sender_id=person, accepted=frozenset({3})) for person in people]
    scores = metrics.photo_scores(answers(*[3] * 20, *[0] * 20), photos)
    assert scores.senders == 2
    assert scores.balanced_accuracy == 0.5
    assert (scores.interval.low, scores.interval.high) == (0.0, 1.0)
    alone = metrics.photo_scores(answers(*[3] * 40), photos)
    assert (alone.interval.low, alone.interval.high) == (1.0, 1.0)


def test_the_interval_is_repeatable() -> None:
    rng = np.random.default_rng(1)
    photos = [Photo("coat", sender_id=str(index % 9), accepted=frozenset({4})) for index in range(50)]
    probabilities = answers(*rng.choice([3, 4], 50))
    first, second = (metrics.photo_scores(probabilities, photos, seed=3) for _ in range(2))
    assert first == second
    assert first.interval.low < first.balanced_accuracy < first.interval.high


def test_no_photos_at_all() -> None:
    scores = metrics.photo_scores(np.zeros((0, 10)), [])
    assert scores.images == 0
    assert np.isnan(scores.balanced_accuracy)
    assert scores.ece == 0.0


def test_verdicts_of_garments() -> None:
    photos = [Photo("dress", accepted=frozenset({3}))] * 4 + [Photo("hat")]
    verdicts = [Verdict.SURE, Verdict.UNSURE, Verdict.SURE, Verdict.NO_GARMENT, Verdict.SURE]
    scores = metrics.verdict_scores(answers(3, 3, 0, 3, 3), verdicts, photos)
    assert scores.sure == 0.5
    assert scores.right_that_are_sure == pytest.approx(1 / 3)
    assert scores.sure_that_are_right == 0.5
    assert scores.no_garment == 0.25
    assert scores.right == 0.5
    nothing = metrics.verdict_scores(np.zeros((0, 10)), [], [])
    assert nothing.sure is None
