"""A pretended Telegram on this machine: a small, strict Bot API server with a chat page."""

from bot.playground.chats import Chat, Message, Person
from bot.playground.faults import Faults
from bot.playground.playground import Playground

__all__ = ["Chat", "Faults", "Message", "Person", "Playground"]
