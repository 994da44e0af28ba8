from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.replies.numerals import FIGURE_SPACE, aligned, percent, percent_of_permille, permille
from bot.replies.texts import Language
from bot.replies.words import duration, size, written_date

ZH, EN = Language.ZH_HANT, Language.EN


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.floats(0, 1), min_size=10, max_size=10).filter(lambda values: sum(values) > 1e-3))
def test_percentages_add_up_and_keep_their_order(probabilities: list[float]) -> None:
    shares = permille(probabilities)
    assert sum(shares) == 1000
    total = sum(probabilities)
    for probability, share in zip(probabilities, shares, strict=True):
        assert abs(share - 1000 * probability / total) < 1
    by_probability = [share for _, share in sorted(zip(probabilities, shares, strict=True))]
    assert by_probability == sorted(by_probability)


def test_thirds_still_sum_to_a_hundred() -> None:
    assert permille([1 / 3, 1 / 3, 1 / 3]) == (334, 333, 333)


@pytest.mark.parametrize("bad", [[0.0] * 10, [-0.1, 1.1], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_what_is_no_probability_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="probabilities"):
        permille(bad)


def test_percentages_are_written_as_both_languages_do() -> None:
    assert percent_of_permille(873) == "87.3%"
    assert percent_of_permille(1000) == "100.0%"
    assert aligned(61) == f"{FIGURE_SPACE * 2}6.1%"
    assert percent(0.9134) == "91.3%"
    assert percent(0.9134, 0) == "91%"


@pytest.mark.parametrize(
    ("span", "chinese", "english"),
    [
        (timedelta(seconds=0.2), "1 秒", "1 second"),
        (timedelta(seconds=45), "45 秒", "45 seconds"),
        (timedelta(seconds=61), "2 分鐘", "2 minutes"),
        (timedelta(hours=2), "2 小時", "2 hours"),
        (timedelta(hours=48), "48 小時", "48 hours"),
        (timedelta(days=30), "30 天", "30 days"),
        (timedelta(days=365), "1 年", "1 year"),
        (timedelta(days=730), "2 年", "2 years"),
    ],
)
def test_durations_have_one_fitting_unit(span: timedelta, chinese: str, english: str) -> None:
    assert duration(span, ZH) == chinese
    assert duration(span, EN) == english


def test_dates_and_sizes() -> None:
    assert written_date(date(2026, 1, 14), ZH) == "2026 年 1 月 14 日"
    assert written_date(date(2026, 1, 14), EN) == "14 January 2026"
    assert size(412_345) == "412 kB"
    assert size(1_311_000) == "1.3 MB"
