"""Weights and thresholds, on answers whose honesty is known."""

from collections.abc import Sequence

import numpy as np
import pytest

from bot.datasets import photo_list
from bot.vision.fusion import Weights, fuse_all
from bot.vision.labels import NO_CLOTHING, OTHER_CLOTHING
from training.data.gather import CalibrationPhotos
from training.data.looks import Looks
from training.data.splits import calibrates
from training.evaluation.calibrate import (
    COLOR_WEIGHTS,
    LEAST_SURE,
    LIKELY_PRECISION,
    MOST_REFUSED,
    SURE_PRECISION,
    allowed_outcomes,
    fit,
    least_confidence,
    thresholds_of,
)
from training.networks.sharpening import softmax

Outcomes = list[frozenset[int]]


def honest(count: int, seed: int = 0, spread: float = 2.5) -> tuple[np.ndarray, Outcomes]:
    """Logits, and classes drawn from exactly their softmax."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, spread, (count, 10))
    drawn = [frozenset({int(rng.choice(10, p=row))}) for row in softmax(logits)]
    return logits, drawn


def looks(
    count: int, colors: np.ndarray | None = None, outside: np.ndarray | float = 0.0, found: np.ndarray | None = None
) -> Looks:
    """One garment a photo.

    Args:
        count: photos.
        colors: [n, 10], what the network in colour says of the ten; without it all alike.
        outside: [n], the share that it gives to no clothing.
        found: bool [n], whether a photo has a garment; all of them without.
    """
    ten = np.full((count, 10), 0.1) if colors is None else colors
    share = np.broadcast_to(outside, count)[:, None]
    return Looks(
        pixels=np.zeros((count, 28, 28), np.float32),
        colors=np.hstack([ten * (1 - share), np.zeros((count, 1)), share]).astype(np.float32),
        areas=np.full(count, 0.3),
        salience=np.full(count, 0.3),
        photo=np.arange(count),
        found=np.ones(count, bool) if found is None else found,
    )


def right(given: np.ndarray, outcomes: Outcomes) -> np.ndarray:
    return np.array([answer in each for answer, each in zip(given.argmax(1), outcomes, strict=True)])


def error(given: np.ndarray, outcomes: Outcomes) -> float:
    """Expected calibration error in ten bins."""
    confidence = given.max(1)
    bins = np.minimum((confidence * 10).astype(int), 9)
    gaps = right(given, outcomes) - confidence
    return float(sum(abs(gaps[bins == at].sum()) for at in range(10)) / len(given))


def fitted_on(logits: np.ndarray, seen: Looks, outcomes: Outcomes, alone: np.ndarray | None = None) -> Weights:
    """Fitted on photos of one thing each, or on those that are."""
    of_one_thing = np.ones(len(outcomes), bool) if alone is None else alone
    return fit(softmax(logits), seen, CalibrationPhotos([], outcomes, of_one_thing.tolist()))


ALONE = Weights(1.0, 0.0, 0.0)
"""The model as it is, whatever the network in colour says."""


def test_partial_labels_count_as_sets() -> None:
    logits, classes = honest(2000)
    shoes = [each | {5, 7, 9} if each & {5, 7, 9} else each for each in classes]
    of_one = [frozenset({5}) if each & {5, 7, 9} else each for each in classes]
    seen = looks(2000, softmax(np.random.default_rng(3).normal(0, 2, logits.shape)))

    assert fitted_on(logits, seen, shoes).model_weight > fitted_on(logits, seen, of_one).model_weight


def test_what_was_not_found_has_no_say() -> None:
    """A whole photo stands in where nothing is found: nobody is told a class of it."""
    logits, classes = honest(2000)
    wrong = [*classes, *[frozenset({int(row.argmin())}) for row in logits]]
    found = np.arange(4000) < 2000

    assert fitted_on(np.concatenate([logits, logits]), looks(4000, found=found), wrong) == fitted_on(
        logits, looks(2000), classes
    )


def test_photos_of_several_things_have_no_say_in_the_fit() -> None:
    """Of a dressed person it is not sure which garment a label is about."""
    logits, classes = honest(2000)
    wrong = [*classes, *[frozenset({int(row.argmin())}) for row in logits]]
    alone = np.arange(4000) < 2000

    both = fitted_on(np.concatenate([logits, logits]), looks(4000), wrong, alone)

    assert both == fitted_on(logits, looks(2000), classes)


def test_only_the_most_prominent_garment_of_a_photo_counts() -> None:
    logits, classes = honest(2000)
    colors = looks(2000).colors
    pairs = Looks(
        pixels=np.zeros((4000, 28, 28), np.float32),
        colors=np.repeat(colors, 2, axis=0),
        areas=np.full(4000, 0.3),
        salience=np.full(4000, 0.3),
        photo=np.repeat(np.arange(2000), 2),
        found=np.ones(2000, bool),
    )
    both = np.stack([logits, -logits], axis=1).reshape(4000, 10)

    assert fitted_on(both, pairs, classes) == fitted_on(logits, looks(2000), classes)


def test_a_good_network_in_colour_counts_and_a_guess_does_not() -> None:
    truth, classes = honest(4000)
    rng = np.random.default_rng(2)
    seen = truth + rng.normal(0, 2, truth.shape)
    good = softmax(truth + rng.normal(0, 1, truth.shape))
    guess = softmax(rng.normal(0, 2, truth.shape))

    trusted = fitted_on(seen, looks(4000, good), classes)
    ignored = fitted_on(seen, looks(4000, guess), classes)

    assert trusted.color_weight > trusted.model_weight > 0
    assert ignored.color_weight == min(COLOR_WEIGHTS) < trusted.color_weight


def test_a_refresh_hears_the_networks_as_before_and_fits_the_share_of_none_of_the_ten() -> None:
    truth, classes = honest(4000)
    rng = np.random.default_rng(2)
    logits, opinion = (truth + rng.normal(0, 1, truth.shape) for _ in range(2))
    photos = CalibrationPhotos([], classes, [True] * len(classes))

    before = Weights(1.0, 0.5, outside_bias=2.0)
    free, bound = (fit(softmax(logits), looks(4000, softmax(opinion)), photos, known) for known in (None, before))

    assert (free.model_weight, free.color_weight) != (1.0, 0.5)
    assert (bound.model_weight, bound.color_weight) == (1.0, 0.5)


def test_joined_answers_mean_what_they_say() -> None:
    truth, classes = honest(4000)
    rng = np.random.default_rng(4)
    logits = truth + rng.normal(0, 2, truth.shape)
    seen = looks(4000, softmax(0.6 * (truth + rng.normal(0, 2, truth.shape))))

    fitted = fitted_on(logits, seen, classes)
    told = fuse_all(softmax(logits), seen.colors, fitted)

    assert error(told[:, :10], classes) < 0.03
    assert error(told[:, :10], classes) < error(softmax(logits), classes) / 2


@pytest.mark.parametrize("shift", [-1.5, 0.0, 1.5])
def test_the_outside_bias_undoes_what_the_network_adds_to_none_of_the_ten(shift: float) -> None:
    logits, classes = honest(2000)
    rng = np.random.default_rng(5)
    odds = np.concatenate([rng.normal(-2.5, 1, 1000), rng.normal(2.5, 1, 1000)])
    share = 1 / (1 + np.exp(-(5 * odds + shift)))
    outcomes = [*classes[:1000], *[frozenset({NO_CLOTHING})] * 500, *[frozenset({OTHER_CLOTHING})] * 500]

    assert fitted_on(logits, looks(2000, outside=share), outcomes).outside_bias == pytest.approx(-shift, abs=0.9)


def test_however_the_network_leans_few_garments_are_called_none_of_the_ten() -> None:
    logits, classes = honest(2000)
    rng = np.random.default_rng(6)
    share = 1 / (1 + np.exp(-rng.normal([-1.0] * 1000 + [1.0] * 1000, 1)))
    outcomes = [*classes[:1000], *[frozenset({NO_CLOTHING})] * 1000]
    seen = looks(2000, outside=share)

    fitted = fitted_on(logits, seen, outcomes)
    told = fuse_all(softmax(logits), seen.colors, fitted)[:1000]
    assert (told[:, 10:].sum(1) >= told[:, :10].max(1)).mean() <= MOST_REFUSED


def test_without_photos_of_none_of_the_ten_the_network_is_taken_at_its_word() -> None:
    logits, classes = honest(500)
    assert fitted_on(logits, looks(500, outside=0.3), classes).outside_bias == 0


def test_sure_and_likely_answers_are_as_right_as_asked() -> None:
    logits, classes = honest(6000, spread=4)

    limits = thresholds_of(softmax(logits), looks(6000), classes, ALONE)

    given = softmax(logits)
    confidence, correct = given.max(1), right(given, classes)
    sure = confidence >= limits["sure"]
    likely = ~sure & (confidence >= limits["likely"])
    assert LEAST_SURE <= limits["sure"]
    assert limits["likely"] < limits["sure"]
    assert correct[sure].mean() == pytest.approx(SURE_PRECISION, abs=0.005)
    assert correct[likely].mean() == pytest.approx(LIKELY_PRECISION, abs=0.01)
    assert min(sure.mean(), likely.mean()) > 0.1


def test_the_card_gets_the_weights_as_they_were_fitted() -> None:
    logits, classes = honest(300)
    limits = thresholds_of(softmax(logits), looks(300), classes, Weights(0.3, 1.15, -0.5))
    assert Weights.from_card(limits) == Weights(0.3, 1.15, -0.5)


def test_refused_photos_have_no_say_in_the_thresholds() -> None:
    """Of what shows none of the ten and is refused, no class is said, right or wrong."""
    logits, classes = honest(2000, spread=4)
    strange = np.zeros((500, 10))
    strange[:, 3] = 20
    outside = np.repeat([0.0, 0.99999], [2000, 500])
    outcomes: Sequence[frozenset[int]] = [*classes, *[frozenset({NO_CLOTHING})] * 500]

    mixed = thresholds_of(softmax(np.concatenate([logits, strange])), looks(2500, outside=outside), outcomes, ALONE)

    assert mixed == thresholds_of(softmax(logits), looks(2000), classes, ALONE)


def test_the_least_confidence_by_hand() -> None:
    confidence = np.linspace(1.0, 0.01, 100)
    good = np.arange(100) < 40
    assert least_confidence(confidence, good, 0.8) == pytest.approx(confidence[49])  # 40 of 50
    assert least_confidence(confidence, ~good, 0.8) == 1.0
    assert least_confidence(confidence[:3], np.array([True, False, True]), 0.6) == pytest.approx(confidence[2])
    assert least_confidence(confidence[:0], good[:0], 0.8) == 1.0


def test_what_photos_may_show_is_a_row_each() -> None:
    rows = allowed_outcomes([frozenset({1, NO_CLOTHING}), frozenset()])
    assert rows.shape == (2, 12)
    assert np.flatnonzero(rows[0]).tolist() == [1, NO_CLOTHING]
    assert not rows[1].any()


def test_nobody_is_learnt_from_and_calibrated_on() -> None:
    train = [photo for photo in photo_list() if photo.split == "train"]
    kept = {photo.sender_id for photo in train if calibrates(photo)}
    learnt = {photo.sender_id for photo in train if not calibrates(photo)}
    strangers = {photo.sender_id for photo in photo_list() if photo.split == "validation"}

    assert not kept & learnt
    assert not (kept | learnt) & strangers
    assert len(kept) == 27
    assert sum(calibrates(photo) for photo in train) == 240
