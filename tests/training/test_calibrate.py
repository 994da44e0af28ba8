"""Temperature and thresholds, on answers whose honesty is known."""

import numpy as np
import pytest

from bot.dataset import photo_list
from bot.vision.garment import Garment
from bot.vision.verdicts import Thresholds, considered
from training.calibrate import SURE_PRECISION, Confidence, choose_thresholds, fit, probabilities
from training.gather import calibrates


def honest(count: int, seed: int = 0, spread: float = 2.5) -> tuple[np.ndarray, list[frozenset[int]]]:
    """Logits, and classes drawn from exactly their softmax."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, spread, (count, 10))
    drawn = [frozenset({int(rng.choice(10, p=row))}) for row in probabilities(logits)]
    return logits, drawn


def garments(
    quality: np.ndarray,
    other: np.ndarray | None = None,
    opinions: np.ndarray | None = None,
    nothing: np.ndarray | None = None,
) -> list[Garment]:
    none = np.zeros(len(quality))
    return [
        Garment(
            np.zeros((0, 0), np.float32),
            (0, 0, 1, 1),
            float(each),
            other_clothing=float((none if other is None else other)[at]),
            nothing=float((none if nothing is None else nothing)[at]),
            opinion=None if opinions is None else opinions[at],
        )
        for at, each in enumerate(quality)
    ]


def error(given: np.ndarray, classes: list[frozenset[int]]) -> float:
    """Expected calibration error in ten bins."""
    confidence = given.max(1)
    right = np.array([answer in each for answer, each in zip(given.argmax(1), classes, strict=True)])
    bins = np.minimum((confidence * 10).astype(int), 9)
    return float(sum(abs((right - confidence)[bins == at].sum()) for at in range(10)) / len(given))


@pytest.mark.parametrize("overconfidence", [0.6, 1.0, 2.0])
def test_the_temperature_undoes_overconfidence(overconfidence: float) -> None:
    logits, classes = honest(4000)

    fitted = fit(logits * overconfidence, garments(np.ones(4000)), classes)

    assert fitted.temperature == pytest.approx(overconfidence, rel=0.1)
    assert (fitted.model_weight, fitted.opinion_weight) == (1, 0)


def test_partial_labels_count_as_sets() -> None:
    logits, classes = honest(2000)
    sets = [each | {5, 7, 9} if each & {5, 7, 9} else each for each in classes]

    assert fit(logits, garments(np.ones(2000)), sets).temperature == pytest.approx(1, rel=0.15)


def test_quality_counts_where_it_tells_something() -> None:
    logits, classes = honest(3000)
    rng = np.random.default_rng(1)
    quality = np.where(np.arange(3000) < 1500, 1.0, 0.5)
    guessed = [each if good == 1 else frozenset({int(rng.integers(10))})
               for each, good in zip(classes, quality, strict=True)]  # fmt: skip

    assert fit(logits, garments(quality), guessed).quality_power >= 2


def test_a_good_second_opinion_counts_and_a_guess_does_not() -> None:
    truth, classes = honest(4000)
    rng = np.random.default_rng(2)
    seen = truth + rng.normal(0, 2, truth.shape)
    good = probabilities(truth + rng.normal(0, 1, truth.shape)).astype(np.float32)
    guess = probabilities(rng.normal(0, 2, truth.shape)).astype(np.float32)

    trusted = fit(seen, garments(np.ones(4000), opinions=good), classes)
    ignored = fit(seen, garments(np.ones(4000), opinions=guess), classes)

    assert trusted.opinion_weight > trusted.model_weight > 0
    assert ignored.opinion_weight == 0


def test_joined_opinions_mean_what_they_say() -> None:
    truth, classes = honest(4000)
    rng = np.random.default_rng(4)
    logits = truth + rng.normal(0, 2, truth.shape)
    found = garments(np.ones(4000), opinions=probabilities(truth + rng.normal(0, 2, truth.shape)).astype(np.float32))

    fitted = fit(logits, found, classes)
    limits = choose_thresholds(logits, found, classes, fitted)
    given = probabilities(logits / fitted.temperature)
    told = np.array([considered(row, each, limits) for row, each in zip(given, found, strict=True)])

    assert error(told, classes) < 0.03
    assert error(told, classes) < error(probabilities(logits), classes) / 2


def test_sure_answers_are_as_right_as_asked() -> None:
    logits, classes = honest(4000, spread=5)

    limits = choose_thresholds(logits, garments(np.full(4000, 0.95)), classes, Confidence(1.0, 1.0, 0.0, 0.0))

    given = probabilities(logits)
    sure = given.max(1) >= limits.sure
    right = np.array([answer in each for answer, each in zip(given.argmax(1), classes, strict=True)])
    assert right[sure].mean() >= SURE_PRECISION - 0.005
    assert sure.mean() > 0.1


def test_few_garments_are_withheld_and_clothing_outside_the_ten_has_no_say_in_it() -> None:
    rng = np.random.default_rng(3)
    logits, classes = honest(1000)
    quality, other, nothing = rng.uniform(0.7, 1, 1000), rng.uniform(0, 0.4, 1000), rng.uniform(0, 0.2, 1000)
    outside = [frozenset[int]()] * 200
    found = garments(
        np.concatenate([quality, np.zeros(200)]),
        np.concatenate([other, np.ones(200)]),
        nothing=np.concatenate([nothing, np.ones(200)]),
    )
    fitted = Confidence(1.0, 1.0, 0.0, 0.0)

    limits: Thresholds = choose_thresholds(
        np.concatenate([logits, np.zeros((200, 10))]), found, [*classes, *outside], fitted
    )

    withheld = (quality < limits.quality) | (other >= limits.other_clothing) | (nothing >= limits.nothing)
    assert 0 < withheld.mean() <= 0.04
    assert limits.other_clothing < 0.5
    assert limits.nothing == pytest.approx(0.5)
    assert limits.quality < 0.7


def test_nobody_is_learnt_from_and_calibrated_on() -> None:
    train = [photo for photo in photo_list() if photo.split == "train"]
    kept = {photo.sender_id for photo in train if calibrates(photo)}
    learnt = {photo.sender_id for photo in train if not calibrates(photo)}
    strangers = {photo.sender_id for photo in photo_list() if photo.split == "validation"}

    assert not kept & learnt
    assert not (kept | learnt) & strangers
    assert len(kept) == 27
    assert sum(calibrates(photo) for photo in train) == 240
