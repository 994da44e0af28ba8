"""Fetches the data ahead of time: ``python -m bot.datasets [--data-dir DIR] [--test-only] [--photos [SET ...]]``."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.datasets import (
    DataError,
    Progress,
    ensure_no_clothing,
    ensure_photos,
    ensure_shop_photos,
    ensure_street_photos,
    ensure_test,
    ensure_train,
)
from bot.datasets.progress import ProgressBar

PHOTO_SETS: Final[dict[str, Callable[[Path, Progress], None]]] = {
    "clothing-photos": lambda data_dir, progress: ensure_photos(data_dir, progress=progress),
    "street-photos": lambda data_dir, progress: ensure_street_photos(data_dir, progress=progress),
    "shop-photos": lambda data_dir, progress: ensure_shop_photos(data_dir, progress=progress),
    "no-clothing": lambda data_dir, progress: ensure_no_clothing(data_dir, progress=progress),
}
"""What brings each, by the name of its folder."""


def main(arguments: list[str] | None = None) -> int:
    """Fetches what is missing and says so; exit status 2 with one line when it cannot be had."""
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(prog="python -m bot.datasets", description="Fetch and verify the data sets.")
    parser.add_argument("--data-dir", type=Path, default=root / os.environ.get("DATA_DIR", "data"))
    parser.add_argument("--test-only", action="store_true", help="only the 10,000 test images (4.4 MB) for /sample")
    parser.add_argument(
        "--photos",
        nargs="*",
        choices=tuple(PHOTO_SETS),
        metavar="SET",
        help=f"the photos for training, too (some hundred MB): {', '.join(PHOTO_SETS)}; all of them by default",
    )
    options = parser.parse_args(arguments)
    try:
        with ProgressBar(sys.stderr) as progress:
            ensure_test(options.data_dir, progress=progress)
            if not options.test_only:
                ensure_train(options.data_dir, progress=progress)
            if options.photos is not None:
                for name in options.photos or PHOTO_SETS:
                    PHOTO_SETS[name](options.data_dir, progress)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"The data is complete: {options.data_dir}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
