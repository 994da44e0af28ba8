"""Photos come in: each waits its turn; who has sent too many is told so, and who waits long is told the place."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from telegram import Message

from bot.handlers.errors import ErrorReporter
from bot.handlers.languages import Languages
from bot.handlers.sending import quote_with_text, reply_text, seconds_until_free
from bot.jobs.debounce import Debouncer, Then
from bot.jobs.photo_queue import Deliver, PhotoJob, PhotoQueue
from bot.jobs.photo_rate_limit import PhotoRateLimit
from bot.logging import UPDATE_ID
from bot.replies.messages import over_limit_text, queue_text
from bot.updates.tracker import Held

LONG_WAIT_S: Final = 8.0
"""Who waits longer than this is told the place in the queue."""


@dataclass(frozen=True)
class PhotoIntake:
    """Where every photo waits for its turn, whatever is asked about it."""

    rate_limit: PhotoRateLimit
    queue: PhotoQueue
    debouncer: Debouncer[Message]
    languages: Languages
    errors: ErrorReporter

    def admit(self, asking: Message) -> bool:
        """Count one more photo of whoever asks; False where it is one too many, and told so once for a burst."""
        user_id = sender_id(asking)
        if self.rate_limit.take(user_id):
            return True
        debounce(self.debouncer, asking, ("left out", user_id), self.tell_left_out)
        return False

    def put(
        self,
        message: Message,
        user_id: int,
        look: Callable[[], Awaitable[Deliver]],
        update_ids: Sequence[Held] | None = None,
    ) -> None:
        """Let a photo wait its turn; when that is far, its sender is told the place.

        Args:
            message: with the photo.
            user_id: who asked about it, in whose queue it waits.
            look: fetches it and looks at it; what delivers the answer.
            update_ids: the updates that it answers; None: the one under way.
        """
        self.queue.put(PhotoJob(user_id, [UPDATE_ID.get() or 0] if update_ids is None else update_ids, look))
        if self.queue.seconds_until(self.queue.place(user_id)) > LONG_WAIT_S:
            debounce(self.debouncer, message, ("place", user_id), partial(self.tell_place, user_id))

    async def tell_place(self, user_id: int, messages: list[Message], _: Sequence[Held]) -> None:
        """Tell the place in the queue, if it is still far."""
        message = messages[-1]
        if seconds_until_free(message) > 0:
            return  # a place in the queue is no news when it can be told at last
        place = self.queue.place(user_id)
        wait_s = self.queue.seconds_until(place)
        if wait_s > LONG_WAIT_S and self.queue.notice_due(user_id):
            language = await self.languages.of(message.chat, message.from_user)
            said = queue_text(place - 1, timedelta(seconds=wait_s), language)
            await self.errors.guard(message, reply_text(message, said))  # quoting is for the answer itself

    async def tell_left_out(self, messages: list[Message], _: Sequence[Held]) -> None:
        """Tell once how many photos were left out and when to send them again."""
        message = messages[-1]
        language = await self.languages.of(message.chat, message.from_user)
        wait = self.rate_limit.wait(sender_id(message), len(messages))
        said = over_limit_text(len(messages), self.rate_limit.photos, wait, language)
        await self.errors.guard(message, quote_with_text(message, said))


def debounce(debouncer: Debouncer[Message], message: Message, key: tuple[object, ...], then: Then[Message]) -> None:
    """Collect a burst of messages, then deal with all of them."""
    debouncer.add(key, message, UPDATE_ID.get() or 0, then)


def sender_id(message: Message) -> int:
    """Whose message it is: whoever speaks.

    A group or a channel in whose name it was sent counts, since Telegram's stand-ins (GroupAnonymousBot, Channel_Bot,
    777000) are the same for all of them.
    """
    if message.sender_chat is not None:
        return message.sender_chat.id
    return message.from_user.id if message.from_user is not None else message.chat_id
