"""``python -m training``: see :mod:`training.cli`."""

import signal
import sys
from typing import Any

from training.cli import main
from training.priority import giving_way


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    with giving_way():
        sys.exit(main())
