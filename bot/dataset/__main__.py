"""Fetches the data ahead of time: ``python -m bot.dataset [--data-dir DIR] [--test-only] [--photos]``."""

import argparse
import os
import sys
from pathlib import Path

from bot.dataset import DataError, ensure_photos, ensure_test, ensure_train
from bot.dataset.progress import ProgressBar


def main(arguments: list[str] | None = None) -> int:
    """Fetches what is missing and says so; exit status 2 with one line when it cannot be had."""
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(prog="python -m bot.dataset", description="Fetch and verify the data sets.")
    parser.add_argument("--data-dir", type=Path, default=root / os.environ.get("DATA_DIR", "data"))
    parser.add_argument("--test-only", action="store_true", help="only the 10,000 test images (4.4 MB) for /sample")
    parser.add_argument("--photos", action="store_true", help="the clothing photos for training, too (some 100 MB)")
    options = parser.parse_args(arguments)
    try:
        with ProgressBar(sys.stderr) as progress:
            ensure_test(options.data_dir, progress=progress)
            if not options.test_only:
                ensure_train(options.data_dir, progress=progress)
            if options.photos:
                ensure_photos(options.data_dir, progress=progress)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"The data is complete: {options.data_dir}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
