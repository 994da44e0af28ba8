"""Small pieces of sentences: class names, durations, dates, lists."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from html import escape
from typing import Final

from bot.replies.texts import Language, texts
from bot.vision.labels import CLASS_COUNT, DRESS, TROUSER

_MINUTE_S: Final = 60
_HOUR_S: Final = 60 * _MINUTE_S
_DAY_S: Final = 24 * _HOUR_S
_YEAR_DAYS: Final = 365
_BETWEEN: Final = re.compile(r"[\s_-]+")
_ALSO_CALLED: Final = {"洋裝": DRESS, "trousers": TROUSER}
"""What our own texts call a class beside its name."""

_PARTS: Final = re.compile(r"[/()]")
_CHINESE_THEN_LATIN: Final = re.compile(r"([\u4e00-\u9fff])((?:<b>|<i>)?)(?=[A-Za-z])")


def class_name(label: int, language: Language) -> str:
    """Return the name of a class.

    Args:
        label: 0-9.
        language: of the name.
    """
    return texts(language).class_names[label]


def class_name_html(label: int, language: Language) -> str:
    """The same as HTML."""
    return escape(class_name(label, language))


def class_named(words: str) -> int | None:
    """Return the class that somebody means by its number, 0-9, or by its name in any language; None for none.

    Of a name like ``T恤/上衣`` either part will do; neither case nor spaces, hyphens and underscores matter.
    """
    return _CLASSES.get(_spelling(words))


def _spelling(words: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", words).casefold())


def _spellings() -> dict[str, int]:
    named = dict(_ALSO_CALLED)
    for label in range(CLASS_COUNT):
        named[str(label)] = label
        for language in Language:
            for name in (texts(language).class_names[label], texts(language).short_names[label]):
                named |= {_spelling(part): label for part in (name, *_PARTS.split(name)) if part}
    return named


def said_name(label: int, language: Language) -> str:
    """Return the name of what a person may say: a class, 0-9, or one of the three that ``bot.vision.labels`` adds."""
    return class_name(label, language) if label < CLASS_COUNT else texts(language).beyond_names[label - CLASS_COUNT]


def short_name(label: int, language: Language) -> str:
    """The same as short as it may be, for buttons and bars."""
    return texts(language).short_names[label] if label < CLASS_COUNT else said_name(label, language)


def share_name(label: int, language: Language) -> str:
    """Return the name of a share of an answer: a class, 0-9, or 10, none of them."""
    return class_name(label, language) if label < CLASS_COUNT else texts(language).outside_name


def candidate_name(label: int, language: Language) -> str:
    """Return the name of a share as it stands within a sentence, where a class keeps its capital."""
    name = share_name(label, language)
    return name if label < CLASS_COUNT else name[0].lower() + name[1:]


def aside(words: str, language: Language) -> str:
    """Set apart what a picture shows: HTML; Chinese type has no italics."""
    return words if language is Language.ZH_HANT else f"<i>{words}</i>"


def spaced(text: str) -> str:
    """Put a space between Chinese and a Latin word behind it, where a name like ``T恤/上衣`` was filled in: HTML."""
    return _CHINESE_THEN_LATIN.sub(r"\1 \2", text)


def duration(span: timedelta, language: Language) -> str:
    """Write how long something is still to last in its one fitting unit, rounded up: ``4 minutes``, ``2 years``."""
    return _in_its_unit(span, language, math.ceil)


def elapsed(span: timedelta, language: Language) -> str:
    """Write how long something took in its one fitting unit, rounded to the nearest: 9 min 3 s are ``9 minutes``."""
    return _in_its_unit(span, language, round)


def _in_its_unit(span: timedelta, language: Language, rounded: Callable[[float], int]) -> str:
    units = texts(language).units
    seconds = max(1, rounded(span.total_seconds()))
    if seconds < _MINUTE_S:
        return units.seconds.of(seconds)
    if seconds < 2 * _HOUR_S:
        return units.minutes.of(rounded(seconds / _MINUTE_S))
    if seconds <= 2 * _DAY_S:
        return units.hours.of(rounded(seconds / _HOUR_S))
    if span.days >= _YEAR_DAYS and span.days % _YEAR_DAYS == 0:
        return units.years.of(span.days // _YEAR_DAYS)
    return units.days.of(rounded(seconds / _DAY_S))


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


_CLASSES: Final = _spellings()
