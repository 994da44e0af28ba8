"""What /train says, by language."""

from bot.replies.texts import Language, in_language, train_en, train_zh_hant
from bot.replies.texts.train_catalogue import TrainTexts

__all__ = ["TrainTexts", "train_texts"]


def train_texts(language: Language) -> TrainTexts:
    """Return everything that /train says in a language."""
    return in_language(language, zh_hant=train_zh_hant.TEXTS, en=train_en.TEXTS)
