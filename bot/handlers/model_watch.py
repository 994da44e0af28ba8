"""Takes a new model within seconds of its appearance, and tells the admins; of every training that ended, too."""

import asyncio
from functools import partial
from typing import Final

from bot.handlers.services import Services
from bot.registry.store import Outcome, Refresh
from bot.registry.training_history import TrainingHistory
from bot.replies.messages import model_now_text, model_refused_text, training_ended_text

EVERY_S: Final = 2.0
"""A look at the disk is a handful of ``stat`` calls."""


async def watch(services: Services) -> None:
    """Look at the disk again and again."""
    history = TrainingHistory(services.settings.models_dir)
    while True:
        await asyncio.sleep(EVERY_S)
        await look(services, history)


async def look(services: Services, history: TrainingHistory) -> None:
    """Take what is new, and tell of it: of a training that went live once, with what it changed."""
    refresh = await services.executors.draw(services.models.refresh)
    ended = await services.executors.draw(history.news)
    told = {each.version for each in ended if each.published}
    if refresh.model is None or refresh.outcome is not Outcome.LOADED or refresh.model.version not in told:
        tell(services, refresh)
    for each in ended:
        services.alerts.tell(partial(training_ended_text, each))


def tell(services: Services, refresh: Refresh) -> None:
    """Tell the admins of a new model, or of a file that is none."""
    version = "–" if refresh.model is None else refresh.model.version
    if refresh.outcome is Outcome.LOADED:
        services.alerts.tell(partial(model_now_text, version))
    elif refresh.outcome is Outcome.REFUSED:
        services.alerts.tell(partial(model_refused_text, version, refresh.problem or ""))
