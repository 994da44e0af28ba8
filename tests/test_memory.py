"""Memory that was freed goes back to the system."""

import platform
import subprocess
import sys

from benchmarks.soak import memory as measure
from tests.conftest import ROOT, needs

PILE_UP = """
import os, sys
import numpy as np
from benchmarks.soak.memory import of_tree
from bot.memory import give_back_what_is_freed

assert give_back_what_is_freed() is (sys.argv[1] == "glibc")
before, small = of_tree(os.getpid()).own, []
for _ in range(60):
    large = [np.ones(900_000, np.uint8) for _ in range(20)]
    small.append(bytearray(2000))
    del large
print(of_tree(os.getpid()).own - before)
"""


def test_pictures_leave_nothing_behind() -> None:
    needs(measure.can_be_measured(), "run this test on Linux: elsewhere nothing tells the memory of processes")
    library = "glibc" if platform.libc_ver()[0] == "glibc" else "other"
    done = subprocess.run(
        [sys.executable, "-c", PILE_UP, library], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 4_000_000
