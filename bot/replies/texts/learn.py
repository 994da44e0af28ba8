"""What /learn says, by language."""

from typing import assert_never

from bot.replies.texts import Language, learn_en, learn_zh_hant
from bot.replies.texts.learn_catalogue import LearnTexts

__all__ = ["LearnTexts", "learn_texts"]


def learn_texts(language: Language) -> LearnTexts:
    """Return everything that /learn says in a language."""
    match language:
        case Language.ZH_HANT:
            return learn_zh_hant.TEXTS
        case Language.EN:
            return learn_en.TEXTS
        case _:
            assert_never(language)
