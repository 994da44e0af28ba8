"""The type of a Bot API method."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.playground.params import Params
from bot.playground.world import World

Handler = Callable[[World, Params], Awaitable[Any]]
"""Carries out one call and returns its JSON result; raises ApiError."""
