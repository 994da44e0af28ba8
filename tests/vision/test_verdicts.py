"""When an answer is sure, doubtful or none."""

import numpy as np
import pytest

from bot.vision.garment import Garment
from bot.vision.labels import BAG
from bot.vision.prediction import Verdict
from bot.vision.verdicts import Thresholds, agreed, judge, judge_picture, soften, weigh, with_bag

LIMITS = Thresholds(sure=0.7, no_garment=0.25, quality=0.5, other_clothing=0.8, clothing_quality=0.9, quality_power=1.0)


def garment(quality: float = 1.0, other_clothing: float = 0.0) -> Garment:
    return Garment(np.ones((4, 4), np.float32), (0, 0, 4, 4), quality, other_clothing)


def answer(top: float, label: int = 3) -> np.ndarray:
    probabilities = np.full(10, (1 - top) / 9)
    probabilities[label] = top
    return probabilities


@pytest.mark.parametrize(
    ("top", "found", "verdict"),
    [
        (0.95, garment(), Verdict.SURE),
        (0.6, garment(), Verdict.UNSURE),
        (0.15, garment(quality=0.85), Verdict.NO_GARMENT),
        (0.95, garment(quality=0.4), Verdict.NO_GARMENT),
        (0.75, garment(quality=0.6), Verdict.UNSURE),
    ],
)
def test_verdicts(top: float, found: Garment, verdict: Verdict) -> None:
    prediction = judge(answer(top), found, LIMITS)

    assert prediction.verdict is verdict
    assert prediction.label == 3
    assert not prediction.other_clothing


def test_what_is_no_clothing_is_no_garment_however_well_it_is_seen() -> None:
    cup = Garment(np.ones((4, 4), np.float32), (0, 0, 4, 4), quality=0.95, nothing=0.8)

    prediction = judge(answer(0.95), cup, Thresholds(nothing=0.7))

    assert prediction.verdict is Verdict.NO_GARMENT
    assert not prediction.other_clothing


def test_other_clothing_is_no_garment_of_the_ten() -> None:
    prediction = judge(answer(0.95), garment(other_clothing=0.9), LIMITS)

    assert prediction.verdict is Verdict.NO_GARMENT
    assert prediction.other_clothing


def test_clothing_that_the_model_knows_nothing_of_is_other_clothing_when_it_is_seen_well() -> None:
    prediction = judge(answer(0.15), garment(quality=0.97), LIMITS)

    assert prediction.verdict is Verdict.NO_GARMENT
    assert prediction.other_clothing


@pytest.mark.parametrize(("nothing", "is_clothing"), [(0.04, True), (0.4, False)])
def test_where_there_is_a_second_opinion_it_tells_what_is_clothing(nothing: float, *, is_clothing: bool) -> None:
    opinion = np.full(10, 0.1, np.float32)
    scarf = Garment(np.ones((4, 4), np.float32), (0, 0, 4, 4), quality=0.8, nothing=nothing, opinion=opinion)

    prediction = judge(answer(0.15), scarf, Thresholds(quality=0.4, nothing=0.7, opinion_weight=1.0))

    assert prediction.verdict is Verdict.NO_GARMENT
    assert prediction.other_clothing is is_clothing


def test_confidence_falls_with_quality_and_the_order_stays() -> None:
    probabilities = np.array([0.5, 0.2, 0.1, 0.05, 0.05, 0.04, 0.03, 0.02, 0.007, 0.003])
    good, poor = soften(probabilities, 1.0, 2.0), soften(probabilities, 0.6, 2.0)

    assert good == pytest.approx(tuple(probabilities))
    assert max(poor) < max(good)
    assert np.argsort(poor).tolist() == np.argsort(good).tolist()
    assert sum(poor) == pytest.approx(1)


def test_the_second_opinion_decides_between_two_candidates() -> None:
    torn = np.array([0.45, 0.01, 0.02, 0.01, 0.02, 0.01, 0.44, 0.01, 0.02, 0.01])
    opinion = answer(0.8, label=6).astype(np.float32)
    found = Garment(np.ones((4, 4), np.float32), (0, 0, 4, 4), 1.0, opinion=opinion)

    alone = judge(torn, garment(), Thresholds(sure=0.7))
    advised = judge(torn, found, Thresholds(sure=0.7, opinion_weight=1.0))

    assert (alone.label, alone.verdict) == (0, Verdict.UNSURE)
    assert (advised.label, advised.verdict) == (6, Verdict.SURE)
    assert sum(advised.probabilities) == pytest.approx(1)


def test_a_card_without_a_weight_leaves_the_second_opinion_out() -> None:
    found = Garment(np.ones((4, 4), np.float32), (0, 0, 4, 4), 1.0, opinion=answer(0.99, label=6).astype(np.float32))

    assert judge(answer(0.9), found, Thresholds.from_card({})).probabilities == pytest.approx(tuple(answer(0.9)))


def test_two_that_agree_are_surer_than_one_and_zeros_do_not_break_them() -> None:
    one = answer(0.7)

    assert weigh(one, one, 1.0, 1.0).max() > one.max()
    assert weigh(np.eye(10)[2], np.eye(10)[5], 1.0, 1.0).sum() == pytest.approx(1)


def test_a_bag_is_what_both_networks_take_for_one() -> None:
    assert agreed(0.5, 0.1) == pytest.approx(0.5)  # the model knows nothing: one class in ten is a bag
    assert agreed(0.3, 0.6) > 0.8
    assert agreed(0.9, 0.005) < 0.4
    assert agreed(1.0, 0.0) == pytest.approx(agreed(0.0, 1.0))  # certainties contradict, and nothing overflows
    assert with_bag(answer(0.9), 0.25)[BAG] == pytest.approx(0.25 + 0.75 * answer(0.9)[BAG])
    assert with_bag(answer(0.9), 0.25).sum() == pytest.approx(1)


def test_a_quilted_coat_is_no_bag_unless_the_model_sees_one() -> None:
    found = Garment(
        np.ones((4, 4), np.float32), (0, 0, 4, 4), 1.0, opinion=answer(0.9, label=4).astype(np.float32), bag=0.8
    )
    limits = Thresholds(sure=0.7, model_weight=0.4, opinion_weight=1.0)
    coat, bag = answer(0.97, label=4), answer(0.6, label=BAG)

    assert judge(coat, found, limits).label == 4
    assert judge(bag, found, limits).label == BAG
    assert judge(coat, found, Thresholds.from_card({})).probabilities == pytest.approx(tuple(coat))


def test_certainty_does_not_overflow() -> None:
    assert sum(soften(np.eye(10)[0], 0.0, 4.0)) == pytest.approx(1)


def test_a_data_set_picture_always_shows_a_garment() -> None:
    assert judge_picture(answer(0.12), LIMITS).verdict is Verdict.UNSURE
    assert judge_picture(answer(0.9), LIMITS).verdict is Verdict.SURE


def test_a_card_may_lack_thresholds_or_know_more() -> None:
    read = Thresholds.from_card({"sure": 0.9, "of_next_year": 0.1})

    assert read.sure == 0.9
    assert read.quality == Thresholds().quality
