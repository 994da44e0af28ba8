"""What a process and all that it started cost the processor."""

import os
from pathlib import Path
from typing import Final

from benchmarks.soak.memory import tree

_USER_TO_CHILDREN: Final = slice(11, 15)
"""utime, stime, cutime and cstime in /proc/PID/stat, counted from the field after the name (proc(5))."""


def processor_seconds(root: int) -> float:
    """User and system time of a process, of its descendants, and of those of them that have ended."""
    ticks = 0
    for number in tree(root):
        try:
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[_USER_TO_CHILDREN])
    return ticks / os.sysconf("SC_CLK_TCK")
