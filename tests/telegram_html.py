"""Texts with HTML, read as Telegram reads them."""

from telegram_playground.entities import parse_text


def as_shown(html: str) -> str:
    """The text without its markup.

    Raises:
        ApiError: Telegram would refuse the markup.
    """
    return parse_text(html, "HTML", None).text
