"""Takes a new model within seconds of its appearance, and tells the admins; of every training that ended, too."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.jobs.executors import Executors
from bot.monitoring.alerts import Alerts
from bot.registry.store import ModelStore, Outcome, Refresh
from bot.registry.training_history import TrainingHistory
from bot.replies.messages import model_now_text, model_refused_text, training_ended_text

EVERY_S: Final = 2.0
"""A look at the disk is a handful of ``stat`` calls."""


@dataclass(frozen=True)
class ModelWatch:
    """Looks for new models and ended trainings, and tells the admins."""

    history: TrainingHistory
    models: ModelStore
    executors: Executors
    alerts: Alerts

    async def watch(self) -> None:
        """Look at the disk again and again."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Take what is new, and tell of it: of a training that went live once, with what it changed."""
        refresh = await self.executors.draw(self.models.refresh)
        ended = await self.executors.draw(self.history.news)
        told = {each.version for each in ended if each.published}
        if refresh.model is None or refresh.outcome is not Outcome.LOADED or refresh.model.version not in told:
            self.tell(refresh)
        for each in ended:
            self.alerts.tell(partial(training_ended_text, each))

    def tell(self, refresh: Refresh) -> None:
        """Tell the admins of a new model, or of a file that is none."""
        version = "–" if refresh.model is None else refresh.model.version
        if refresh.outcome is Outcome.LOADED:
            self.alerts.tell(partial(model_now_text, version))
        elif refresh.outcome is Outcome.REFUSED:
            self.alerts.tell(partial(model_refused_text, version, refresh.problem or ""))
