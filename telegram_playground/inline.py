"""Inline queries as the server keeps them: what is asked, and what the bot offers."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from telegram_playground.chats import Chat, Person


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One thing that the bot offers.

    Attributes:
        body: The Message fields of what is sent when it is chosen.
        title: What it is called in the list.
        description: What else the list says.
        reply_markup: The buttons below what is sent.
        photo: The sizes of its picture, smallest first.
    """

    body: dict[str, Any]
    title: str
    description: str
    reply_markup: dict[str, Any] | None
    photo: list[dict[str, Any]] | None = None


@dataclass(slots=True, eq=False)
class InlineQuery:
    """What somebody asks by writing the bot's name in a chat.

    Attributes:
        results: What the bot offers, by the ids that it gave; None until it answers.
        button: The button above them, which opens the private chat or a page.
    """

    person: Person
    chat: Chat
    query: str
    results: dict[str, InlineResult] | None = None
    button: dict[str, Any] | None = None
    id: str = field(default_factory=lambda: str(secrets.randbelow(9 * 10**18) + 10**18))

    def api(self) -> dict[str, Any]:
        """The InlineQuery object."""
        own = self.chat.type == "private"  # with the bot itself
        return {
            "id": self.id,
            "from": self.person.api(),
            "chat_type": "sender" if own else self.chat.type,
            "query": self.query,
            "offset": "",
        }
