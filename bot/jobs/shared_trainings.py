"""Trainings of several replicas: each does its own, and a tap may arrive at another one.

Whoever trains says so in the store, and looks there every second whether that is still wanted.
"""

import asyncio
import logging
from typing import Final

from bot.jobs.training_jobs import AlreadyTraining, TrainingJob, TrainingQueue
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage
from bot.storage.trainings import Cancelling, Place

_LOGGER = logging.getLogger(__name__)

EVERY_S: Final = 1.0
"""Who has tapped waits for about this long; nothing is asked while nothing is trained."""


class SharedTrainings:
    """The trainings of all replicas, as one of them sees them."""

    def __init__(self, storage: Storage, queue: TrainingQueue, *, every_s: float = EVERY_S) -> None:
        """Nothing is looked for before :meth:`run`.

        Args:
            storage: which all replicas share.
            queue: the trainings of this one.
            every_s: how often it is looked whether they are still wanted.
        """
        self._storage = storage
        self._queue = queue
        self._every_s = every_s
        self._noted: dict[Place, TrainingJob] = {}

    async def begin(self, job: TrainingJob) -> None:
        """Tell the others of a training that was taken on here; without the store they are not told.

        Raises:
            AlreadyTraining: another replica has one of this person.
        """
        try:
            if not await self._storage.run(self._storage.trainings.begin, job.owner, job.place):
                raise AlreadyTraining
        except StoreUnavailable as error:
            _LOGGER.warning("Other replicas do not know of a training: %s", error)
            return
        self._noted[job.place] = job

    async def end(self, job: TrainingJob) -> None:
        """Tell them that it has ended."""
        if self._noted.get(job.place) is not job:
            return
        del self._noted[job.place]
        try:
            await self._storage.run(self._storage.trainings.end, job.place)
        except StoreUnavailable as error:
            _LOGGER.warning("Other replicas take a training for one that runs, for a moment: %s", error)

    async def cancel(self, user: int, place: Place) -> Cancelling:
        """Cancel what another replica trains in a message.

        Raises:
            StoreUnavailable: that cannot be asked for now.
        """
        return await self._storage.run(self._storage.trainings.cancel, user, place)

    async def runs_at(self, place: Place) -> bool:
        """Whether another replica trains in a message, as far as the store can be asked."""
        try:
            return await self._storage.run(self._storage.trainings.runs_at, place)
        except StoreUnavailable:
            return False

    async def run(self) -> None:
        """End what is not wanted any more, until cancelled."""
        while True:
            await asyncio.sleep(self._every_s)
            if not self._noted:
                continue
            try:
                unwanted = await self._storage.run(self._storage.trainings.renew, tuple(self._noted))
            except StoreUnavailable:
                continue  # said by whoever needs the store for more than this
            for place in unwanted:
                if (job := self._noted.get(place)) is not None:
                    self._queue.cancel(job)
