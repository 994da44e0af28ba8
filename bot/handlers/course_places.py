"""Where in the course somebody is: kept in the store, and remembered here while that is away."""

import logging
from collections import OrderedDict
from typing import Final

from bot.course.steps import STEPS, Step, step_named
from bot.jobs.detached_tasks import DetachedTasks
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage

_LOGGER = logging.getLogger(__name__)

_MOST_REMEMBERED: Final = 10_000


class CoursePlaces:
    """The last step of each chat.

    Args:
        storage: where they are kept.
        detached_tasks: does the keeping.
    """

    def __init__(self, storage: Storage, detached_tasks: DetachedTasks) -> None:
        self._storage = storage
        self._detached_tasks = detached_tasks
        self._unkept: OrderedDict[int, Step] = OrderedDict()

    async def of(self, chat_id: int) -> Step:
        """The step that a chat was at, else the first."""
        if chat_id in self._unkept:
            return self._unkept[chat_id]
        try:
            name = await self._storage.run(self._storage.course_places.of, chat_id)
        except StoreUnavailable:
            return STEPS[0]
        return (step_named(name) if name is not None else None) or STEPS[0]

    def keep(self, chat_id: int, step: Step) -> None:
        """Keep that a chat is at a step; while the store is away, in memory."""
        self._unkept[chat_id] = step
        self._unkept.move_to_end(chat_id)
        if len(self._unkept) > _MOST_REMEMBERED:
            self._unkept.popitem(last=False)
        self._detached_tasks.start(self._keep(chat_id, step))

    def forget(self, chat_id: int) -> None:
        """Forget what is remembered of a chat."""
        self._unkept.pop(chat_id, None)

    async def _keep(self, chat_id: int, step: Step) -> None:
        try:
            await self._storage.run(self._storage.course_places.keep, chat_id, step.name)
        except StoreUnavailable as error:
            _LOGGER.info("A step of the course is remembered, not kept: %s", error)
            return
        if self._unkept.get(chat_id) is step:
            del self._unkept[chat_id]
