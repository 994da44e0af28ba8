"""How child processes are started, our own modules, without the bot's secrets; and how they leave the end to it."""

import os
import signal
import sys
from pathlib import Path
from typing import Final

KEPT_ENVIRONMENT: Final = (
    "PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT", "WINDIR",
)  # fmt: skip
"""What a child sees of the bot's environment; tokens, keys and passwords are not among it."""


def command(module: str) -> tuple[str, ...]:
    """The command line that runs one of our modules; nothing is imported from the current folder."""
    return (sys.executable, "-P", "-W", "ignore", "-m", module)


def environment() -> dict[str, str]:
    """The environment for it: it imports from where this process does, and computes on one thread."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    root = str(Path(__file__).resolve().parents[2])
    return kept | {
        "PYTHONPATH": os.pathsep.join([root, *filter(None, sys.path)]),
        "OPENBLAS_NUM_THREADS": "1",  # a child stands back behind photos, and each thread costs address space
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def ignore_signals() -> None:
    """In a child: leave the end to the bot. Ctrl-C and SIGTERM reach the whole group, and the bot still has work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
