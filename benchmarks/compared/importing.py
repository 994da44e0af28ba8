"""What importing modules costs: ``python importing.py MODULE...``; prints seconds and megabytes (PSS)."""

import importlib
import sys
import time
from pathlib import Path

began = time.perf_counter()
for name in sys.argv[1:]:
    importlib.import_module(name)
took = time.perf_counter() - began
lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
print(took, next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1e3)
