"""What the bot has said about itself: commands, descriptions, name, menu button."""

from dataclasses import dataclass, field
from typing import Any

from telegram_playground.chats import Chat, Person

CommandScope = tuple[str, int, int]
"""Scope type, chat id and user id, zero where they do not apply."""

DEFAULT_SCOPE: CommandScope = ("default", 0, 0)


@dataclass(slots=True)
class BotProfile:
    """The profile, by language ("" is the default one).

    Attributes:
        photo: The sizes of the profile picture, smallest first; None while there is none.
    """

    commands: dict[tuple[CommandScope, str], list[dict[str, str]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, dict[str, Any]] = field(default_factory=dict)
    photo: list[dict[str, Any]] | None = None

    def commands_for(self, chat: Chat, person: Person) -> list[dict[str, str]]:
        """The menu that a person sees in a chat: the narrowest scope wins, then the person's language."""
        code = short_code(person.language_code)
        for scope in _scopes(chat, person):
            for language in dict.fromkeys((code, "")):
                found = self.commands.get((scope, language))
                if found:
                    return found
        return []

    def localised(self, texts: dict[str, str], person: Person) -> str:
        """The text in a person's language, else the default one."""
        return texts.get(short_code(person.language_code)) or texts.get("", "")


def short_code(language_code: str | None) -> str:
    """The two-letter part of an IETF tag, or nothing."""
    return (language_code or "").split("-")[0].lower()


def _scopes(chat: Chat, person: Person) -> list[CommandScope]:
    if chat.type == "private":
        return [("chat", chat.id, 0), ("all_private_chats", 0, 0), DEFAULT_SCOPE]
    return [("chat_member", chat.id, person.id), ("chat", chat.id, 0), ("all_group_chats", 0, 0), DEFAULT_SCOPE]
