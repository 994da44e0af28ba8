"""People who send photos, a few at a time, and what the server sees of the answers."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.soak import memory
from telegram_playground import Chat, Message, Playground

AT_ONCE: Final = 8
"""So many people wait for an answer at any time; whoever has it makes room for the next."""

PEOPLE: Final = 2_000
"""They take turns, so that nobody comes near the bot's limit for one person."""

LANGUAGES: Final = ("zh-hant", "en", None)

ANSWER_S: Final = 900.0
"""Longer than the bot tries: what has not come now never comes."""

SETTLE_S: Final = 5.0
"""A second answer would come within this."""

SAMPLE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class MemorySample:
    """What the bot's processes took together at one moment.

    Attributes:
        answered: photos answered until then.
        usage: PSS.
    """

    answered: int
    usage: memory.Usage


@dataclass(slots=True)
class Record:
    """What happened.

    Attributes:
        seconds: how long each answer took, in the order they came.
        memory: the bot's memory on the way.
        answers: for each photo how many messages of the bot reply to it.
        in_words: answers without a picture.
        others: messages of the bot that reply to no photo.
        faults: how often something went wrong.
        took_s: how long it took in all.
        warnings: that the bot logged.
        errors: the same.
    """

    seconds: list[float] = field(default_factory=list)
    memory: list[MemorySample] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    in_words: int = 0
    others: int = 0
    faults: int = 0
    took_s: float = 0.0
    warnings: int = 0
    errors: int = 0


class Traffic:
    """So many photos, sent to one bot.

    Args:
        playground: the server.
        photos: files to send, in turn.
        count: how many messages to send.
        longest_s: after so long nothing more is sent.
        say: told how far it is.
    """

    def __init__(
        self,
        playground: Playground,
        photos: Sequence[Path],
        count: int,
        longest_s: float,
        say: Callable[[str], None],
    ) -> None:
        self._playground = playground
        self._photos = photos
        self._count = count
        self._longest_s = longest_s
        self._say = say
        self._chats: list[Chat] = []
        self._sent: list[Message] = []
        self._record = Record()

    async def run(self, bots: Sequence[int]) -> Record:
        """Send everything, wait for the answers, and count them.

        Args:
            bots: the ids of the processes whose memory is measured.
        """
        began = time.perf_counter()
        self._chats = [
            self._playground.private(
                self._playground.person(f"Person {number}", language_code=LANGUAGES[number % len(LANGUAGES)])
            )
            for number in range(min(PEOPLE, self._count))
        ]
        watching = asyncio.create_task(self._watch_memory(bots))
        numbers = iter(range(self._count))
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(self._keep_sending(numbers, began + self._longest_s))
            self._record.took_s = time.perf_counter() - began
            await asyncio.sleep(SETTLE_S)
        finally:
            watching.cancel()
        self._count_answers()
        return self._record

    async def _keep_sending(self, numbers: Iterator[int], until: float) -> None:
        for number in numbers:
            if time.perf_counter() > until:
                return
            await self._send(number)

    async def _send(self, number: int) -> None:
        photo = await asyncio.to_thread(self._photos[number % len(self._photos)].read_bytes)
        message = await self._playground.send_photo(self._chats[number % len(self._chats)], photo)
        self._sent.append(message)
        sent_at = time.perf_counter()
        try:
            await self._playground.answer_to(message, timeout=ANSWER_S)
        except TimeoutError:
            self._say(f"photo {number} was not answered within {ANSWER_S:.0f} s")
        else:
            self._record.seconds.append(time.perf_counter() - sent_at)

    async def _watch_memory(self, bots: Sequence[int]) -> None:
        said = 0
        while True:
            answered = len(self._record.seconds)
            now = await asyncio.to_thread(memory.of_trees, bots)
            self._record.memory.append(MemorySample(answered, now))
            if answered >= said + max(100, self._count // 20):
                said = answered
                self._say(f"{answered} of {self._count} answered, {now.whole / 1e6:.0f} MB")
            await asyncio.sleep(SAMPLE_S)

    def _count_answers(self) -> None:
        record, photos = self._record, set(self._sent)
        for message in self._sent:
            replies = self._playground.answers_to(message)
            record.answers.append(len(replies))
            record.in_words += bool(replies) and not any(reply.is_photo for reply in replies)
        for chat in self._chats:
            record.others += sum(each.reply_to not in photos for each in self._playground.from_bot(chat))
        record.faults = self._playground.faults.struck
