"""``python -m training``: see :mod:`training.cli`."""

import os
import signal
import sys
from typing import Any

from training.cli import main

NICENESS = 10
"""Training gives way to the bot that answers people on the same machine."""


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main())
