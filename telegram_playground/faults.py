"""What can go wrong between a bot and Telegram, made to go wrong when a test asks for it."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from telegram_playground.errors import ApiError, too_many_requests

T = TypeVar("T")

DOWNLOAD = "download"
"""Stands for fetching a file, which is no Bot API method."""

_NAMES: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class Kind(StrEnum):
    """Ways to fail."""

    ERROR = "error"
    PAGE = "page"
    CUT_BEFORE = "cut before"
    CUT_AFTER = "cut after"
    DELAY = "delay"
    HOLD = "hold"
    TRUNCATE = "truncate"
    NO_PATH = "no path"


@dataclass(slots=True)
class Fault:
    """One thing that shall go wrong.

    Attributes:
        method: The Bot API method it strikes, "*" for every one but getUpdates and downloads, or `DOWNLOAD`.
        times: How often it strikes; None for always.
        rate: The chance that it strikes a call, 0..1.
        chat_id: Strikes only calls about this chat.
        error: What is answered (ERROR).
        status: The HTTP status of what is answered (PAGE).
        body: What is answered (PAGE).
        seconds: How long the answer is held back (DELAY).
        keep: The part of a file that is sent (TRUNCATE), 0..1.
        honest: Whether a truncated download announces its true length, so that the client notices.
        released: Set when what is held may be answered (HOLD).
    """

    kind: Kind
    method: str = "*"
    times: int | None = 1
    rate: float = 1.0
    chat_id: int | None = None
    error: ApiError | None = None
    status: int = 200
    body: bytes = b""
    seconds: float = 0.0
    keep: float = 0.5
    honest: bool = True
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Answers what is held, and holds nothing more (HOLD)."""
        self.times = 0
        self.released.set()

    def strikes(self, method: str, chat_id: str) -> bool:
        """Whether it applies to a call."""
        if self.times == 0 or (self.chat_id is not None and str(self.chat_id) != chat_id):
            return False
        if self.method == "*":
            return method not in {"getUpdates", DOWNLOAD}
        return self.method.lower() == method.lower()


class Faults:
    """The list of faults to come. Empty, everything works.

    Attributes:
        duplicate_updates: The chance that an update is delivered twice, 0..1.
        reorder_updates: Whether updates are delivered in a random order within a batch.
        callback_lifetime_s: How long a button tap can be answered.
        struck: How often something went wrong so far.
        doubled: How many updates were delivered twice so far.
    """

    def __init__(self, *, seed: int = 0) -> None:
        self._faults: list[Fault] = []
        self._random = random.Random(seed)  # noqa: S311 - chance, not secrecy
        self.duplicate_updates = 0.0
        self.reorder_updates = False
        self.callback_lifetime_s = 15.0
        self.struck = 0
        self.doubled = 0

    def add(self, fault: Fault) -> Fault:
        """Arms a fault."""
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Everything works again."""
        for fault in self._faults:
            fault.release()
        self._faults.clear()
        self.duplicate_updates = 0.0
        self.reorder_updates = False

    def flood(
        self,
        method: str = "*",
        *,
        retry_after: int = 1,
        times: int | None = 1,
        chat_id: int | None = None,
        rate: float = 1.0,
    ) -> Fault:
        """Answers 429 with retry_after."""
        return self.add(
            Fault(
                Kind.ERROR,
                method,
                times=times,
                chat_id=chat_id,
                rate=rate,
                error=too_many_requests(retry_after),
            )
        )

    def error(
        self, status: int, method: str = "*", *, description: str = "", times: int | None = 1, rate: float = 1.0
    ) -> Fault:
        """Answers with an HTTP error status, such as 500 or 502."""
        text = description or _NAMES.get(status, "Error")
        return self.add(Fault(Kind.ERROR, method, times=times, rate=rate, error=ApiError(status, text)))

    def page(self, body: bytes, method: str = "*", *, status: int = 200, times: int | None = 1) -> Fault:
        """Answers with something that is no answer of the Bot API, such as a log-in page."""
        return self.add(Fault(Kind.PAGE, method, times=times, status=status, body=body))

    def cut(self, method: str = "*", *, after: bool = False, times: int | None = 1, rate: float = 1.0) -> Fault:
        """Cuts the connection instead of answering; with `after`, the call has been carried out."""
        return self.add(Fault(Kind.CUT_AFTER if after else Kind.CUT_BEFORE, method, times=times, rate=rate))

    def delay(self, seconds: float, method: str = "*", *, times: int | None = 1) -> Fault:
        """Holds an answer back."""
        return self.add(Fault(Kind.DELAY, method, times=times, seconds=seconds))

    def hold(self, method: str = "*", *, times: int | None = None, chat_id: int | None = None) -> Fault:
        """Answers nothing until the fault that it returns is released."""
        return self.add(Fault(Kind.HOLD, method, times=times, chat_id=chat_id))

    def truncate_files(
        self, *, keep: float = 0.5, honest: bool = True, times: int | None = 1, rate: float = 1.0
    ) -> Fault:
        """Sends only a part of a file; `honest` keeps its true length in the header."""
        return self.add(Fault(Kind.TRUNCATE, DOWNLOAD, times=times, rate=rate, keep=keep, honest=honest))

    def leave_out_paths(self, *, times: int | None = 1) -> Fault:
        """Answers getFile without a file_path, which the Bot API allows."""
        return self.add(Fault(Kind.NO_PATH, "getFile", times=times))

    def take(self, kind: Kind, method: str, chat_id: str = "") -> Fault | None:
        """The armed fault of this kind that strikes a call, used up by one."""
        for fault in self._faults:
            if fault.kind is kind and fault.strikes(method, chat_id) and self._chance(fault.rate):
                if fault.times is not None:
                    fault.times -= 1
                self.struck += 1
                return fault
        return None

    def disturb(self, updates: Sequence[T]) -> list[T]:
        """Duplicates and reorders a batch of updates, if asked to."""
        result = [copy for update in updates for copy in [update] * (1 + self._chance(self.duplicate_updates))]
        self.doubled += len(result) - len(updates)
        if self.reorder_updates:
            self._random.shuffle(result)
        return result

    def _chance(self, rate: float) -> bool:
        return rate >= 1.0 or (rate > 0.0 and self._random.random() < rate)
