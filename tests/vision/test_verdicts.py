"""When an answer is sure, likely, doubtful or none, and which garment is answered first."""

import numpy as np
import pytest

from bot.vision.fusion import Distribution
from bot.vision.labels import CLASS_COUNT, NO_CLOTHING, OTHER_CLOTHING
from bot.vision.prediction import Prediction, Verdict
from bot.vision.verdicts import Thresholds, judge, judge_nothing, judge_picture, ranked

LIMITS = Thresholds(sure=0.7, likely=0.5)

ONE_OF_TEN = Prediction((0.9,) + (0.1 / 9,) * 9, Verdict.SURE)
OTHER = Prediction((0.05,) * 10, Verdict.NO_GARMENT, other_clothing=True, outside=0.5)
NOTHING = Prediction((0.05,) * 10, Verdict.NO_GARMENT, outside=0.5)


def told(top: float, other_clothing: float = 0.0, nothing: float = 0.0, label: int = 3) -> Distribution:
    """A class has ``top``; what is left is shared among the other nine."""
    classes = [(1 - top - other_clothing - nothing) / (CLASS_COUNT - 1)] * CLASS_COUNT
    classes[label] = top
    return Distribution(tuple(classes), other_clothing, nothing)


def answer(top: float) -> np.ndarray:
    return np.array(told(top).classes)


@pytest.mark.parametrize(
    ("top", "verdict", "likely"),
    [
        (0.95, Verdict.SURE, False),
        (0.7, Verdict.SURE, False),
        (0.69, Verdict.UNSURE, True),
        (0.5, Verdict.UNSURE, True),
        (0.49, Verdict.UNSURE, False),
        (0.15, Verdict.UNSURE, False),
    ],
)
def test_verdicts(top: float, verdict: Verdict, *, likely: bool) -> None:
    for prediction in (judge(told(top), LIMITS), judge_picture(answer(top), LIMITS)):
        assert prediction.verdict is verdict
        assert prediction.likely is likely
        assert prediction.label == 3
        assert prediction.confidence == pytest.approx(top)
        assert not prediction.other_clothing


def test_what_is_no_clothing_is_no_garment() -> None:
    prediction = judge(told(0.2, other_clothing=0.1, nothing=0.6), LIMITS)

    assert prediction.verdict is Verdict.NO_GARMENT
    assert prediction.is_refused
    assert not prediction.other_clothing
    assert not prediction.likely
    assert prediction.said == NO_CLOTHING


def test_other_clothing_is_no_garment_of_the_ten() -> None:
    prediction = judge(told(0.2, other_clothing=0.6, nothing=0.1), LIMITS)

    assert prediction.verdict is Verdict.NO_GARMENT
    assert prediction.other_clothing
    assert prediction.said == OTHER_CLOTHING


def test_none_of_the_ten_is_the_answer_where_it_has_the_largest_share() -> None:
    assert judge(told(0.41, other_clothing=0.2, nothing=0.2), LIMITS).verdict is Verdict.UNSURE
    assert judge(told(0.4, other_clothing=0.25, nothing=0.2), LIMITS).said == OTHER_CLOTHING
    assert judge(told(0.4, other_clothing=0.2, nothing=0.25), LIMITS).said == NO_CLOTHING


def test_where_shares_are_equal_none_of_the_ten_is_the_answer_and_other_clothing_comes_before_none() -> None:
    assert judge(told(0.5, other_clothing=0.25, nothing=0.25), LIMITS).said == OTHER_CLOTHING


def test_none_of_the_ten_is_the_answer_even_where_each_of_its_kinds_is_less_than_a_class() -> None:
    prediction = judge(told(0.38, other_clothing=0.28, nothing=0.27), LIMITS)

    assert prediction.verdict is Verdict.NO_GARMENT
    assert prediction.outside == pytest.approx(0.55)


def test_what_is_told_sums_to_one() -> None:
    for distribution in (told(0.9, 0.05, 0.01), told(0.3, 0.4, 0.2), told(0.4, 0.1, 0.1)):
        prediction = judge(distribution, LIMITS)
        assert prediction.probabilities == distribution.classes
        assert sum(prediction.probabilities) + prediction.outside == pytest.approx(1)


def test_the_share_outside_counts_against_a_sure_answer() -> None:
    assert judge(told(0.75, nothing=0.2), LIMITS).verdict is Verdict.SURE
    assert judge(told(0.65, nothing=0.3), LIMITS).verdict is Verdict.UNSURE


def order(predictions: list[Prediction], areas: list[float]) -> list[int]:
    return ranked(predictions, areas, areas)


def test_large_garments_of_the_ten_are_answered_before_those_that_are_none() -> None:
    assert order([OTHER, ONE_OF_TEN, ONE_OF_TEN], [0.4, 0.2, 0.1]) == [1, 2, 0]


def test_even_a_large_one_that_is_none_of_the_ten_waits_and_of_two_the_surer_comes_first() -> None:
    torn, sure = (judge(told(top, other_clothing=0.95 - top), LIMITS) for top in (0.4, 0.05))

    assert order([torn, ONE_OF_TEN], [0.9, 0.3]) == [1, 0]
    assert order([torn, sure], [0.3, 0.3]) == [1, 0]


def test_larger_garments_of_the_ten_come_first_and_small_ones_late() -> None:
    assert order([ONE_OF_TEN] * 3, [0.1, 0.4, 0.09]) == [1, 0, 2]
    assert order([OTHER, ONE_OF_TEN, ONE_OF_TEN], [0.4, 0.09, 0.1]) == [2, 0, 1]


def test_a_sure_garment_comes_before_a_doubtful_one_that_is_a_little_larger() -> None:
    sure, doubtful = judge(told(0.9), LIMITS), judge(told(0.4, nothing=0.1), LIMITS)
    assert ranked([doubtful, sure], [0.1, 0.1], [0.33, 0.3]) == [1, 0]
    assert ranked([doubtful, sure], [0.1, 0.1], [0.9, 0.3]) == [0, 1]


def test_of_equals_the_more_prominent_one_stays_first() -> None:
    assert order([ONE_OF_TEN] * 3, [0.2, 0.2, 0.2]) == [0, 1, 2]


def test_what_is_more_likely_no_clothing_is_left_out_and_does_not_count_as_the_largest() -> None:
    assert order([NOTHING, OTHER, ONE_OF_TEN], [0.9, 0.2, 0.05]) == [2, 1]
    assert order([NOTHING], [0.5]) == []
    assert order([], []) == []


def test_where_there_is_no_garment_there_is_no_winner() -> None:
    for distribution in (told(0.95), told(0.1, other_clothing=0.8), told(0.1, nothing=0.8)):
        prediction = judge_nothing(distribution)
        assert prediction.said == NO_CLOTHING
        assert not prediction.likely
        assert sum(prediction.probabilities) + prediction.outside == pytest.approx(1)


def test_a_data_set_picture_always_shows_a_garment() -> None:
    assert judge_picture(answer(0.12), LIMITS).verdict is Verdict.UNSURE
    assert judge_picture(answer(0.9), LIMITS).verdict is Verdict.SURE
    assert judge_picture(answer(0.12), LIMITS).outside == 0


def test_a_card_may_lack_thresholds_or_know_more() -> None:
    read = Thresholds.from_card({"sure": 0.9, "quality": 0.4, "of_next_year": 0.1})

    assert read == Thresholds(sure=0.9, likely=Thresholds().likely)
    assert Thresholds.from_card({}) == Thresholds()
