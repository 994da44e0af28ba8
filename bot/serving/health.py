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

    def __init__(self, model_version: Callable[[], str | None], serving: Callable[[], bool], **parts: Check) -> None:
        """Say whom to ask.

        Args:
            model_version: the live model's version, None without one.
            serving: whether the bot has started and is not ending.
            parts: by name, what fails when that part is away.
        """
        self._model_version = model_version
        self._serving = serving
        self._parts = parts
        self._known: dict[str, tuple[float, bool]] = {}

    async def report(self) -> Report:
        """How the bot is now; parts that are away make it degraded, not down."""
        there = await asyncio.gather(*(self._is_there(name) for name in self._parts))
        model = self._model_version()
        return Report(model is not None and self._serving(), model, dict(zip(self._parts, there, strict=True)))

    async def _is_there(self, name: str) -> bool:
        asked_at, there = self._known.get(name, (float("-inf"), False))
        if time.monotonic() - asked_at < FRESH_S:
            return there
        try:
            async with asyncio.timeout(CHECK_S):
                await self._parts[name]()
            there = True
        except Exception:  # whatever it is, the part is not there
            there = False
        self._known[name] = (time.monotonic(), there)
        return there
