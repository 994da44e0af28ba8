"""Takes a new model within seconds of its appearance, and tells the admins."""

import asyncio
from functools import partial
from typing import Final

from bot.handlers.services import Services
from bot.replies.messages import model_now_text, model_refused_text
from bot.vision.model_store import Outcome, Refresh

EVERY_S: Final = 2.0
"""A look at the disk is a handful of ``stat`` calls."""


async def watch(services: Services) -> None:
    """Look at the disk again and again."""
    while True:
        await asyncio.sleep(EVERY_S)
        tell(services, await services.workshop.draw(services.models.refresh))


def tell(services: Services, refresh: Refresh) -> None:
    """Tell the admins of a new model, or of a file that is none."""
    version = "–" if refresh.model is None else refresh.model.version
    if refresh.outcome is Outcome.LOADED:
        services.alerts.tell(partial(model_now_text, version))
    elif refresh.outcome is Outcome.REFUSED:
        services.alerts.tell(partial(model_refused_text, version, refresh.problem or ""))
