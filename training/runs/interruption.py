"""Ctrl-C, also where a library swallows it: a flag that is looked at before each step and before the commit.

Python raises ``KeyboardInterrupt`` wherever the program happens to be. In a callback that a library calls from C it is
printed and forgotten, and the training would go on and publish.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Whether somebody asked the program to stop.

    Attributes:
        asked: somebody did.
    """

    def __init__(self) -> None:
        self.asked = False

    def check(self) -> None:
        """Stops here if somebody asked for it.

        Raises:
            KeyboardInterrupt: somebody did.
        """
        if self.asked:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Meanwhile, Ctrl-C and SIGTERM are remembered, and raise ``KeyboardInterrupt`` as ever."""
        if threading.current_thread() is not threading.main_thread():
            yield  # signals are the main thread's
            return

        def remember(number: int, frame: FrameType | None) -> None:
            self.asked = True
            raise KeyboardInterrupt

        self.asked = False
        before = [signal.signal(each, remember) for each in SIGNALS]
        try:
            yield
        finally:
            for each, handler in zip(SIGNALS, before, strict=True):
                signal.signal(each, handler)
