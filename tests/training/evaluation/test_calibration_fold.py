"""What the gate's figures are like on the photos kept for calibration."""

from pathlib import Path

import numpy as np
import pytest

from bot.vision.labels import (
    ANKLE_BOOT,
    BAG,
    COAT,
    DRESS,
    NO_CLOTHING,
    OTHER_CLOTHING,
    SANDAL,
    SHIRT,
    SNEAKER,
    T_SHIRT,
)
from bot.vision.prediction import Prediction, Verdict
from tests.training.data.handful import Darkness, handful
from training.data.found import Found
from training.data.gather import CalibrationPhotos, calibration_photos
from training.data.looks import Looks
from training.evaluation.calibration_fold import CalibrationFold, figures_on
from training.evaluation.measure import Figures
from training.networks.sharpening import Sharpening


def says(label: int, verdict: Verdict = Verdict.SURE) -> Prediction:
    shares = np.full(10, 0.01)
    shares[label] = 0.91
    return Prediction(tuple(shares.tolist()), verdict)


REFUSED = says(COAT, Verdict.NO_GARMENT)


def figures(*photos: tuple[Prediction, set[int], bool]) -> Figures:
    answers, outcomes, alone = zip(*photos, strict=True)
    return figures_on(
        CalibrationPhotos([Path("x")] * len(photos), [frozenset(each) for each in outcomes], alone), answers
    )


def test_every_kind_counts_alike_and_a_shoe_may_be_any_shoe() -> None:
    coats = [(says(COAT), {COAT}, True)] * 3 + [(says(SHIRT), {COAT}, True)]
    dresses = [(says(SHIRT), {DRESS}, True)]
    shoes = [(says(SANDAL), {SNEAKER}, True), (says(ANKLE_BOOT), {SANDAL, SNEAKER, ANKLE_BOOT}, True)]
    others = [(says(COAT), {OTHER_CLOTHING}, True), (says(COAT), {DRESS, OTHER_CLOTHING}, True)]
    counted = figures(*coats, *dresses, *shoes, *others)
    assert counted.balanced_accuracy == pytest.approx((0.75 + 0 + 1) / 3)
    assert (counted.street_top, counted.bags_named, counted.no_clothing_refused) == (None, None, None)


def test_people_bags_and_nothing_are_figures_of_their_own() -> None:
    people = [
        (says(COAT), {COAT, T_SHIRT}, False),
        (says(DRESS), {COAT}, False),
        (REFUSED, {COAT}, False),
        (says(T_SHIRT), {COAT, T_SHIRT}, False),
    ]
    bags = [(says(BAG), {BAG}, True), (says(BAG, Verdict.NO_GARMENT), {BAG}, True), (says(BAG), {COAT}, True)]
    nothing = [(REFUSED, {NO_CLOTHING}, True)] * 3 + [(says(BAG), {NO_CLOTHING}, True)]
    counted = figures(*people, *bags, *nothing)
    assert counted.street_top == 0.5
    assert counted.bags_named == 0.5
    assert counted.no_clothing_refused == 0.75
    assert counted.balanced_accuracy == 0, "the coat alone"
    assert counted.photo_ece is None


class Certain:
    """Names views by their brightness."""

    def __init__(self, *names: int) -> None:
        self._names = names

    def classify(self, view: np.ndarray) -> np.ndarray:
        shares = np.full(12, 0.002, np.float32)
        shares[self._names[int(view[0, 0, 0])]] = 1
        return shares / shares.sum()


def test_a_network_is_judged_by_what_it_says_of_the_same_views() -> None:
    outcomes = [frozenset({COAT}), frozenset({DRESS}), frozenset({NO_CLOTHING})] * 10
    looks = Looks(
        pixels=np.zeros((30, 28, 28), np.float32),
        colors=np.zeros((30, 12), np.float32),
        areas=np.full(30, 0.3),
        salience=np.full(30, 0.3),
        photo=np.arange(30),
        found=np.ones(30, bool),
    )
    views = [np.full((4, 4, 3), number % 3, np.uint8) for number in range(30)]
    fold = CalibrationFold(
        CalibrationPhotos([Path("x")] * 30, outcomes, [True] * 30), Found(looks, views), np.full((30, 10), 0.1)
    )
    good, bad = (fold.calibrated(Certain(COAT, name, NO_CLOTHING)) for name in (DRESS, SHIRT))
    assert (good.figures.balanced_accuracy, bad.figures.balanced_accuracy) == (1.0, 0.5)
    assert good.figures.no_clothing_refused == 1.0
    assert good.thresholds["color_weight"] > 0
    assert good.thresholds["sure"] < bad.thresholds["sure"], "calibrated with it"


class Always:
    """Names every view alike."""

    def __init__(self, name: int) -> None:
        self._shares = np.eye(12, dtype=np.float32)[name]

    def classify(self, view: np.ndarray) -> np.ndarray:
        return self._shares


def test_photos_of_every_set_are_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tensorflow")
    from training.networks.classifier import residual_network

    kept = calibration_photos(handful(tmp_path, monkeypatch).data_dir)
    fold = CalibrationFold.of(residual_network((8, 8, 8), (0, 0, 0)), Sharpening(), kept, Darkness())

    assert fold.model.shape == (len(fold.found.views), 10)
    np.testing.assert_allclose(fold.model.sum(1), 1, rtol=1e-3)
    dresses, bags = (fold.calibrated(Always(name)).figures for name in (DRESS, BAG))
    assert (dresses.bags_named, bags.bags_named) == (0, 1)
    assert dresses.balanced_accuracy > bags.balanced_accuracy == 0
    assert dresses.street_top is not None
    assert dresses.no_clothing_refused is not None
