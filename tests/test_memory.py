"""Memory that was freed is used again, and what is much of it goes back to the system."""

import gc
import platform
import subprocess
import sys
import weakref

from benchmarks.soak import memory as measure
from bot.memory import collect_nothing_yet, collect_what_comes_from_now_on
from tests.conftest import ROOT, needs

PILE_UP = """
import os, sys
import numpy as np
from benchmarks.soak.memory import of_trees
from bot.memory import give_back_what_is_freed

assert give_back_what_is_freed() is (sys.argv[1] == "glibc")
before, small = of_trees([os.getpid()]).own, []

def answer(rounds, size, count):
    for _ in range(rounds):
        large = [np.ones(size, np.uint8) for _ in range(count)]
        small.append(bytearray(2000))
        del large
    return of_trees([os.getpid()]).own - before

print(answer(60, 3_500_000, 5), answer(20, 900_000, 8), answer(400, 900_000, 8))
"""


def test_pictures_leave_little_behind_and_not_more_with_each() -> None:
    needs(measure.can_be_measured(), "run this test on Linux: elsewhere nothing tells the memory of processes")
    library = "glibc" if platform.libc_ver()[0] == "glibc" else "other"
    done = subprocess.run(
        [sys.executable, "-c", PILE_UP, library], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    after_cards, after_photos, after_many_more = map(int, done.stdout.split())
    assert after_cards < 4_000_000
    assert after_photos < 20_000_000
    assert after_many_more - after_photos < 2_000_000


BETWEEN_BLOCKS = """
import os
from benchmarks.soak.memory import of_trees
from bot.memory import give_back_what_is_freed, give_back_what_lies_free

give_back_what_is_freed()
blocks = [bytearray(100_000) for _ in range(300)]
del blocks[::2]
before = of_trees([os.getpid()]).own
give_back_what_lies_free()
print(before - of_trees([os.getpid()]).own)
"""


def test_what_lies_free_between_blocks_goes_back_when_it_is_asked_for() -> None:
    needs(measure.can_be_measured(), "run this test on Linux: elsewhere nothing tells the memory of processes")
    needs(platform.libc_ver()[0] == "glibc", "run this test with glibc: other libraries give nothing back on demand")
    done = subprocess.run([sys.executable, "-c", BETWEEN_BLOCKS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10_000_000


class Ring:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.own = self


def test_garbage_is_collected_once_the_bot_has_started() -> None:
    try:
        collect_nothing_yet()
        assert not gc.isenabled()
        loaded = Ring()
        collect_what_comes_from_now_on()
        assert gc.isenabled()
        assert all(each is not loaded for each in gc.get_objects())
        later = weakref.ref(Ring())
        gc.collect()
        assert later() is None
    finally:
        gc.unfreeze()
        gc.enable()
