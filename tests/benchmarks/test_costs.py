"""Processor time is counted for a process, its children, and those that have ended."""

import os
import subprocess
import sys

from benchmarks.live.costs import processor_seconds
from benchmarks.soak import memory
from tests.conftest import needs

BURN = "import time\nwhile time.process_time() < 0.3: pass"
ENDED_CHILD = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])\nprint(flush=True)\ninput()"


def test_children_that_have_ended_count() -> None:
    needs(memory.can_be_measured(), "run this test on Linux: elsewhere nothing tells the time of other processes")
    command = [sys.executable, "-c", ENDED_CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert processor_seconds(process.pid) >= 0.3
        process.kill()


def test_of_this_process() -> None:
    needs(memory.can_be_measured(), "run this test on Linux: elsewhere nothing tells the time of other processes")
    assert processor_seconds(os.getpid()) > 0
