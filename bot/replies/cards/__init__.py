"""The pictures of the replies, drawn with Pillow: each function returns the bytes of a JPEG."""

from bot.replies.cards.confusion import PairExamples, confusion_card, pairs_card
from bot.replies.cards.contact_sheet import contact_sheet
from bot.replies.cards.gallery import gallery_item_card, gallery_sheet, gallery_title
from bot.replies.cards.photo import photo_card
from bot.replies.cards.profile import profile_picture
from bot.replies.cards.sample import SAMPLE_HEIGHT, SAMPLE_WIDTH, sample_card
from bot.replies.cards.why import why_card, why_two_card

__all__ = [
    "SAMPLE_HEIGHT",
    "SAMPLE_WIDTH",
    "PairExamples",
    "confusion_card",
    "contact_sheet",
    "gallery_item_card",
    "gallery_sheet",
    "gallery_title",
    "pairs_card",
    "photo_card",
    "profile_picture",
    "sample_card",
    "why_card",
    "why_two_card",
]
