"""Leases that one process holds, and their end: what it has released it neither renews nor takes again.

The end comes from another thread than a renewal or a claim that is still under way, and must be the last word: the
other processes would else wait for a lease of a process that is gone.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class LeaseState:
    """Orders the calls that lengthen leases, and the one that ends them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended = False

    @contextmanager
    def lasting(self) -> Iterator[bool]:
        """Around whatever takes or renews leases; gives whether this process may still do so."""
        with self._lock:
            yield not self._ended

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Around the release of all leases."""
        with self._lock:
            self._ended = True
            yield
