"""The type of a Bot API method."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram_playground.params import Params
from telegram_playground.state import ServerState

Handler = Callable[[ServerState, Params], Awaitable[Any]]
"""Carries out one call and returns its JSON result; raises ApiError."""
