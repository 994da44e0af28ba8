"""Keeps the memory of photos that were answered long ago from staying, and the collector from modules that do.

glibc gives each thread an arena of its own, and lets blocks as large as a picture into them once such a block has been
freed; between small blocks that live on, their room is not given back. With one arena for all, and the largest blocks
outside of it, the memory of a bot that runs for weeks stays flat. A photo and what is computed from it stay inside:
each page of a block outside costs a page fault every time, which took a quarter of a photo's time
(benchmarks/README.md).

What lies free between blocks in use stays with the process all the same, 12 MB after some hundred photos, until it is
told to give that back (:func:`give_back_what_lies_free`).

Python's collector looks through all that was ever loaded, more than a hundred thousand objects, while they are being
loaded and now and then afterwards, a tenth of a second in which nothing else runs. None of that is ever garbage.
"""

import ctypes
import gc
import sys
from typing import Final

_SETTINGS: Final = {
    -8: 1,  # M_ARENA_MAX: threads take turns, and what one has freed serves the others
    -3: 2 * 1024 * 1024,  # M_MMAP_THRESHOLD, bytes: larger blocks go back to the system when they are freed
    -1: 8 * 1024 * 1024,  # M_TRIM_THRESHOLD, bytes that may lie unused at an arena's end
}
"""mallopt(3)'s parameters and their values."""


def give_back_what_is_freed() -> bool:
    """Set it up for this process, before it has threads; False where there is another C library."""
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all([mallopt(parameter, value) for parameter, value in _SETTINGS.items()])


def give_back_what_lies_free() -> None:
    """Give the system every free page of the heap, in some milliseconds; each costs a page fault once it is used."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)


def collect_nothing_yet() -> None:
    """Let the collector rest while modules are loaded."""
    gc.disable()


def collect_what_comes_from_now_on() -> None:
    """Let it work again, and pass over what is there already."""
    give_back_what_lies_free()
    gc.freeze()
    gc.enable()
