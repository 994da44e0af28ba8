"""People who send photos: single ones, files, and albums."""

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Final

from benchmarks.chaos.pictures import Codes, encoded
from telegram_playground import Chat, Message, Playground

LANGUAGES: Final = ("zh-hant", "en", None)

ALBUM: Final = (2, 6)
"""Photos in an album, at least and at most."""

_ALBUMS: Final = 0.25
_FILES: Final = 0.15
_PHOTOS_A_MESSAGE: Final = _ALBUMS * sum(ALBUM) / 2 + 1 - _ALBUMS


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """A photo that somebody sent.

    Attributes:
        number: which its code tells.
        message: that carries it.
        at: Unix time in seconds.
    """

    number: int
    message: Message
    at: float

    @property
    def place(self) -> tuple[int, str]:
        """Where an answer may show it: in the answers to its own message, or to its album."""
        return self.message.chat.id, self.message.media_group_id or str(self.message.id)


class People:
    """So many people, each sending at their own pace.

    Args:
        playground: the server.
        codes: what their photos carry.
        count: of people.
        rate: photos a second, of all together.
        seed: of what each of them sends.
    """

    def __init__(self, playground: Playground, codes: Codes, *, count: int, rate: float, seed: int) -> None:
        self._playground = playground
        self._codes = codes
        self._pause_s = count * _PHOTOS_A_MESSAGE / rate
        self._chats = [
            playground.private(playground.person(f"Person {number}", language_code=LANGUAGES[number % len(LANGUAGES)]))
            for number in range(count)
        ]
        self._seed = seed
        self.sent: list[Sent] = []

    async def send(self, seconds: float) -> None:
        """Send for so long."""
        async with asyncio.TaskGroup() as group:
            for number, chat in enumerate(self._chats):
                chances = random.Random(f"{self._seed} {number}")
                group.create_task(self._send(chat, chances, time.monotonic() + seconds))

    async def _send(self, chat: Chat, chances: random.Random, until: float) -> None:
        pause_s = chances.uniform(0.0, self._pause_s)
        while time.monotonic() + pause_s < until:
            await asyncio.sleep(pause_s)
            kind = chances.random()
            if kind < _ALBUMS:
                await self._send_album(chat, chances.randint(*ALBUM))
            else:
                await self._send_one(chat, as_file=kind < _ALBUMS + _FILES)
            pause_s = chances.expovariate(1 / self._pause_s)

    async def _send_one(self, chat: Chat, *, as_file: bool) -> None:
        number, photo = self._codes.draw()
        data = await asyncio.to_thread(encoded, photo, "PNG" if as_file else "JPEG")
        if as_file:
            message = await self._playground.send_document(chat, data, name="photo.png")
        else:
            message = await self._playground.send_photo(chat, data)
        self.sent.append(Sent(number, message, time.time()))

    async def _send_album(self, chat: Chat, photos: int) -> None:
        drawn = [self._codes.draw() for _ in range(photos)]
        files = [await asyncio.to_thread(encoded, photo, "JPEG") for _, photo in drawn]
        messages = await self._playground.send_album(chat, files)
        now = time.time()
        self.sent += [Sent(number, message, now) for (number, _), message in zip(drawn, messages, strict=True)]
