"""Offers to ask one's own network what the bot was asked, to those who have one."""

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from bot.course.train.keyboards import with_own_network
from bot.handlers.sending import Picture
from bot.replies.callback_data.actions import Action
from bot.replies.texts import Language
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage

WITHIN_S: Final = 0.5
"""No answer waits longer to learn whether its person has a network."""


@dataclass(frozen=True)
class OwnNetworkOffer:
    """Knows who has a network of their own, and offers it."""

    storage: Storage
    within_s: float = WITHIN_S

    async def offer(self, user_id: int, picture: Picture, action: Action, language: Language) -> Picture:
        """Add a button that asks one's own network the same, for those who have one."""
        if not await self.has_network(user_id):
            return picture
        return replace(picture, keyboard=with_own_network(picture.keyboard, action, language))

    async def has_network(self, user_id: int) -> bool:
        """Whether somebody has a network of their own, as far as the store tells at once."""
        try:
            async with asyncio.timeout(self.within_s):
                return await self.storage.run(self.storage.networks.has, user_id)
        except (StoreUnavailable, TimeoutError):
            return False
