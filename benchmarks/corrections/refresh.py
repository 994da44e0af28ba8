"""The refresh itself, in a process of its own, so that its minutes and memory are its own.

The photos of the people who corrected leave the gate's sets: nobody is judged by what they were taught.
"""

from __future__ import annotations

import sys
from pathlib import Path
from unittest import mock

from benchmarks.corrections.people import people
from bot.datasets import photo_list
from bot.datasets.street_photos import street_photo_list
from training.cli.main import Dependencies, main


def refresh(root: Path, arguments: list[str]) -> int:
    """Run ``python -m training`` for the store in a folder; returns its exit status."""
    theirs = people().images
    flat = tuple(photo for photo in photo_list() if photo.image not in theirs)
    streets = tuple(photo for photo in street_photo_list() if photo.image not in theirs)
    with (
        mock.patch("training.evaluation.photo_examination.photo_list", return_value=flat),
        mock.patch("training.evaluation.worn.street_photo_list", return_value=streets),
    ):
        return main(arguments, Dependencies(root=root))


if __name__ == "__main__":
    sys.exit(refresh(Path(sys.argv[1]), sys.argv[2:]))
