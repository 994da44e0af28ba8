"""The photo that somebody has just sent, so that the course can be about it without its being sent again.

Remembered in memory only and for a short while; another replica, or this one after a restart, asks for a photo instead.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from telegram import Message

from bot.handlers.images import SentImage, image_of, is_covered

REMEMBERED_S: Final = 1800.0
"""For so long a photo counts as just sent."""

_MOST_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class RecentPhoto:
    """A photo in a private chat.

    Attributes:
        message_id: of the message that it came in.
        image: how to get it.
        covered: whether it is under a spoiler.
    """

    message_id: int
    image: SentImage
    covered: bool


class RecentPhotos:
    """The last photo of each private chat.

    Args:
        remembered_s: how long one counts as just sent, in seconds.
    """

    def __init__(self, remembered_s: float = REMEMBERED_S) -> None:
        self._remembered_s = remembered_s
        self._known: OrderedDict[int, tuple[float, RecentPhoto]] = OrderedDict()

    def note(self, message: Message) -> None:
        """Remember the photo of a message, if it has one."""
        image = image_of(message)
        if image is None:
            return
        photo = RecentPhoto(message.message_id, image, is_covered(message))
        self._known[message.chat_id] = (time.monotonic(), photo)
        self._known.move_to_end(message.chat_id)
        if len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)

    def of(self, chat_id: int) -> RecentPhoto | None:
        """The photo that was just sent in a chat; None without one."""
        sent_at, photo = self._known.get(chat_id, (float("-inf"), None))
        return photo if time.monotonic() - sent_at < self._remembered_s else None

    def forget(self, chat_id: int) -> None:
        """Forget the photo of a chat."""
        self._known.pop(chat_id, None)
