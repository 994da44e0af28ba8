"""The refresh itself, in a process of its own, so that its minutes and memory are its own.

Photos of the people who corrected leave the gate's sets, or those that calibrate: nothing is judged by what it learnt.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from benchmarks.corrections.people import people, people_kept
from bot.datasets import photo_list
from bot.datasets.street_photos import street_photo_list
from training.cli.main import Dependencies, main
from training.data.splits import flat_photos, street_photos

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def without_their_photos() -> Iterator[None]:
    """The gate judges by everybody else's photos meanwhile."""
    theirs = people().images
    flat = tuple(photo for photo in photo_list() if photo.image not in theirs)
    streets = tuple(photo for photo in street_photo_list() if photo.image not in theirs)
    with ExitStack() as stack:
        stack.enter_context(mock.patch("training.evaluation.photo_examination.photo_list", return_value=flat))
        stack.enter_context(mock.patch("training.evaluation.worn.street_photo_list", return_value=streets))
        yield


@contextmanager
def calibrated_by_others() -> Iterator[None]:
    """Those of the people kept for calibration who corrected calibrate nothing meanwhile."""
    theirs = people_kept().images

    def without_theirs(listing: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
        return lambda data_dir, *, kept=False: [
            photo for photo in listing(data_dir, kept=kept) if photo.image not in theirs
        ]

    with ExitStack() as stack:
        for listing in (flat_photos, street_photos):
            there = f"training.data.gather.{listing.__name__}"
            stack.enter_context(mock.patch(there, without_theirs(listing)))
        yield


def refresh(root: Path, arguments: list[str]) -> int:
    """Run ``python -m training`` for the store in a folder; returns its exit status."""
    return main(arguments, Dependencies(root=root))


if __name__ == "__main__":
    with calibrated_by_others() if sys.argv[1] == "whole-gate" else without_their_photos():
        sys.exit(refresh(Path(sys.argv[2]), sys.argv[3:]))
