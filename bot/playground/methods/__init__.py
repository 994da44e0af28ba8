"""The Bot API methods, by topic. Each is a function of the world and the call's parameters."""

from collections.abc import Mapping

from bot.playground.methods import chats, editing, getting_updates, profile, sending, taps
from bot.playground.methods.handler import Handler


def all_methods() -> Mapping[str, Handler]:
    """Every method by its name in lower case; Telegram does not mind how a name is written."""
    topics = (getting_updates, sending, editing, taps, chats, profile)
    return {name.lower(): handler for topic in topics for name, handler in topic.METHODS.items()}
