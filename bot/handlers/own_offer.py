"""Offers to ask one's own network what the bot was asked, to those who have one."""

import asyncio
from dataclasses import replace
from typing import Final

from bot.course.train.keyboards import with_own_network
from bot.handlers.sending import Picture
from bot.handlers.services import Services
from bot.replies.callback_data import Action
from bot.replies.texts import Language
from bot.storage.errors import StoreUnavailable

WITHIN_S: Final = 0.5
"""No answer waits longer to learn whether its person has a network."""


async def offer(services: Services, user_id: int, picture: Picture, action: Action, language: Language) -> Picture:
    """Add a button that asks one's own network the same, for those who have one."""
    if not await has_network(services, user_id):
        return picture
    return replace(picture, keyboard=with_own_network(picture.keyboard, action, language))


async def has_network(services: Services, user_id: int) -> bool:
    """Whether somebody has a network of their own, as far as the store tells at once."""
    try:
        async with asyncio.timeout(WITHIN_S):
            return await services.storage.run(services.storage.networks.has, user_id)
    except (StoreUnavailable, TimeoutError):
        return False
