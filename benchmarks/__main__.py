"""``python -m benchmarks`` (``make bench``): every benchmark in turn, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from bot.settings import PROJECT_ROOT, load_settings


def main() -> int:
    """Runs them all and returns 0 when every one passed, else 1."""
    settings = load_settings()
    folders = ["--data-dir", str(settings.data_dir), "--models-dir", str(settings.models_dir)]
    failed = 0
    commands = (
        ["benchmarks.photo_answers", *folders],
        ["benchmarks.lesson_speed"],
        ["benchmarks.input_pipeline"],
        ["benchmarks.beside_training", *folders],
    )
    for command in commands:
        print(f"== python -m {' '.join(command)}", flush=True)
        failed += subprocess.run([sys.executable, "-m", *command], cwd=PROJECT_ROOT, check=False).returncode != 0
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
