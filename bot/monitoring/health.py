"""Whether the bot can serve: what a platform asks before it sends updates, and what a person looks at first."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

CHECK_S: Final = 2.0
"""A part that does not answer within this is away."""

FRESH_S: Final = 10.0
"""A result is used again for so long, so that frequent questions cost nothing."""

Check = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Report:
    """How the bot is.

    Attributes:
        ready: it answers photos.
        model: the live model's version; None without one.
        parts: each part that may be away without ending the service, and whether it is there.
    """

    ready: bool
    model: str | None
    parts: Mapping[str, bool]

    @property
    def word(self) -> str:
        """One word for it: ready, degraded or down."""
        if not self.ready:
            return "down"
        return "ready" if all(self.parts.values()) else "degraded"


class Health:
    """Asks the parts of a bot how they are."""

    def __init__(
        self,
        model_version: Callable[[], str | None],
        serving: Callable[[], bool],
        known: Mapping[str, Callable[[], bool]] | None = None,
        **parts: Check,
    ) -> None:
        """Say whom to ask.

        Args:
            model_version: the live model's version, None without one.
            serving: whether the bot has started and is not ending.
            known: by name, whether a part is there, where that is known without asking.
            parts: by name, what fails when that part is away.
        """
        self._model_version = model_version
        self._serving = serving
        self._parts = parts
        self._at_hand = dict(known or {})
        self._known: dict[str, tuple[float, bool]] = {}
        self._asking: dict[str, asyncio.Task[bool]] = {}

    @property
    def model(self) -> str | None:
        """The live model's version, None without one."""
        return self._model_version()

    async def report(self) -> Report:
        """How the bot is now; parts that are away make it degraded, not down."""
        there = await asyncio.gather(*(self._is_there(name) for name in self._parts))
        parts = dict(zip(self._parts, there, strict=True)) | {name: known() for name, known in self._at_hand.items()}
        return Report(self.model is not None and self._serving(), self.model, parts)

    async def _is_there(self, name: str) -> bool:
        asked_at, there = self._known.get(name, (float("-inf"), False))
        if time.monotonic() - asked_at < FRESH_S:
            return there
        asking = self._asking.get(name)
        if asking is None:  # however many want to know, one asks
            asking = self._asking[name] = asyncio.create_task(self._ask(name), name=f"health of {name}")
            asking.add_done_callback(lambda _: self._asking.pop(name))
        return await asyncio.shield(asking)

    async def _ask(self, name: str) -> bool:
        try:
            async with asyncio.timeout(CHECK_S):
                await self._parts[name]()
            there = True
        except Exception:  # whatever it is, the part is not there
            there = False
        self._known[name] = (time.monotonic(), there)
        return there
