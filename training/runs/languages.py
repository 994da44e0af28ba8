"""The languages of what training says: reports in English, the course's sentences on the screen in Chinese."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """What a sentence is written in."""

    ZH_HANT = "zh-hant"
    EN = "en"
