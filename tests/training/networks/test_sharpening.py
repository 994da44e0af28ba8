"""A network that says 93 % of everything is made to tell its answers apart, and to be right as often as it says."""

import numpy as np
import pytest

from training.evaluation.metrics import expected_calibration_error
from training.networks.sharpening import MOST_IN_A_CROWD, Sharpening, crowd, fit_sharpening, leads, softmax


def honest(count: int, seed: int = 0, spread: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels drawn from exactly their softmax."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, spread, (count, 10))
    return logits, np.array([rng.choice(10, p=row) for row in softmax(logits)])


def smoothed(count: int) -> tuple[np.ndarray, np.ndarray]:
    """As a network does that learnt smoothed labels: nearly all of it ends at the same lead, and is right."""
    rng = np.random.default_rng(1)
    sure = rng.random(count) < 0.85
    lead = np.where(sure, rng.normal(4.8, 0.12, count), rng.uniform(0, 4.6, count))
    labels = rng.integers(10, size=count)
    right = rng.random(count) < np.where(sure, 0.997, 0.5 + 0.45 * lead / 4.6)
    logits = np.zeros((count, 10))
    logits[np.arange(count), np.where(right, labels, (labels + 1) % 10)] = lead
    return logits, labels


def gap(logits: np.ndarray, labels: np.ndarray) -> float:
    shares = softmax(logits)
    return expected_calibration_error(shares.max(1), shares.argmax(1) == labels)


@pytest.mark.parametrize("overconfidence", [0.7, 1.0, 1.5])
def test_overconfidence_and_its_opposite_are_undone(overconfidence: float) -> None:
    logits, labels = honest(4000, spread=2.0)
    sharpening = fit_sharpening(logits * overconfidence, labels)
    assert gap(sharpening.of(logits * overconfidence), labels) < 0.03


def test_what_label_smoothing_made_alike_is_told_apart() -> None:
    logits, labels = smoothed(5000)
    assert crowd(softmax(logits).max(1)) > MOST_IN_A_CROWD

    sharpening = fit_sharpening(logits, labels)
    shares = softmax(sharpening.of(logits))

    assert crowd(shares.max(1)) <= MOST_IN_A_CROWD
    assert gap(sharpening.of(logits), labels) < gap(logits, labels) / 2
    assert (shares.argmax(1) == logits.argmax(1)).all()
    order = np.argsort(leads(logits))
    assert (np.diff(shares.max(1)[order]) >= -1e-12).all(), "who leads by more is never less sure"


def test_nothing_is_done_by_default() -> None:
    logits, _ = honest(50)
    np.testing.assert_allclose(Sharpening().of(logits), logits)


def test_the_factor_by_hand() -> None:
    logits = np.zeros((3, 10))
    logits[:, 4] = [2.0, 4.0, 40.0]
    given = Sharpening(temperature=2.0, strength=0.5, power=3.0, lead=4.0).of(logits)[:, 4]
    np.testing.assert_allclose(given, [2 * (1 + 0.5 / 8) / 2, 4 * 1.5 / 2, 40 * (1 + 0.5 * 1.1**3) / 2])


def test_a_crowd_by_hand() -> None:
    assert crowd(np.array([0.5, 0.51, 0.519, 0.7, 0.9])) == pytest.approx(0.6)
    assert crowd(np.array([0.1, 0.2, 0.3])) == pytest.approx(1 / 3)
