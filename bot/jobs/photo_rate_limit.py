"""How many photos a person may send in a while."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=10)


class PhotoRateLimit:
    """A sliding window for each person; whoever sent nothing within it is not kept in mind."""

    def __init__(
        self,
        photos: int,
        window: timedelta = WINDOW,
        clock: Callable[[], float] = time.monotonic,
        unbound: Collection[int] = (),
    ) -> None:
        """Set a limit.

        Args:
            photos: how many a person may send within the window; 0 for no limit.
            window: how long a photo counts.
            clock: seconds.
            unbound: whom it does not bind.
        """
        self._photos = photos
        self._unbound = frozenset(unbound)
        self._window_s = window.total_seconds()
        self._clock = clock
        self._taken: OrderedDict[int, deque[float]] = OrderedDict()  # by the latest photo; no deque is empty

    def __len__(self) -> int:
        """How many people are kept in mind."""
        return len(self._taken)

    @property
    def photos(self) -> int:
        """How many photos a person may send within the window; 0 for no limit."""
        return self._photos

    def take(self, user_id: int) -> bool:
        """Count one photo of this person; False when it is one too many, which is not counted."""
        if not self._photos or user_id in self._unbound:
            return True
        if len(self._recent(user_id)) >= self._photos:
            return False
        self._taken.setdefault(user_id, deque()).append(self._clock())
        self._taken.move_to_end(user_id)
        return True

    def wait(self, user_id: int, photos: int = 1) -> timedelta:
        """How long until this person may send so many photos again."""
        taken = self._recent(user_id)
        excess = min(len(taken) + photos - self._photos, len(taken))
        if excess <= 0:
            return timedelta(0)
        return timedelta(seconds=max(0.0, taken[excess - 1] + self._window_s - self._clock()))

    def _recent(self, user_id: int) -> Sequence[float]:
        """When this person sent the photos that still count, oldest first."""
        oldest = self._clock() - self._window_s
        while self._taken and next(iter(self._taken.values()))[-1] <= oldest:
            self._taken.popitem(last=False)
        taken = self._taken.get(user_id, deque())
        while taken and taken[0] <= oldest:
            taken.popleft()
        return taken
