"""What the bot says, in Traditional Chinese and in English. No other place in the project holds text for people."""

from enum import StrEnum
from typing import TypeVar, assert_never

from bot.replies.texts import en, zh_hant
from bot.replies.texts.catalogue import Texts

__all__ = ["Language", "Texts", "in_language", "language_for", "texts"]

Said = TypeVar("Said")


class Language(StrEnum):
    """The languages that the bot speaks."""

    ZH_HANT = "zh-hant"
    EN = "en"


def in_language(language: Language, *, zh_hant: Said, en: Said) -> Said:
    """Choose among the same in each language."""
    match language:
        case Language.ZH_HANT:
            return zh_hant
        case Language.EN:
            return en
        case _:
            assert_never(language)


def texts(language: Language) -> Texts:
    """Return everything that the bot says in a language."""
    return in_language(language, zh_hant=zh_hant.TEXTS, en=en.TEXTS)


def language_for(code: str | None) -> Language:
    """Choose the language for someone who has not chosen one.

    Args:
        code: the ``language_code`` that Telegram gives for the person: an IETF tag, or nothing.

    Returns:
        English where a language is given and is not Chinese, else Traditional Chinese.
    """
    if not code or code.lower().replace("_", "-").split("-")[0] in {"zh", "yue", "nan", "hak", "cmn"}:
        return Language.ZH_HANT
    return Language.EN
