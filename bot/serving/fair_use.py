"""How many photos a person may send in a while."""

import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Final

PHOTOS: Final = 60
WINDOW: Final = timedelta(minutes=10)
_FORGET_ABOVE: Final = 1_000


class FairUse:
    """A sliding window for each person."""

    def __init__(
        self, photos: int = PHOTOS, window: timedelta = WINDOW, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._photos = photos
        self._window_s = window.total_seconds()
        self._clock = clock
        self._taken: dict[int, deque[float]] = {}

    def take(self, user_id: int) -> bool:
        """Count one photo of this person; False when it is one too many, which is not counted."""
        taken = self._recent(user_id)
        if len(taken) >= self._photos:
            return False
        taken.append(self._clock())
        if len(self._taken) > _FORGET_ABOVE:
            self._taken = {each: times for each, times in self._taken.items() if self._is_recent(times[-1])}
        return True

    def wait(self, user_id: int, photos: int = 1) -> timedelta:
        """How long until this person may send so many photos again."""
        taken = self._recent(user_id)
        excess = min(len(taken) + photos - self._photos, len(taken))
        if excess <= 0:
            return timedelta(0)
        return timedelta(seconds=max(0.0, taken[excess - 1] + self._window_s - self._clock()))

    def _recent(self, user_id: int) -> deque[float]:
        taken = self._taken.setdefault(user_id, deque())
        while taken and not self._is_recent(taken[0]):
            taken.popleft()
        return taken

    def _is_recent(self, moment: float) -> bool:
        return self._clock() - moment < self._window_s
