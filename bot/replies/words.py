"""Small pieces of sentences: class names, durations, dates, lists."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from bot.replies.texts import Language, texts

_MINUTE_S: Final = 60
_HOUR_S: Final = 60 * _MINUTE_S
_DAY_S: Final = 24 * _HOUR_S
_YEAR_DAYS: Final = 365
_CHINESE_THEN_LATIN: Final = re.compile(r"([\u4e00-\u9fff])((?:<b>|<i>)?)(?=[A-Za-z])")


def class_name(label: int, language: Language) -> str:
    """Return the name of a class.

    Args:
        label: 0-9.
        language: of the name.
    """
    return texts(language).class_names[label]


def spaced(text: str) -> str:
    """Put a space between Chinese and a Latin word behind it, where a name like ``T恤/上衣`` was filled in: HTML."""
    return _CHINESE_THEN_LATIN.sub(r"\1 \2", text)


def duration(span: timedelta, language: Language) -> str:
    """Write a duration in its one fitting unit, rounded up: ``4 minutes``, ``2 years``."""
    units = texts(language).units
    seconds = max(0.0, span.total_seconds())
    if seconds < _MINUTE_S:
        return units.seconds.of(max(1, _up(seconds, 1)))
    if seconds < 2 * _HOUR_S:
        return units.minutes.of(_up(seconds, _MINUTE_S))
    if seconds <= 2 * _DAY_S:
        return units.hours.of(_up(seconds, _HOUR_S))
    if span.days >= _YEAR_DAYS and span.days % _YEAR_DAYS == 0:
        return units.years.of(span.days // _YEAR_DAYS)
    return units.days.of(_up(seconds, _DAY_S))


def _up(seconds: float, unit: int) -> int:
    return int(-(-seconds // unit))


def written_date(day: date, language: Language) -> str:
    """Write a date in full: ``2026 年 1 月 14 日``, ``14 January 2026``."""
    units = texts(language).units
    return units.date.format(year=day.year, month=units.months[day.month - 1], day=day.day)


def milliseconds(value: float) -> str:
    """Write a short time: ``240 ms``, from a second on ``1.3 s``; the symbols are the same in both languages."""
    return f"{value:.0f} ms" if value < 1000 else f"{value / 1000:.1f} s"


def joined(items: Iterable[str], language: Language) -> str:
    """Join words as the language lists them."""
    return texts(language).units.list_separator.join(items)


def size(number_of_bytes: int) -> str:
    """Write a file size: ``412 kB``, ``1.3 MB``."""
    return f"{number_of_bytes / 1000:.0f} kB" if number_of_bytes < 1_000_000 else f"{number_of_bytes / 1e6:.1f} MB"
