"""What a photo bears: eyes while its answer takes a while, then a sign of what became of it."""

import asyncio
from typing import Final

from telegram import Message
from telegram.constants import ReactionEmoji

from bot.handlers.sending import SEEN, react
from bot.jobs.detached_tasks import DetachedTasks

SEEN_AFTER_S: Final = 0.7
"""What is answered sooner need not be called seen: most photos, whose answers take one request less so."""


class Reactions:
    """Reacts to photos beside everything else."""

    def __init__(self, detached_tasks: DetachedTasks, seen_after_s: float = SEEN_AFTER_S) -> None:
        """Begin without any photo.

        Args:
            detached_tasks: does the reacting.
            seen_after_s: how long an answer may take before its photo is called seen, in seconds.
        """
        self._detached_tasks = detached_tasks
        self._seen_after_s = seen_after_s
        self._seeing: dict[tuple[int, int], tuple[asyncio.Event, asyncio.Event]] = {}

    def seen(self, message: Message) -> None:
        """Show that a photo has been seen, unless something else is to be shown soon."""
        answered, over = asyncio.Event(), asyncio.Event()
        self._seeing[_key(message)] = answered, over
        self._detached_tasks.start(self._see(message, answered, over))

    def change(self, message: Message, reaction: ReactionEmoji | None) -> None:
        """Show what became of a photo; None takes the reaction away."""
        self._detached_tasks.start(self._change(message, reaction))

    async def _see(self, message: Message, answered: asyncio.Event, over: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(self._seen_after_s):
                await answered.wait()
        except TimeoutError:
            await react(message, SEEN)
        finally:
            over.set()
            self._seeing.pop(_key(message), None)

    async def _change(self, message: Message, reaction: ReactionEmoji | None) -> None:
        if seeing := self._seeing.get(_key(message)):
            answered, over = seeing
            answered.set()
            await over.wait()  # eyes that are on their way would come last
        await react(message, reaction)


def _key(message: Message) -> tuple[int, int]:
    return message.chat_id, message.message_id
