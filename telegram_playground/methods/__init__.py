"""The Bot API methods, by topic. Each is a function of the server's state and the call's parameters."""

from collections.abc import Mapping

from telegram_playground.methods import (
    chats,
    editing,
    getting_updates,
    inline,
    polls,
    profile,
    profile_photo,
    sending,
    taps,
)
from telegram_playground.methods.handler import Handler


def all_methods() -> Mapping[str, Handler]:
    """Every method by its name in lower case; Telegram does not mind how a name is written."""
    topics = (getting_updates, sending, polls, editing, taps, inline, chats, profile, profile_photo)
    return {name.lower(): handler for topic in topics for name, handler in topic.METHODS.items()}
