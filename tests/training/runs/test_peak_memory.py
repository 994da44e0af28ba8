"""What a run says of its memory is of the training, not of what started it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from bot.settings import PROJECT_ROOT

ASK = "from training.runs.folders import peak_memory_mib; print(peak_memory_mib())"


def test_the_memory_of_what_started_it_does_not_count() -> None:
    full = np.ones(400 * 1024**2, np.uint8)
    asked = subprocess.run([sys.executable, "-c", ASK], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert full[-1] == 1
    assert 10 < int(asked.stdout) < 300
