"""What the server sees of the bot's answers: when each came, from which process, and which photos it shows."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from benchmarks.chaos.pictures import Codes
from telegram_playground import Message, Playground
from telegram_playground.requests import Request

SENDING: Final = frozenset({"sendphoto", "sendmessage", "sendmediagroup", "senddocument"})


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A message of the bot that replies to somebody's.

    Attributes:
        at: when the server took it, Unix time in seconds.
        to: what it replies to.
        host: the name by which its process called the server.
        unheard: whether the process never got the server's response.
        words: what it says without a picture.
        shows: the numbers of the photos in its picture, in order; None for what cannot be told.
    """

    at: float
    to: Message
    host: str
    unheard: bool
    words: str = ""
    shows: tuple[int | None, ...] = ()


class Answers:
    """Watches a server; each picture is looked at when it comes, before the server forgets it."""

    def __init__(self, playground: Playground, codes: Codes) -> None:
        self._playground = playground
        self._codes = codes
        self._reading: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Semaphore(1)
        self.all: list[Answer] = []
        self.others = 0
        playground.requests.observers.append(self._note)

    async def read(self) -> None:
        """Wait until every picture that has come has been looked at."""
        while self._reading:
            await asyncio.wait(self._reading)

    @property
    def shown(self) -> set[int]:
        """The photos that some picture shows."""
        return {number for answer in self.all for number in answer.shows if number is not None}

    def _note(self, request: Request) -> None:
        result = request.response.get("result")
        if request.method.lower() not in SENDING or not isinstance(result, dict):
            return
        message = self._playground.state.chats[result["chat"]["id"]].messages[result["message_id"]]
        if message.reply_to is None:
            self.others += 1
            return
        answer = Answer(time.time(), message.reply_to, request.host, unheard=request.status == 0)
        if not message.is_photo:
            self.all.append(_with(answer, words=message.text))
            return
        task = asyncio.create_task(self._look(answer, self._playground.picture(message)))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _look(self, answer: Answer, picture: bytes) -> None:
        async with self._one_at_a_time:
            shows = await asyncio.to_thread(self._codes.shown_in, picture)
        self.all.append(_with(answer, shows=shows or (None,)))


def _with(answer: Answer, *, words: str = "", shows: tuple[int | None, ...] = ()) -> Answer:
    return Answer(answer.at, answer.to, answer.host, answer.unheard, words, shows)
