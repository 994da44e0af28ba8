from datetime import timedelta

import pytest

from bot.replies.texts import Language, texts
from bot.replies.words import class_named, duration, elapsed


@pytest.mark.parametrize(
    ("span", "ahead", "behind"),
    [
        (timedelta(minutes=9, seconds=3), "10 minutes", "9 minutes"),
        (timedelta(minutes=9, seconds=50), "10 minutes", "10 minutes"),
        (timedelta(seconds=0.2), "1 second", "1 second"),
        (timedelta(seconds=59.8), "1 minute", "1 minute"),
        (timedelta(hours=3, minutes=5), "4 hours", "3 hours"),
        (timedelta(days=730), "2 years", "2 years"),
    ],
)
def test_what_is_to_wait_for_is_rounded_up_and_what_is_over_to_the_nearest(
    span: timedelta, ahead: str, behind: str
) -> None:
    assert duration(span, Language.EN) == ahead
    assert elapsed(span, Language.EN) == behind


@pytest.mark.parametrize("language", list(Language))
def test_every_class_is_known_by_its_names(language: Language) -> None:
    said = texts(language)
    for names in (said.class_names, said.short_names):
        assert [class_named(name) for name in names] == list(range(10))


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("8", 8),
        ("８", 8),
        ("T恤", 0),
        ("上衣", 0),
        ("t-shirt", 0),
        ("TShirt", 0),
        ("ankle_boot", 9),
        ("Ankle Boot", 9),
        ("踝靴", 9),
        (" bag ", 8),
        ("洋裝", 3),
        ("Trousers", 1),
        ("10", None),
        ("hat", None),
        ("", None),
        ("/", None),
    ],
)
def test_a_class_by_what_somebody_writes(words: str, label: int | None) -> None:
    assert class_named(words) == label
