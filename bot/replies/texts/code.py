"""What /learn says about the course's program, by language."""

from bot.replies.texts import Language, code_en, code_zh_hant, in_language
from bot.replies.texts.code_catalogue import CodeTexts

__all__ = ["CodeTexts", "code_texts"]


def code_texts(language: Language) -> CodeTexts:
    """Return everything that is said about the program in a language."""
    return in_language(language, zh_hant=code_zh_hant.TEXTS, en=code_en.TEXTS)
