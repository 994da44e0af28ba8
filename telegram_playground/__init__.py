"""A pretended Telegram on this machine: a small, strict Bot API server with a chat page."""

from telegram_playground.chats import Chat, Message, Person
from telegram_playground.faults import Faults
from telegram_playground.playground import Playground

__all__ = ["Chat", "Faults", "Message", "Person", "Playground"]
