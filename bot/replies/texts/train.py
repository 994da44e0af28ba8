"""What /train says, by language."""

from typing import assert_never

from bot.replies.texts import Language, train_en, train_zh_hant
from bot.replies.texts.train_catalogue import TrainTexts

__all__ = ["TrainTexts", "train_texts"]


def train_texts(language: Language) -> TrainTexts:
    """Return everything that /train says in a language."""
    match language:
        case Language.ZH_HANT:
            return train_zh_hant.TEXTS
        case Language.EN:
            return train_en.TEXTS
        case _:
            assert_never(language)
