"""Where Telegram fetches the card of a test image that it has not been sent: an address that only the bot can make.

It says nothing of anybody. Its signature names the model, too: a card that another model draws has another address.
"""

import hashlib
import hmac
from typing import Final

CARDS_PATH: Final = "cards"
"""Below the page inside Telegram."""

_SIGNATURE_LENGTH: Final = 32


def card_link(page_url: str, token: str, number: int, language: str, version: str) -> str:
    """The address of a card.

    Args:
        page_url: of the page inside Telegram, with a slash behind it.
        token: of the bot.
        number: of the test image, from 1.
        language: of the words in the card.
        version: of the model whose answer it shows.
    """
    return f"{page_url}{CARDS_PATH}/{language}/{number}/{card_signature(token, number, language, version)}.jpg"


def card_signature(token: str, number: int, language: str, version: str) -> str:
    """What proves that the bot made an address."""
    signed = f"{number}/{language}/{version}".encode()
    return hmac.new(b"card" + token.encode(), signed, hashlib.sha256).hexdigest()[:_SIGNATURE_LENGTH]
