"""The pictures of the replies, drawn with Pillow: each function returns the bytes of a JPEG."""

from bot.replies.cards.confusion import PairExamples, confusion_card, pairs_card
from bot.replies.cards.contact_sheet import contact_sheet
from bot.replies.cards.gallery import gallery_sheet
from bot.replies.cards.photo import photo_card
from bot.replies.cards.sample import sample_card
from bot.replies.cards.why import why_card

__all__ = [
    "PairExamples",
    "confusion_card",
    "contact_sheet",
    "gallery_sheet",
    "pairs_card",
    "photo_card",
    "sample_card",
    "why_card",
]
