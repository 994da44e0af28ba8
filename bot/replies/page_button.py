"""The button that leads to the page inside Telegram."""

from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from bot.replies.texts import Language
from bot.replies.texts.web_app import web_app_texts


@dataclass(frozen=True, slots=True)
class PageLink:
    """The way to the page.

    Attributes:
        url: of the page, or of the private chat where it can be opened.
        opens_page: which of the two; Telegram opens pages in private chats only.
    """

    url: str
    opens_page: bool


def with_page(
    keyboard: InlineKeyboardMarkup | None, link: PageLink | None, language: Language
) -> InlineKeyboardMarkup | None:
    """Add the button below the others, where there is a page."""
    if link is None:
        return keyboard
    label = web_app_texts(language).open_page
    page = WebAppInfo(link.url) if link.opens_page else None
    button = InlineKeyboardButton(label, web_app=page, url=None if link.opens_page else link.url)
    return InlineKeyboardMarkup([*(keyboard.inline_keyboard if keyboard else ()), [button]])
