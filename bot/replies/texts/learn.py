"""What /learn says, by language."""

from bot.replies.texts import Language, in_language, learn_en, learn_zh_hant
from bot.replies.texts.learn_catalogue import LearnTexts

__all__ = ["LearnTexts", "learn_texts"]


def learn_texts(language: Language) -> LearnTexts:
    """Return everything that /learn says in a language."""
    return in_language(language, zh_hant=learn_zh_hant.TEXTS, en=learn_en.TEXTS)
