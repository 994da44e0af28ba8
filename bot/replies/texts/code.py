"""What /learn says about the course's program, by language."""

from typing import assert_never

from bot.replies.texts import Language, code_en, code_zh_hant
from bot.replies.texts.code_catalogue import CodeTexts

__all__ = ["CodeTexts", "code_texts"]


def code_texts(language: Language) -> CodeTexts:
    """Return everything that is said about the program in a language."""
    match language:
        case Language.ZH_HANT:
            return code_zh_hant.TEXTS
        case Language.EN:
            return code_en.TEXTS
        case _:
            assert_never(language)
