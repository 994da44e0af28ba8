"""Photos sent side by side to a running bot, and what answering them took."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.live.costs import processor_seconds
from benchmarks.live.errors import LiveError
from benchmarks.serving.bots import RunningBot
from telegram_playground import Chat

ANSWER_S = 300.0


@dataclass(frozen=True, slots=True)
class Load:
    """What answering some photos took.

    Attributes:
        photos: how many.
        elapsed_s: from the first photo to the last answer.
        waits_s: how long each waited for its answer.
        processor_s: of the bot's processes.
    """

    photos: int
    elapsed_s: float
    waits_s: Sequence[float]
    processor_s: float

    @property
    def per_second(self) -> float:
        """Photos answered in a second."""
        return self.photos / self.elapsed_s

    @property
    def processor_ms(self) -> float:
        """The processor's time for one photo, in milliseconds."""
        return 1000 * self.processor_s / self.photos

    def wait_ms(self, share: float) -> float:
        """The time within which this share of the answers came, in milliseconds."""
        return float(1000 * np.quantile(self.waits_s, share))


def together(loads: Sequence[Load]) -> Load:
    """Several loads as one."""
    return Load(
        sum(load.photos for load in loads),
        sum(load.elapsed_s for load in loads),
        [wait for load in loads for wait in load.waits_s],
        sum(load.processor_s for load in loads),
    )


def chats_of(bot: RunningBot, count: int) -> list[Chat]:
    """Private chats with this bot."""
    return [bot.playground.private(bot.playground.person(f"Person {number}")) for number in range(count)]


async def send(bot: RunningBot, chats: Sequence[Chat], photos: Sequence[bytes], count: int) -> Load:
    """Send ``count`` photos, each chat its next one as soon as it has its answer.

    Raises:
        LiveError: an answer does not come.
    """
    waits: list[float] = []
    numbers = iter(range(count))
    before, began = processor_seconds(bot.pid), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for chat in chats:
            group.create_task(_keep_sending(bot, chat, photos, numbers, waits))
    elapsed = time.perf_counter() - began
    await asyncio.sleep(0.5)  # what is done after an answer belongs to it
    return Load(count, elapsed, waits, processor_seconds(bot.pid) - before)


async def _keep_sending(
    bot: RunningBot, chat: Chat, photos: Sequence[bytes], numbers: Iterator[int], waits: list[float]
) -> None:
    for number in numbers:
        sent = await bot.playground.send_photo(chat, photos[number % len(photos)])
        began = time.perf_counter()
        try:
            await bot.playground.answer_to(sent, timeout=ANSWER_S)
        except TimeoutError:
            raise LiveError(f"no answer within {ANSWER_S:.0f} s") from None
        waits.append(time.perf_counter() - began)
