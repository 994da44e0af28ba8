"""Links that open the private chat: ``t.me/BOT?start=learn_9`` asks what ``/learn 9`` asks."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from telegram import Message
from telegram.helpers import create_deep_linked_url

from bot.handlers.languages import Languages
from bot.handlers.sending import reply_text
from bot.replies.messages import only_in_private_text

OnMessage = Callable[[Message], Awaitable[None]]

_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What Telegram lets a link carry ("Deep linking" in the Bot API's documentation)."""


@dataclass(frozen=True)
class LinkHandlers:
    """In groups: the way to the private chat."""

    languages: Languages

    async def only_in_private(self, message: Message) -> None:
        """In a group: say that a command works in private, with a link that asks there."""
        language = await self.languages.of(message.chat, message.from_user)
        command = (message.text or "").split()[0].partition("@")[0].removeprefix("/").lower()
        said = only_in_private_text(command, link_to(message, command), language)
        await reply_text(message, said, with_preview=False)


def link_to(message: Message, payload: str = "") -> str:
    """The address that opens the private chat and asks there what ``payload`` names.

    Args:
        message: any message, for the bot that it came to.
        payload: a command's name, with ``_`` and what is asked of it where there is something.
    """
    return create_deep_linked_url(message.get_bot().username, payload or None)


def asked_for(message: Message) -> str:
    """What stands behind the command of a message, or behind the command's name in a link; "" without anything."""
    payload = _payload(message)
    if payload:
        return payload.partition("_")[2]
    _, *rest = (message.text or "").split(maxsplit=1) or ("",)
    return rest[0].strip() if rest else ""


async def follow(commands: Mapping[str, OnMessage], otherwise: OnMessage, message: Message) -> None:
    """Do what a link asks; a link that nobody knows does what ``otherwise`` does."""
    name = _payload(message).partition("_")[0].lower()
    await commands.get(name, otherwise)(message)


def _payload(message: Message) -> str:
    """What a link carries; "" for every other message."""
    command, *rest = (message.text or "").split() or ("",)
    if command.partition("@")[0].lower() != "/start" or len(rest) != 1:
        return ""
    return rest[0] if _PAYLOAD.fullmatch(rest[0]) else ""
