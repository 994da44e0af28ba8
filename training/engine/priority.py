"""Training gives way to the bot that answers people on the same machine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

NICENESS: Final = 10
"""Whoever wants a processor gets nine tenths of it; the rest keeps a training from standing still."""

SESSION_NICENESS: Final = 5
"""A training on two processors leaves at least six sevenths of each to one busy program of another session."""

AUTOGROUP: Final = Path("/proc/self/autogroup")
"""Linux shares the processors between login sessions first, and by niceness only within one (sched(7), "The autogroup
feature"): without a word here, a training in one terminal would take as much as a bot in another."""


@contextlib.contextmanager
def giving_way(autogroup: Path = AUTOGROUP) -> Iterator[None]:
    """Whatever runs meanwhile, its threads and child processes too, is nice to other programs.

    The process stays so; what its session gave up comes back in the end. To be entered before threads are started.

    Args:
        autogroup: the file through which the session's niceness is read and set.
    """
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    before = _session_niceness(autogroup)
    if before is None or before >= SESSION_NICENESS:
        yield
        return
    _set_session_niceness(autogroup, SESSION_NICENESS)
    try:
        yield
    finally:
        _set_session_niceness(autogroup, before)


def _session_niceness(autogroup: Path) -> int | None:
    """What ``/autogroup-17 nice 0`` says; None where the system has no such thing."""
    try:
        return int(autogroup.read_text(encoding="ascii").split()[-1])
    except (OSError, ValueError, IndexError):
        return None


def _set_session_niceness(autogroup: Path, niceness: int) -> None:
    with contextlib.suppress(OSError):  # read-only, or changed a moment ago: Linux allows ten changes a second
        autogroup.write_text(str(niceness), encoding="ascii")
