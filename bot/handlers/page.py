"""The way to the page inside Telegram, where there is an https address."""

from dataclasses import replace
from typing import Final

from telegram import Message
from telegram.constants import ChatType

from bot.handlers.links import link_to
from bot.handlers.sending import Picture
from bot.replies.page_button import PageLink, with_page
from bot.replies.texts import Language

START: Final = "gallery"
"""What a link from a group asks the private chat for."""


def page_link(page_url: str | None, message: Message, language: Language) -> PageLink | None:
    """A link to the page; in groups, where Telegram opens none, one to the private chat, which then has the button.

    Args:
        page_url: where the page is; None where there is none.
        message: of the chat that the link is for.
        language: of the page.
    """
    if page_url is None:
        return None
    if message.chat.type == ChatType.PRIVATE:
        return PageLink(f"{page_url}?lang={language.value}", opens_page=True)
    return PageLink(link_to(message, START), opens_page=False)


def with_page_button(page_url: str | None, message: Message, picture: Picture, language: Language) -> Picture:
    """Add the button that leads to the page."""
    return replace(picture, keyboard=with_page(picture.keyboard, page_link(page_url, message, language), language))
