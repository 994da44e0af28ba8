"""Gives memory back to the system between the stages of a training.

What a stage has freed stays in the heap of the C library, and the next one's large blocks come on top of it: stages
would add up, though no two of them need their memory at the same time.
"""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Hand back what is freed; does nothing where there is another C library than glibc."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
