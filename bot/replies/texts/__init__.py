"""What the bot says, in Traditional Chinese and in English. No other place in the project holds text for people."""

from enum import StrEnum
from typing import assert_never

from bot.replies.texts import en, zh_hant
from bot.replies.texts.catalogue import Texts

__all__ = ["Language", "Texts", "language_for", "texts"]


class Language(StrEnum):
    """The languages that the bot speaks."""

    ZH_HANT = "zh-hant"
    EN = "en"


def texts(language: Language) -> Texts:
    """Return everything that the bot says in a language."""
    match language:
        case Language.ZH_HANT:
            return zh_hant.TEXTS
        case Language.EN:
            return en.TEXTS
        case _:
            assert_never(language)


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
