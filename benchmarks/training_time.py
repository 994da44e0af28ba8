"""How long an admin waits: ``python -m training`` from its start to its report, on a machine that has never trained.

    python -m benchmarks.training_time [--preset standard] --data-dir data [--models-dir models]

Without ``--preset`` it is a refresh. The garments of all training photos are found anew, and nothing is published. The
limits are those of two idle cores; ``taskset --cpu-list 0,1`` keeps a larger machine to two.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.settings import PROJECT_ROOT
from training.runs.folders import read_metrics

REFRESH_LIMIT_S: Final = 600.0
LIMITS_S: Final = {"standard": 1800.0}
"""By preset; the others have none."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a training took.

    Attributes:
        seconds: from the command to its end.
        epochs: seconds of each epoch.
        outcome: as the run recorded it.
        limit: seconds that it may take; None without a limit.
        load: the machine's load average before; None where the system has none.
    """

    seconds: float
    epochs: Sequence[float]
    outcome: dict[str, Any]
    limit: float | None
    load: float | None

    @property
    def in_time(self) -> bool:
        """Whether it kept to its limit."""
        return self.limit is None or self.seconds <= self.limit


def train(arguments: Sequence[str], preset: str | None) -> Taken | None:
    """Run one training in a process of its own; None when it failed."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with tempfile.TemporaryDirectory(prefix="training-time-") as runs:
        command = [sys.executable, "-m", "training", *arguments, "--no-publish", "--runs-dir", runs]
        if preset:
            command += ["--preset", preset]
        started = time.monotonic()
        if subprocess.run(command, cwd=PROJECT_ROOT, check=False).returncode != 0:
            return None
        seconds = time.monotonic() - started
        (settings,) = Path(runs).glob("*/settings.json")
        outcome = json.loads((settings.parent / "outcome.json").read_text(encoding="utf-8"))
        epochs = [record.seconds or 0.0 for record in read_metrics(settings.parent / "metrics.csv")]
    return Taken(seconds, epochs, outcome, LIMITS_S.get(preset) if preset else REFRESH_LIMIT_S, load)


def report(taken: Taken) -> str:
    """The figures as lines for a terminal."""
    limit = "" if taken.limit is None else f", at most {taken.limit / 60:.0f} min"
    load = "" if taken.load is None else f"; load average before: {taken.load:.1f}"
    learning = sum(taken.epochs)
    memory = taken.outcome.get("peak_memory_mib")
    return "\n".join(
        [
            f"whole training  {taken.seconds / 60:6.1f} min{limit}{load}",
            f"  {len(taken.epochs)} epochs      {learning / 60:6.1f} min",
            f"  all the rest  {(taken.seconds - learning) / 60:6.1f} min (data, photos, converting, measuring)",
            *([] if memory is None else [f"peak memory     {memory:6} MiB"]),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_time", description=__doc__.splitlines()[0])
    parser.add_argument("--preset", help="train from scratch instead of refreshing")
    parser.add_argument("--epochs", metavar="N", help="fewer, to try it out")
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--models-dir", type=Path, default=Path("models"))
    options = parser.parse_args(arguments)
    folders = ["--data-dir", str(options.data_dir.resolve()), "--models-dir", str(options.models_dir.resolve())]
    epochs = ["--epochs", options.epochs] if options.epochs else []
    taken = train([*folders, *epochs], options.preset)
    if taken is None:
        return 2
    print(report(taken))
    return int(not taken.in_time)


if __name__ == "__main__":
    sys.exit(main())
