"""Temperature and thresholds, on answers whose honesty is known."""

import numpy as np
import pytest

from bot.dataset import photo_list
from training.calibrate import SURE_PRECISION, choose_thresholds, fit_temperature, probabilities
from training.world import calibrates


def honest(count: int, seed: int = 0, spread: float = 2.5) -> tuple[np.ndarray, list[frozenset[int]]]:
    """Logits, and classes drawn from exactly their softmax."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, spread, (count, 10))
    drawn = [frozenset({int(rng.choice(10, p=row))}) for row in probabilities(logits)]
    return logits, drawn


@pytest.mark.parametrize("overconfidence", [0.6, 1.0, 2.0])
def test_the_temperature_undoes_overconfidence(overconfidence: float) -> None:
    logits, classes = honest(4000)

    temperature, _ = fit_temperature(logits * overconfidence, np.ones(4000), classes)

    assert temperature == pytest.approx(overconfidence, rel=0.1)


def test_partial_labels_count_as_sets() -> None:
    logits, classes = honest(2000)
    sets = [each | {5, 7, 9} if each & {5, 7, 9} else each for each in classes]

    temperature, _ = fit_temperature(logits, np.ones(2000), sets)

    assert temperature == pytest.approx(1, rel=0.15)


def test_quality_counts_where_it_tells_something() -> None:
    logits, classes = honest(3000)
    rng = np.random.default_rng(1)
    quality = np.where(np.arange(3000) < 1500, 1.0, 0.5)
    guessed = [each if good == 1 else frozenset({int(rng.integers(10))})
               for each, good in zip(classes, quality, strict=True)]  # fmt: skip

    _, power = fit_temperature(logits, quality, guessed)

    assert power >= 2


def test_sure_answers_are_as_right_as_asked() -> None:
    logits, classes = honest(4000, spread=5)
    given, quality, other = probabilities(logits), np.full(4000, 0.95), np.zeros(4000)

    limits = choose_thresholds(given, quality, other, classes, 0.0)

    sure = given.max(1) >= limits.sure
    right = np.array([answer in each for answer, each in zip(given.argmax(1), classes, strict=True)])
    assert right[sure].mean() >= SURE_PRECISION - 0.005
    assert sure.mean() > 0.1


def test_few_garments_are_withheld_and_clothing_outside_the_ten_has_no_say_in_it() -> None:
    rng = np.random.default_rng(3)
    logits, classes = honest(1000)
    quality, other = rng.uniform(0.7, 1, 1000), rng.uniform(0, 0.4, 1000)
    outside = [frozenset[int]()] * 200
    limits = choose_thresholds(
        np.concatenate([probabilities(logits), np.full((200, 10), 0.1)]),
        np.concatenate([quality, np.zeros(200)]), np.concatenate([other, np.ones(200)]), [*classes, *outside], 0.0,
    )  # fmt: skip

    withheld = (quality < limits.quality) | (other >= limits.other_clothing)
    assert 0 < withheld.mean() <= 0.04
    assert limits.other_clothing < 0.5


def test_nobody_is_learnt_from_and_calibrated_on() -> None:
    train = [photo for photo in photo_list() if photo.split == "train"]
    kept = {photo.sender_id for photo in train if calibrates(photo)}
    learnt = {photo.sender_id for photo in train if not calibrates(photo)}
    strangers = {photo.sender_id for photo in photo_list() if photo.split == "validation"}

    assert not kept & learnt
    assert not (kept | learnt) & strangers
    assert len(kept) == 27
    assert sum(calibrates(photo) for photo in train) == 240
